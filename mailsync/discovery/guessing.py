"""The names that servers usually have, each tried by connecting: it counts when it is encrypted with a certificate that is
trusted and greets as what it should be. Nothing is said there but hello."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from core.errors import MailsyncError
from delivery.connecting import connect
from delivery.hosts import resolve_host
from delivery.servers import Security as SmtpSecurity
from delivery.servers import SmtpServer
from mailsync.discovery.proposals import Endpoint, Proposal, Source
from mailsync.discovery.racing import best_of
from mailsync.imap.errors import ConnectionLost
from mailsync.imap.server import ImapServer, Security
from mailsync.imap.transport import dial

IMAP_GUESSES = (
    Endpoint("imap.{domain}", 993, Security.TLS),
    Endpoint("mail.{domain}", 993, Security.TLS),
    Endpoint("{domain}", 993, Security.TLS),
    Endpoint("imap.{domain}", 143, Security.STARTTLS),
    Endpoint("mail.{domain}", 143, Security.STARTTLS),
)
SMTP_GUESSES = (
    Endpoint("smtp.{domain}", 465, Security.TLS),
    Endpoint("mail.{domain}", 465, Security.TLS),
    Endpoint("{domain}", 465, Security.TLS),
    Endpoint("smtp.{domain}", 587, Security.STARTTLS),
    Endpoint("mail.{domain}", 587, Security.STARTTLS),
)
ANSWER_SECONDS = 3.0
BETTER_SECONDS = 0.5
"""How long a better guess may still come once a worse one has answered."""


@dataclass(frozen=True, slots=True)
class Guesser:
    """Tries `imap` and `smtp`, in which `{domain}` stands for the domain, in the order of how usual they are."""

    allow_private: bool
    trust: ssl.SSLContext | None = None
    imap: Sequence[Endpoint] = IMAP_GUESSES
    smtp: Sequence[Endpoint] = SMTP_GUESSES

    async def guess(self, domain: str, email: str) -> Proposal | None:
        """The first of each kind that answers as it should; None where no IMAP server does."""
        imap, smtp = await asyncio.gather(
            _first(_named(self.imap, domain), self._speaks_imap), _first(_named(self.smtp, domain), self._speaks_smtp)
        )
        return None if imap is None else Proposal(Source.GUESS, imap.host, imap, smtp, email)

    async def _speaks_imap(self, endpoint: Endpoint) -> None:
        address = (await resolve_host(endpoint.host, allow_private=self.allow_private))[0]
        server = ImapServer(
            endpoint.host, endpoint.port, endpoint.security, self.trust, ANSWER_SECONDS, ANSWER_SECONDS, address=address
        )
        (await dial(server)).fail(ConnectionLost())

    async def _speaks_smtp(self, endpoint: Endpoint) -> None:
        server = SmtpServer(
            endpoint.host,
            endpoint.port,
            SmtpSecurity(endpoint.security.value),
            ssl_context=self.trust,
            timeout=ANSWER_SECONDS,
            allow_private=self.allow_private,
        )
        (await connect(server)).close()


def _named(guesses: Sequence[Endpoint], domain: str) -> list[Endpoint]:
    return [Endpoint(one.host.format(domain=domain), one.port, one.security) for one in guesses]


async def _first(guesses: list[Endpoint], try_it: Callable[[Endpoint], Awaitable[None]]) -> Endpoint | None:
    async def tried(endpoint: Endpoint) -> Endpoint | None:
        try:
            await try_it(endpoint)
        except MailsyncError:
            return None
        return endpoint

    return await best_of(map(tried, guesses), within=ANSWER_SECONDS, patience=BETTER_SECONDS)
