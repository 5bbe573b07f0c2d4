"""Where the demo's mail goes: an SMTP server on a loopback port that keeps what it takes, and plays the recipients.

Some refuse (550 5.1.1), some ask to come again (451, greylisting), colleagues get their copy in the demo's mailboxes,
and `links_in` tells which pixel and links a reader's program would load, so that the demo can open and click.

aiosmtpd reads ahead and therefore serves pipelined commands (RFC 2920) in order, but does not announce it: the EHLO
answer here does. Its log holds addresses at INFO; that is silenced by `core.logging`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from bs4 import BeautifulSoup, Tag

from cli.demo.company.trace import Arrival, trace_headers
from core.addresses import address_key
from core.clock import utcnow
from core.errors import NotFound, Transient

LOOPBACK = "127.0.0.1"
SIZE_LIMIT = 50 * 1024 * 1024
Deliver = Callable[[str, bytes], Awaitable[None]]


@dataclass(frozen=True)
class TakenMail:
    """One mail that the sink has answered with 250."""

    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime


@dataclass(frozen=True)
class MailLinks:
    """What a mail's HTML invites to load: `pixels` are images of one point, `links` those to click but
    not those that unsubscribe, in order."""

    pixels: tuple[str, ...]
    links: tuple[str, ...]
    one_click: str
    """The HTTPS address of List-Unsubscribe (RFC 8058), or empty."""


class DemoSink:
    """An SMTP server as an async context manager; inside, `host` and `port` say where it listens.

    `refuse` and `defer` are addresses. `deliver(address, raw)` takes mail of `local_domain` and raises `NotFound`
    where there is no such mailbox; without it that mail is only kept, like all other.
    """

    host = LOOPBACK

    def __init__(
        self,
        *,
        refuse: Collection[str] = (),
        defer: Collection[str] = (),
        local_domain: str = "",
        authserv_id: str = "mx.invalid",
        deliver: Deliver | None = None,
    ) -> None:
        self.port = 0
        self.refusals = 0
        self.deferrals = 0
        self._refused = frozenset(map(address_key, refuse))
        self._deferred = set(map(address_key, defer))
        self._local_domain = local_domain
        self._authserv_id = authserv_id
        self._deliver = deliver
        self._taken: list[TakenMail] = []
        self._news = asyncio.Condition()
        self._connections: set[SMTP] = set()

    @property
    def messages(self) -> tuple[TakenMail, ...]:
        """Everything taken so far, in order."""
        return tuple(self._taken)

    @property
    def count(self) -> int:
        """How many mails have been taken."""
        return len(self._taken)

    async def wait_for(self, count: int, seconds: float = 30.0) -> tuple[TakenMail, ...]:
        """All mails, as soon as there are `count`. Raises `Transient` when that takes longer than `seconds`."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.count >= count)
        except TimeoutError:
            raise Transient(f"The sink holds {self.count} of {count} mails; wait longer for it.") from None
        return self.messages

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._connection, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.close()
        await self._server.wait_closed()

    def _connection(self) -> SMTP:
        self._connections = {connection for connection in self._connections if connection.transport is not None}
        connection = SMTP(
            self,
            loop=asyncio.get_running_loop(),
            hostname="sink.invalid",
            ident="Mailsync demo sink",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=_anybody,
        )
        self._connections.add(connection)
        return connection

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Announce PIPELINING and ENHANCEDSTATUSCODES beside what aiosmtpd offers."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", *responses[1:]]

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take, refuse or defer one recipient."""
        key = address_key(address)
        if key in self._refused:
            self.refusals += 1
            return "550 5.1.1 The recipient does not exist here"
        if key in self._deferred:
            self._deferred.discard(key)
            self.deferrals += 1
            return "451 4.7.1 Greylisted, please try again in a moment"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the mail, and bring colleagues their copy."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = TakenMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, utcnow())
        async with self._news:
            self._taken.append(mail)
            self._news.notify_all()
        for recipient in mail.recipients:
            await self._bring(mail, recipient)
        return f"250 2.0.0 Taken as {self.count}"

    async def _bring(self, mail: TakenMail, recipient: str) -> None:
        if self._deliver is None or recipient.rpartition("@")[2].lower() != self._local_domain:
            return
        sender = parseaddr(str(message_from_bytes(mail.raw, policy=default)["from"]))[1]
        arrival = Arrival(self._authserv_id, mail.mail_from, recipient, sender.rpartition("@")[2], mail.at)
        try:
            await self._deliver(recipient, trace_headers(arrival) + mail.raw)
        except NotFound:
            self.refusals += 1


def _anybody(*_: object) -> AuthResult:
    """Every login is right: the sink stands on loopback and sends nothing on."""
    return AuthResult(success=True)


def links_in(raw: bytes) -> MailLinks:
    """Pixels, links and the one-click address of a delivered mail; empty where it has no HTML."""
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("html",))
    tree = BeautifulSoup(body.get_content() if body else "", "html.parser")
    pixels = [str(image.get("src", "")) for image in tree.find_all("img") if "1" in _size(image)]
    links = [str(link.get("href", "")) for link in tree.find_all("a")]
    offers = [part.strip(" <>") for part in str(message["list-unsubscribe"] or "").split(",")]
    return MailLinks(
        pixels=tuple(filter(_is_web, pixels)),
        links=tuple(link for link in links if _is_web(link) and not urlsplit(link).path.startswith("/u/")),
        one_click=next(filter(_is_web, offers), ""),
    )


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https")


def _size(image: Tag) -> set[str]:
    return {str(image.get("width", "")), str(image.get("height", ""))}
