"""All that knows where a mailbox's servers are, asked at once: the most trusted answer within a few seconds.

In this order: a provider that is known by the address's domain; the file in which the domain itself says it; Thunderbird's
database; SRV records; a known provider that runs the domain's mail (MX); usual names, tried by connecting.
"""

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote

from core.addresses import address_key, domain_of
from core.config import Settings
from core.errors import MailsyncError, UsageError
from delivery.connecting import machine_trust
from delivery.dns import Resolver
from delivery.http import WebClient
from mailsync.discovery.autoconfig import MOST_BYTES, NotConfig, read_config
from mailsync.discovery.guessing import Guesser
from mailsync.discovery.proposals import Proposal, Source, enriched, foreign_hosts, of_preset
from mailsync.discovery.racing import best_of
from mailsync.discovery.records import by_exchanger, by_srv
from mailsync.presets import preset_for

WITHIN_SECONDS = 6.0
PATIENCE_SECONDS = 1.5
"""How long a more trusted source may still answer once a less trusted one has."""
OWN_FILES = (
    "https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={address}",
    "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress={address}",
    "http://autoconfig.{domain}/mail/config-v1.1.xml",
)
"""Only the domain itself is told the address, and only when nobody else can listen."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; without a `proposal`, `reason` is a sentence that says what to do."""

    proposal: Proposal | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Asks by what it is given; `database` is the base of Thunderbird's database, None to leave it out."""

    resolver: Resolver
    web: WebClient
    guesser: Guesser
    database: str | None
    own_files: Sequence[str] = OWN_FILES

    async def find(self, email: str) -> Found:
        """The servers of an address. Raises `UsageError` for what is no address."""
        email, domain = email.strip(), _domain(email)
        known = _known_provider(email)
        if known is not None:
            return Found(known)
        reason = await self._why_not(domain)
        if reason is not None:
            return Found(None, reason)
        questions = (
            self._own_file(domain, email),
            self._database_entry(domain, email),
            by_srv(self.resolver, domain, email),
            by_exchanger(self.resolver, domain, email),
            self.guesser.guess(domain, email),
        )
        best = await best_of(map(_quietly, questions), within=WITHIN_SECONDS, patience=PATIENCE_SECONDS)
        return Found(enriched(_with_cautions(best, domain))) if best is not None else Found(None, UNKNOWN)

    async def _own_file(self, domain: str, email: str) -> Proposal | None:
        urls = [one.format(domain=domain, address=quote(email)) for one in self.own_files]
        files = (_quietly(self._file(url, email, Source.AUTOCONFIG)) for url in urls)
        return await best_of(files, within=WITHIN_SECONDS, patience=PATIENCE_SECONDS / 2)

    async def _database_entry(self, domain: str, email: str) -> Proposal | None:
        return await self._file(self.database + domain, email, Source.DATABASE) if self.database else None

    async def _file(self, url: str, email: str, source: Source) -> Proposal | None:
        answer = await self.web.call("GET", url, follow_redirects=True, limit=MOST_BYTES)
        if answer.status != 200:
            return None
        try:
            proposal = read_config(answer.body, email, source)
        except NotConfig:
            return None
        if answer.encrypted or proposal.imap is None:
            return proposal
        # Whoever wrote this may be anybody: neither a name nor a link of theirs is shown.
        return replace(proposal, provider=proposal.imap.host, help="", cautions=(UNPROTECTED,))

    async def _why_not(self, domain: str) -> str | None:
        """Why there is nothing to look for: most often a slip of the keyboard, which is told at once."""
        try:
            route = await self.resolver.mail_route(domain)
        except MailsyncError as error:
            return str(error)
        if not route.exists:
            return "There is no domain of that name: check the spelling of the address."
        if route.null_mx:
            return "This domain says that it takes no mail: check the spelling of the address."
        return None


UNKNOWN = "The servers of this address are not known: ask your provider for its IMAP and SMTP hosts."
UNPROTECTED = (
    "Where these servers are was told without encryption, so anybody on the way could have named others: "
    "compare them with what your provider says."
)


def _domain(email: str) -> str:
    domain = domain_of(address_key(email))
    if "." not in domain or not email.strip().rpartition("@")[0]:
        raise UsageError("That is not an e-mail address: it needs a name, an @ and a domain.")
    return domain


def _known_provider(email: str) -> Proposal | None:
    preset = preset_for(address_key(email))
    return of_preset(preset, email.strip(), Source.PRESET) if preset is not None else None


def _with_cautions(proposal: Proposal, domain: str) -> Proposal:
    foreign = foreign_hosts(proposal, domain)
    if not foreign or (proposal.source is not Source.SRV and not proposal.cautions):
        return proposal
    named = " and ".join(foreign)
    caution = f"{named} belongs to another domain than the address: go on only if you know that provider."
    return replace(proposal, cautions=(*proposal.cautions, caution))


async def _quietly(question: Awaitable[Proposal | None]) -> Proposal | None:
    """A source that can not be asked, or answers with nonsense, knows nothing."""
    try:
        return await question
    except MailsyncError:
        return None


@asynccontextmanager
async def finder(settings: Settings) -> AsyncIterator[Finder]:
    """A finder as the settings want it, for the length of the block."""
    private = settings.allow_private_hosts
    web = WebClient(allow_private=private, timeout=WITHIN_SECONDS, trust=machine_trust())
    try:
        yield Finder(
            Resolver(settings.dns_servers, timeout=WITHIN_SECONDS / 2),
            web,
            Guesser(private),
            settings.autoconfig_database,
        )
    finally:
        await web.close()


async def find_servers(email: str, settings: Settings) -> Found:
    """The servers of an address, by everything that the settings allow. Raises `UsageError` for what is no address."""
    _domain(email)
    known = _known_provider(email)
    if known is not None:
        return Found(known)
    async with finder(settings) as one:
        return await one.find(email)
