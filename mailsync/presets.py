"""What is known of well-known providers: where their servers are, what their users do first, and what they put up with."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from core.addresses import domain_of

IDLE_SECONDS = 540.0
"""An IDLE is begun anew after so long at most; RFC 2177 allows 29 minutes, Gmail ends one after ten.

A line that died is noticed by TCP (`mailsync.imap.transport`: after two minutes of silence, and its probes keep a NAT from
forgetting us); this is for a peer that still answers those and does nothing else. What it does not tell is found meanwhile
by the looks of the working connection.
"""
CONNECTIONS = 10
"""How many connections to one mailbox a server is taken to allow where nothing else is known."""


class Auth(StrEnum):
    """A way to sign in that a provider takes, best first in `Preset.auth`."""

    PASSWORD = "password"  # noqa: S105 A name.
    APP_PASSWORD = "app_password"  # noqa: S105 A name.
    GOOGLE = "oauth_google"
    MICROSOFT = "oauth_microsoft"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider's server puts up with: `idle_seconds` is how long it leaves an IDLE alone, `connections` how many
    it allows to one mailbox, `daily_bytes` and `daily_upload_bytes` how much it lets go over IMAP in a day (None: nothing is
    known of a limit)."""

    idle_seconds: float = IDLE_SECONDS
    connections: int = CONNECTIONS
    daily_bytes: int | None = None
    daily_upload_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider. `smtp` is a URL without a user; `note` tells what its users have to do first, `help` where.

    `domains` are of its addresses, `mx` the ends of its mail exchangers' names (for companies' own domains).
    `imap_host` is empty for a provider that lets no other program in.
    """

    name: str
    domains: tuple[str, ...]
    mx: tuple[str, ...]
    imap_host: str
    imap_port: int
    imap_security: str
    smtp: str
    auth: tuple[Auth, ...]
    note: str
    help: str
    limits: Limits

    @property
    def oauth(self) -> str | None:
        """With whom its users may sign in instead of giving a password: `google` or `microsoft`."""
        return next((kind.removeprefix("oauth_") for kind in self.auth if kind in (Auth.GOOGLE, Auth.MICROSOFT)), None)


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """All providers, in the order in which a wizard offers them."""
    data = tomllib.loads(resources.files("mailsync").joinpath("presets.toml").read_text("utf-8"))
    return tuple(
        Preset(
            name=entry["name"],
            domains=tuple(entry.get("domains", ())),
            mx=tuple(entry.get("mx", ())),
            imap_host=entry.get("imap", ""),
            imap_port=entry.get("imap_port", 993),
            imap_security=entry.get("imap_security", "tls"),
            smtp=entry.get("smtp", ""),
            auth=tuple(Auth(kind) for kind in entry.get("auth", ("password",))),
            note=entry.get("note", ""),
            help=entry.get("help", ""),
            limits=Limits(
                float(entry.get("idle_seconds", IDLE_SECONDS)),
                entry.get("connections", CONNECTIONS),
                _bytes(entry.get("daily_megabytes")),
                _bytes(entry.get("daily_upload_megabytes")),
            ),
        )
        for entry in data["provider"]
    )


def _bytes(megabytes: int | None) -> int | None:
    """As providers count them, by thousands: Gmail's 2,500 MB are 2.5 GB."""
    return None if megabytes is None else megabytes * 1_000_000


def preset_for(email_key: str) -> Preset | None:
    """The provider of an address, by its domain; None for everybody else's own domains."""
    domain = domain_of(email_key)
    return next((preset for preset in presets() if domain in preset.domains), None)


def preset_of_exchanger(host: str) -> Preset | None:
    """The provider that runs a mail exchanger; the longest known end of its name decides."""
    name = f".{host.lower().rstrip('.')}"
    known = [(len(end), preset) for preset in presets() for end in preset.mx if name.endswith(f".{end}")]
    return max(known, key=lambda one: one[0])[1] if known else None


def preset_of_host(host: str) -> Preset | None:
    """The provider that an IMAP or SMTP server belongs to."""
    return _by_host().get(host.lower().rstrip("."))


def limits_of(imap_host: str) -> Limits:
    """What the server of a mailbox puts up with."""
    preset = preset_of_host(imap_host)
    return preset.limits if preset is not None else Limits()


@lru_cache(maxsize=1)
def _by_host() -> dict[str, Preset]:
    found: dict[str, Preset] = {}
    for preset in presets():
        smtp_host = preset.smtp.partition("://")[2].partition(":")[0]
        for host in (preset.imap_host, smtp_host):
            if host:
                found.setdefault(host, preset)
    return found
