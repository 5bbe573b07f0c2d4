"""Servers that were found for an address, where they come from, and what the person has to see before a password goes there."""

from dataclasses import dataclass, replace
from enum import StrEnum

from typing_extensions import override

from core.addresses import organisational_domain
from mailsync.imap.server import Security
from mailsync.presets import Auth, Preset, preset_of_host


class Source(StrEnum):
    """Who named the servers, the most trusted first."""

    PRESET = "preset"
    AUTOCONFIG = "autoconfig"
    DATABASE = "database"
    SRV = "srv"
    MX = "mx"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One service: where it is, and how it is encrypted."""

    host: str
    port: int
    security: Security

    @override
    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Servers for an address. `imap` is None for a provider that lets no other program in; `note` then says so.

    `cautions` are sentences that the person must have read before a password is sent to these servers.
    """

    source: Source
    provider: str
    imap: Endpoint | None
    smtp: Endpoint | None
    username: str
    auth: tuple[Auth, ...] = (Auth.PASSWORD,)
    note: str = ""
    help: str = ""
    cautions: tuple[str, ...] = ()

    @property
    def smtp_url(self) -> str | None:
        """The outgoing server as it is stored, without a user."""
        return None if self.smtp is None else smtp_url(self.smtp)

    @property
    def needs_browser(self) -> bool:
        """Whether the provider takes no password at all."""
        return Auth.PASSWORD not in self.auth and Auth.APP_PASSWORD not in self.auth


SCHEMES = {Security.TLS: "smtps", Security.STARTTLS: "smtp+starttls", Security.NONE: "smtp"}


def smtp_url(endpoint: Endpoint) -> str:
    """`smtps://smtp.example.com:465` and the like."""
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"{SCHEMES[endpoint.security]}://{host}:{endpoint.port}"


def smtp_endpoint(url: str) -> Endpoint:
    """The way back from a preset's URL."""
    scheme, _, place = url.partition("://")
    host, _, port = place.rpartition(":")
    return Endpoint(host, int(port), next(security for security, name in SCHEMES.items() if name == scheme))


def of_preset(preset: Preset, email: str, source: Source) -> Proposal:
    """The servers of a known provider."""
    imap = Endpoint(preset.imap_host, preset.imap_port, Security(preset.imap_security)) if preset.imap_host else None
    smtp = smtp_endpoint(preset.smtp) if preset.smtp else None
    return Proposal(source, preset.name, imap, smtp, email, preset.auth, preset.note, preset.help)


def enriched(proposal: Proposal) -> Proposal:
    """With what is known of the provider these servers belong to.

    Then it needs no caution either: whoever lies about a domain gains nothing by sending us to its rivals.
    """
    known = [preset_of_host(endpoint.host) for endpoint in (proposal.imap, proposal.smtp) if endpoint is not None]
    if proposal.source is Source.MX or not known or known[0] is None or None in known:
        return proposal
    preset = known[0]
    return replace(proposal, provider=preset.name, auth=preset.auth, note=preset.note, help=preset.help, cautions=())


def foreign_hosts(proposal: Proposal, domain: str) -> list[str]:
    """Its servers that belong to another organisation's domain than the address."""
    ours = organisational_domain(domain)
    hosts = dict.fromkeys(endpoint.host for endpoint in (proposal.imap, proposal.smtp) if endpoint is not None)
    return [host for host in hosts if organisational_domain(host) != ours]
