"""Files in Thunderbird's format `clientConfig` 1.1, by which a domain says where its mail is.

They come from strangers: bounded, read without entities or a document type, and only what is encrypted is taken.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from mailsync.discovery.proposals import Endpoint, Proposal, Source
from mailsync.imap.server import Security
from mailsync.presets import Auth

MOST_BYTES = 64 * 1024
DEEPEST = 12
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PORT = re.compile(r"[0-9]{1,5}")
_SOCKETS = {"ssl": Security.TLS, "tls": Security.TLS, "starttls": Security.STARTTLS}
_PASSWORDS = frozenset({"password-cleartext", "plain", "password-encrypted", "secure"})
_OAUTH = {"imap.gmail.com": Auth.GOOGLE, "outlook.office365.com": Auth.MICROSOFT}
_PORTS = {
    ("imap", Security.TLS): 993,
    ("imap", Security.STARTTLS): 143,
    ("smtp", Security.TLS): 465,
    ("smtp", Security.STARTTLS): 587,
}

_Found = tuple[Endpoint, str, tuple[Auth, ...]]
"""A server, its user name, and the ways in."""


class NotConfig(Exception):
    """The bytes are no usable file of this format. Internal: the next source is asked."""


@dataclass(slots=True)
class _Server:
    """One `incomingServer` or `outgoingServer` as it is written."""

    kind: str
    values: dict[str, str] = field(default_factory=dict)
    auths: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Collects servers, the provider's name and the first help page while expat walks through the file."""

    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    servers: list[_Server] = field(default_factory=list)
    name: str = ""
    help: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.path.append(tag)
        if len(self.path) > DEEPEST:
            raise NotConfig
        self.text.clear()
        if tag in ("incomingServer", "outgoingServer"):
            self.servers.append(_Server(attributes.get("type", "").lower()))
        elif tag == "documentation" and not self.help and attributes.get("url", "").startswith("https://"):
            self.help = attributes["url"][:500]

    def end(self, tag: str) -> None:
        self.path.pop()
        said = "".join(self.text).strip()
        self.text.clear()
        if tag == "displayName" and not self.name:
            self.name = said[:80]
        elif self.path and self.path[-1] in ("incomingServer", "outgoingServer"):
            if tag == "authentication":
                self.servers[-1].auths.append(said.lower())
            else:
                self.servers[-1].values.setdefault(tag, said)


def read_config(data: bytes, email: str, source: Source) -> Proposal:
    """The first encrypted IMAP server with a login that we have, and the SMTP server likewise. Raises `NotConfig`."""
    reader = _parse(data)
    filled = _placeholders(email)
    imap = next(_usable(reader.servers, "imap", filled), None)
    if imap is None:
        raise NotConfig
    endpoint, username, auth = imap
    smtp = next(_usable(reader.servers, "smtp", filled), None)
    provider = reader.name or endpoint.host
    return Proposal(source, provider, endpoint, smtp[0] if smtp else None, username, auth, help=reader.help)


def _parse(data: bytes) -> _Reader:
    if len(data) >= MOST_BYTES:
        raise NotConfig
    reader, parser = _Reader(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):  # Also an encoding nobody knows, or expat can not take.
        raise NotConfig from None
    return reader


def _refuse(*_: object) -> None:
    raise NotConfig


def _placeholders(email: str) -> Callable[[str], str]:
    local, _, domain = email.rpartition("@")
    values = {"%EMAILADDRESS%": email, "%EMAILLOCALPART%": local, "%EMAILDOMAIN%": domain}

    def fill(text: str) -> str:
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    return fill


def _usable(servers: list[_Server], kind: str, fill: Callable[[str], str]) -> Iterator[_Found]:
    """Servers of a kind that can be used, those with TLS from the first byte before the others."""
    wanted = [server for server in servers if server.kind == kind]
    wanted.sort(key=lambda server: server.values.get("socketType", "").lower() == "starttls")
    for server in wanted:
        security = _SOCKETS.get(server.values.get("socketType", "").lower())
        host = fill(server.values.get("hostname", "")).lower().rstrip(".")
        auth = _auth(server.auths, host)
        if security is None or not auth or not _HOST.fullmatch(host):
            continue
        port = server.values.get("port", "") or str(_PORTS[kind, security])
        if _PORT.fullmatch(port) and 1 <= int(port) <= 65535:
            yield Endpoint(host, int(port), security), fill(server.values.get("username", "%EMAILADDRESS%")), auth


def _auth(names: list[str], host: str) -> tuple[Auth, ...]:
    found = [_OAUTH[host]] if "oauth2" in names and host in _OAUTH else []
    if not names or _PASSWORDS.intersection(names):
        found.append(Auth.PASSWORD)
    return tuple(found)
