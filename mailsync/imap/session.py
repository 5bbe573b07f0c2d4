"""One logged-in connection: one command at a time, every one with a deadline, and no life after an error.

aioimaplib can not be used again after a timeout (the late answer aborts it) and loses answers when commands overlap.
So a lock lets one command through, a clock watches that bytes keep coming, and whatever is not an orderly OK or NO
discards the connection.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from aioimaplib.aioimaplib import LOGOUT, Commands

from core.errors import UsageError
from mailsync.imap.errors import ConnectionLost, ImapError, NotOffered, Unsendable
from mailsync.imap.events import MailboxEvent, read_event
from mailsync.imap.failures import is_throttle_hint, refusal
from mailsync.imap.protocol import UNSOLICITED_KEPT, Exchange, HardenedProtocol
from mailsync.imap.replies import Reply, Untagged
from mailsync.imap.server import ImapServer

T = TypeVar("T")

_LOGOUT_SECONDS = 2.0
_SLOWEST_UPLOAD = 16 * 1024
"""Bytes a second below which a line is not worth waiting for."""
# The answers that these commands ask for are not news.
_ASKED_FOR = {
    "SELECT": {b"EXISTS", b"FETCH", b"VANISHED"},
    "EXAMINE": {b"EXISTS", b"FETCH", b"VANISHED"},
    "FETCH": {b"FETCH"},
    "STORE": {b"FETCH"},
    "STATUS": {b"STATUS"},
    "LIST": {b"LIST", b"STATUS"},
    "CREATE": {b"LIST"},
}


@dataclass(frozen=True, slots=True)
class Moved:
    """Bytes that went over a connection, uncompressed."""

    received: int = 0
    sent: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(self.received + other.received, self.sent + other.sent)

    def __sub__(self, other: "Moved") -> "Moved":
        return Moved(self.received - other.received, self.sent - other.sent)


class Session:
    """Runs commands on one protocol. `usable` turns False for ever at the first error that is not a plain NO."""

    def __init__(self, server: ImapServer, protocol: HardenedProtocol) -> None:
        self.server = server
        self.capabilities: frozenset[str] = frozenset()
        """Upper case, as last announced; the ones of the logged-in user once the connection is open."""
        self.enabled: frozenset[str] = frozenset()
        """Extensions that the server turned on at our word: CONDSTORE, QRESYNC."""
        self.folder_has_modseq = False
        """Whether the open folder keeps MODSEQs; asking for them elsewhere is an error (RFC 7162 §3.1.2.2)."""
        self.slowed_down = False
        """Whether the last answer carried the remark that the server delays our commands."""
        self._protocol = protocol
        self._lock = asyncio.Lock()
        self._events: deque[MailboxEvent] = deque(maxlen=UNSOLICITED_KEPT)

    @property
    def usable(self) -> bool:
        """Whether another command makes sense."""
        return self._protocol.failure is None

    @property
    def moved(self) -> Moved:
        """What went over the connection since it was opened."""
        return Moved(self._protocol.received, self._protocol.sent)

    def has(self, capability: str) -> bool:
        """Whether the server offers an extension."""
        return capability in self.capabilities

    def take_events(self) -> list[MailboxEvent]:
        """What the server told beside its answers since the last call, oldest first (the newest 1,000)."""
        with self._discarding_on_error():
            while self._protocol.unsolicited:
                self._note(self._protocol.unsolicited.popleft())
        taken = list(self._events)
        self._events.clear()
        return taken

    async def run(
        self,
        name: str,
        *args: str,
        prefix: str = "",
        answers: Iterable[bytes] = (),
        last_answer: bytes | None = None,
        with_token: bool = False,
    ) -> Reply:
        """Send one command and return its OK. Raises the error for a NO; on BAD, silence or loss also discards."""
        async with self._lock:
            exchange = self._exchange(name, *args, prefix=prefix, answers=answers, last_answer=last_answer)
            with self._discarding_on_error():
                await self._execute(exchange)
                reply = exchange.reply
                self._note_all(name, reply)
                if reply.result == "BAD":
                    raise refusal(name, reply.text, with_token=with_token)
        if reply.result != "OK":
            raise refusal(name, reply.text, with_token=with_token)
        return reply

    async def ask(self, read: Callable[[Reply], T], name: str, *args: str, prefix: str = "") -> T:
        """Run a command and return what `read` makes of its OK; a reply without sense discards the connection."""
        reply = await self.run(name, *args, prefix=prefix)
        with self._discarding_on_error():
            return read(reply)

    async def close(self) -> None:
        """Say LOGOUT if the line is free, then close. Raises nothing, takes a few seconds at most."""
        try:
            if self.usable and not self._lock.locked():
                with suppress(ImapError, UsageError, TimeoutError):
                    await asyncio.wait_for(self.run("LOGOUT"), _LOGOUT_SECONDS)
        finally:
            self.discard()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._protocol.closed.wait(), _LOGOUT_SECONDS)

    def discard(self) -> None:
        """Cut the connection without a word; harmless when it is already gone."""
        self._protocol.state = LOGOUT
        self._protocol.fail(ConnectionLost())

    def demand(self, capability: str) -> None:
        """Raise `NotOffered` unless the server has the extension."""
        if not self.has(capability):
            raise NotOffered(capability)

    def _exchange(
        self, name: str, *args: str, prefix: str, answers: Iterable[bytes], last_answer: bytes | None
    ) -> Exchange:
        """A command ready to be sent, or the reason why it can not be."""
        if self._protocol.failure is not None:
            raise self._protocol.failure
        if self._protocol.state not in Commands[name].valid_states:
            raise UsageError(f"{name} is not possible now: select a folder first.")
        tag = self._protocol.new_tag()
        try:
            return Exchange(name, tag, *args, prefix=prefix, answers=answers, last_answer=last_answer)
        except ValueError:
            raise Unsendable from None

    async def _execute(self, exchange: Exchange) -> None:
        """Wait while bytes keep coming: at most `command_timeout` of silence and `reply_timeout` in all.

        A server is silent while we send, so a large message gets the time that a slow line needs for it.
        """
        loop = asyncio.get_running_loop()
        silence = self.server.command_timeout + exchange.upload_size / _SLOWEST_UPLOAD
        last_moment = loop.time() + max(self.server.reply_timeout, silence)
        try:
            async with asyncio.timeout(silence) as patience:

                def extend() -> None:
                    if not patience.expired():
                        patience.reschedule(min(loop.time() + silence, last_moment))

                self._protocol.on_progress = extend
                await self._protocol.execute(exchange)
        except TimeoutError:
            raise ConnectionLost(
                f"The IMAP server did not answer within {self.server.command_timeout:g} seconds: it will be tried again."
            ) from None
        finally:
            self._protocol.on_progress = None

    @contextmanager
    def _discarding_on_error(self) -> Iterator[None]:
        """A command that did not end in order leaves a connection whose next answer can not be trusted."""
        try:
            yield
        except BaseException:
            self.discard()
            raise

    def _note_all(self, name: str, reply: Reply) -> None:
        asked_for = _ASKED_FOR.get(name, set())
        for answer in reply.untagged:
            if answer.name not in asked_for and not (answer.name == b"VANISHED" and _is_history(answer)):
                self._note(answer)
        self.slowed_down = is_throttle_hint(reply.text)

    def _note(self, answer: Untagged) -> None:
        if (event := read_event(answer)) is not None:
            self._events.append(event)


def _is_history(answer: Untagged) -> bool:
    """VANISHED (EARLIER) answers a question; without it, it is news."""
    return answer.parts[0].upper().startswith(b"(EARLIER)")
