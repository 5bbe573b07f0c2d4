"""What a person gives to connect a mailbox, and what is filled in where they gave nothing."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import quote, urlsplit, urlunsplit

from core.addresses import address_key, domain_of
from core.errors import UsageError
from delivery.servers import parse_smtp_url
from mailsync.checking.results import SeenFolder
from mailsync.imap.server import Security
from mailsync.presets import preset_for
from storage.models import ShareLevel

DEFAULT_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
LAST_PORT = 65535
_PLACE = re.compile(r"([^\x00-\x20\x7f\s:/?#@%\[\]\\]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """What a person gave. What is None comes from the provider's preset.

    A mailbox of one person (`owner_id`, or whoever signs in with its address) starts private: what colleagues may read
    of it on records is theirs to open (`share_level`). Mail since `new_since` may create records (now, by default);
    history is loaded back to `depth_since` (all, if None). Of the `folders` that a test has seen, those whose names are
    in `left_out` are not loaded; all others are.
    """

    email: str
    password: str
    name: str = ""
    imap_host: str | None = None
    imap_port: int | None = None
    imap_security: Security | None = None
    username: str | None = None
    smtp_url: str | None = None
    smtp_password: str | None = None
    owner_id: int | None = None
    shared: bool = False
    share_level: ShareLevel | None = None
    new_since: datetime | None = None
    depth_since: datetime | None = None
    folders: tuple[SeenFolder, ...] = ()
    left_out: frozenset[str] = frozenset()
    receives_intake: bool = False
    authserv_id: str | None = None


def split_place(typed: str) -> tuple[str, int | None]:
    """Host and port of what is typed as a host: `host`, `host:port`, `[v6]:port` or an IP address; None without a port.

    Raises `UsageError` for everything else.
    """
    if _is_ip(typed):
        return typed, None
    place = _PLACE.fullmatch(typed)
    if place is None or (place[1].startswith("[") and not _is_ip(place[1][1:-1])):
        raise UsageError("That is not a host: give its name alone, such as mail.example.com.")
    port = int(place[2]) if place[2] else None
    if port is not None and not 1 <= port <= LAST_PORT:
        raise UsageError(f"A port is a number from 1 to {LAST_PORT}: check the one behind the host.")
    return place[1].strip("[]"), port


def complete(given: NewMailbox) -> NewMailbox:
    """Fill in hosts, ports and user name. Raises `UsageError` when neither the person nor a preset names a server, or
    what they name is none.
    """
    key = address_key(given.email)
    if not domain_of(key):
        raise UsageError("That is not an e-mail address: it needs a name, an @ and a domain.")
    if given.imap_host is not None:
        given = _with_port_behind_host(given, given.imap_host.strip())
    if given.imap_port is not None and not 1 <= given.imap_port <= LAST_PORT:
        raise UsageError(f"A port is a number from 1 to {LAST_PORT}: check the IMAP port, usually 993 or 143.")
    preset = preset_for(key)
    if given.imap_host is None and preset is None:
        raise UsageError("The servers of this address are not known: give the IMAP host (--imap-host).")
    if given.imap_host is None and preset is not None:
        if not preset.imap_host:
            raise UsageError(preset.note)
        given = replace(
            given,
            imap_host=preset.imap_host,
            imap_port=given.imap_port or preset.imap_port,
            imap_security=given.imap_security or Security(preset.imap_security),
            smtp_url=given.smtp_url or preset.smtp,
        )
    security = given.imap_security or Security.TLS
    username = given.username or given.email
    smtp_url = _with_user(given.smtp_url.strip(), username) if given.smtp_url else None
    logs_in = smtp_url is not None and "@" in urlsplit(smtp_url).netloc
    return replace(
        given,
        imap_security=security,
        imap_port=given.imap_port or DEFAULT_PORTS[security],
        username=username,
        smtp_url=smtp_url,
        smtp_password=(given.smtp_password or given.password) if logs_in else None,
    )


def _with_port_behind_host(given: NewMailbox, typed: str) -> NewMailbox:
    """Host and port apart; people type both in one. Raises `UsageError` for two ports that differ."""
    host, port = split_place(typed)
    if port is not None and given.imap_port not in (None, port):
        raise UsageError("The port behind the IMAP host is another than the one given beside it: give one.")
    return replace(given, imap_host=host, imap_port=port or given.imap_port)


def _with_user(smtp_url: str, username: str) -> str:
    """The URL with a user in it, where its connection is encrypted and it names none: the same login sends and reads.

    Raises `UsageError` for what is no URL of a mail server.
    """
    parse_smtp_url(smtp_url, None, allow_private=True)
    parts = urlsplit(smtp_url)
    if parts.scheme == "smtp" or "@" in parts.netloc:
        return smtp_url
    return urlunsplit(parts._replace(netloc=f"{quote(username, safe='')}@{parts.netloc}"))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
