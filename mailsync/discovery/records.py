"""What DNS says of a domain's mailboxes: SRV records of mail programs' services, and who takes its mail in."""

import asyncio

from delivery.dns import Resolver, Service
from mailsync.discovery.proposals import Endpoint, Proposal, Source, of_preset
from mailsync.imap.server import Security
from mailsync.presets import preset_of_exchanger

IMAP_SERVICES = (("_imaps._tcp", Security.TLS), ("_imap._tcp", Security.STARTTLS))
SMTP_SERVICES = (("_submissions._tcp", Security.TLS), ("_submission._tcp", Security.STARTTLS))


async def by_srv(resolver: Resolver, domain: str, email: str) -> Proposal | None:
    """The services that the domain announces (RFC 6186 §3, RFC 8314 §5.1); those with TLS from the first byte win."""
    names = [f"{service}.{domain}" for service, _ in (*IMAP_SERVICES, *SMTP_SERVICES)]
    answers = await asyncio.gather(*map(resolver.services, names))
    imap = _best(answers[: len(IMAP_SERVICES)], IMAP_SERVICES)
    if imap is None:
        return None
    smtp = _best(answers[len(IMAP_SERVICES) :], SMTP_SERVICES)
    return Proposal(Source.SRV, imap.host, imap, smtp, email)


def _best(answers: list[tuple[Service, ...]], kinds: tuple[tuple[str, Security], ...]) -> Endpoint | None:
    found = [(services[0], security) for services, (_, security) in zip(answers, kinds, strict=True) if services]
    return Endpoint(found[0][0].host, found[0][0].port, found[0][1]) if found else None


async def by_exchanger(resolver: Resolver, domain: str, email: str) -> Proposal | None:
    """The provider that runs the domain's mail, where it is a known one."""
    route = await resolver.mail_route(domain)
    if route.implicit:
        return None
    for host in route.hosts:
        preset = preset_of_exchanger(host)
        if preset is not None:
            return of_preset(preset, email, Source.MX)
    return None
