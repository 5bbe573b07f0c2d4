"""aioimaplib's protocol with the parts replaced that lose answers, recurse, scan quadratically or wait for ever.

What stays stock: tags, the table of states and commands, the check of arguments, `execute`. What is ours: everything
between the socket and the waiting command. There is never more than one command at a time (`session.py` holds a lock),
so every untagged answer belongs to it, and nothing is dropped by name. Each fault has a test that shows it on the stock
library: tests/integration/imap/test_faults_of_aioimaplib.py.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from aioimaplib.aioimaplib import AUTH, NONAUTH, SELECTED, Cmd, Command, Commands, Exec, IMAP4ClientProtocol

from mailsync.imap.deflate import Deflater, Inflater
from mailsync.imap.errors import ConnectionLost, ImapError, ProtocolError
from mailsync.imap.failures import farewell
from mailsync.imap.replies import Reply, Untagged, read_untagged
from mailsync.imap.scanner import ResponseScanner
from mailsync.imap.version_guard import demand_supported_version, installed_version

demand_supported_version(installed_version())
OUR_COMMANDS = ("NOTIFY", "COMPRESS")
"""Lines of its table that are ours: it has none for RFC 5465, and lets nobody compress with a folder open, as RFC 4978 does."""
for command in OUR_COMMANDS:
    Commands[command] = Cmd(command, (AUTH, SELECTED), Exec.is_sync)

UNSOLICITED_KEPT = 1000
PIECES_AT_ONCE = 4
"""Uncompressed pieces of 64 KB that are read in one go, as much as plain text comes at once: others have their turn."""
_ANSWER_OVERHEAD = 200  # What even an empty answer takes of the memory, about.
_RESULTS = (b"OK", b"NO", b"BAD")
# Stock aioimaplib forgets EXAMINE and CLOSE, and that a SELECT which fails closes the folder that was open (RFC 9051 §6.3.2).
_STATE_AFTER = {
    ("LOGIN", True): AUTH,
    ("AUTHENTICATE", True): AUTH,
    ("SELECT", True): SELECTED,
    ("EXAMINE", True): SELECTED,
    ("SELECT", False): AUTH,
    ("EXAMINE", False): AUTH,
    ("CLOSE", True): AUTH,
}


class Exchange(Command):  # type: ignore[misc]  # aioimaplib is untyped.
    """One command, what is sent when the server says "+", and every answer until the tag.

    `answers` are sent one per continuation; `last_answer` to any further one (a SASL server that explains a failure
    waits for a reply before it says NO). Without it, a continuation too many is an error.
    """

    def __init__(
        self,
        name: str,
        tag: str,
        *args: str,
        prefix: str = "",
        answers: Iterable[bytes] = (),
        last_answer: bytes | None = None,
    ) -> None:
        super().__init__(name, tag, *args, prefix=prefix)
        self.untagged: list[Untagged] = []
        self.size = 0
        self.challenges: list[bytes] = []
        self._answers = deque(answers)
        self.upload_size = sum(map(len, self._answers))
        self._last_answer = last_answer

    def next_answer(self) -> bytes | None:
        """What to send now that the server waits, or None when we have nothing to say."""
        return self._answers.popleft() if self._answers else self._last_answer

    def fail(self, error: ImapError) -> None:
        """End the waiting with `error`."""
        self._exception = error
        self._event.set()

    @property
    def reply(self) -> Reply:
        """The finished command."""
        result, lines = self.response
        return Reply(result, lines[-1] if lines else b"", self.untagged)


class HardenedProtocol(IMAP4ClientProtocol):  # type: ignore[misc]  # aioimaplib is untyped.
    """One connection's reader and writer. After the first `failure` it is deaf and dead."""

    def __init__(self, loop: asyncio.AbstractEventLoop, reply_limit: int) -> None:
        super().__init__(loop)
        self.greeting: asyncio.Future[bytes] = loop.create_future()
        self.failure: ImapError | None = None
        self.unsolicited: deque[Untagged] = deque(maxlen=UNSOLICITED_KEPT)
        self.listener: Callable[[Untagged], None] | None = None
        self.on_progress: Callable[[], None] | None = None
        self.closed = asyncio.Event()
        self.received = self.sent = 0
        """Bytes, uncompressed."""
        self._reply_limit = reply_limit
        self._scanner = ResponseScanner(reply_limit)
        self._deaf = False
        self._goodbye: bytes | None = None
        self._inflater: Inflater | None = None
        self._deflater: Deflater | None = None
        self._inflates_later = False

    # --- what asyncio calls

    def data_received(self, data: bytes) -> None:
        """Hand every whole response on; nothing here recurses, looks twice at a byte, or formats mail for a log."""
        if self._deaf:
            return
        if self.on_progress is not None:
            self.on_progress()
        try:
            if self._inflater is None:
                self._read(data)
            else:
                self._inflater.feed(data)
                self._inflate(self._inflater)
        except ImapError as error:
            self.fail(error)

    def connection_lost(self, _: Exception | None) -> None:
        """Nothing waits for a dead connection."""
        self.closed.set()
        self.fail(farewell(self._goodbye) if self._goodbye is not None else ConnectionLost())

    # --- what the session calls

    def fail(self, error: ImapError) -> None:
        """Remember the first failure, end whatever waits, and cut the connection."""
        self._deaf = True
        if self.failure is None:
            self.failure = error
            if (exchange := self._pending()) is not None:
                exchange.fail(error)
            if not self.greeting.done():
                self.greeting.set_exception(error)
                self.greeting.exception()  # Marked as seen: nobody may be waiting any more.
        if self.transport is not None:
            self.transport.abort()

    def switched_to(self, transport: asyncio.Transport) -> None:
        """Go on over TLS: with an empty scanner, so that no plaintext byte is taken for the server's word."""
        self.transport = transport
        self._scanner = ResponseScanner(self._reply_limit)
        self.unsolicited.clear()
        self._deaf = False

    def send(self, line: str, **_: object) -> None:
        """Write one command line. Never logged: it may hold names and passwords."""
        self._write(line.encode("utf-8", "surrogateescape") + b"\r\n")

    def _write(self, data: bytes) -> None:
        self.sent += len(data)
        self.transport.write(data if self._deflater is None else self._deflater.compress(data))

    @property
    def compressed(self) -> bool:
        """Whether both directions are."""
        return self._inflater is not None

    # --- what arrives

    def _read(self, data: bytes) -> None:
        self.received += len(data)
        was_plain = self._inflater is None
        for parts in self._scanner.feed(data):
            self._dispatch(parts)
            if self._deaf:
                return
            if was_plain and self._inflater is not None:  # From this very byte on.
                self._inflater.feed(self._scanner.unread)
                self._inflate(self._inflater)
                return

    def _inflate(self, inflater: Inflater) -> None:
        """Read what stands in the compressed bytes. Of very much, some now, and nothing more from the line until then."""
        for _ in range(PIECES_AT_ONCE):
            if self._deaf or not inflater.has_more:
                return
            self._read(inflater.take())
        if inflater.has_more and not self._inflates_later and not self._deaf:
            self._inflates_later = True
            self.transport.pause_reading()
            self.loop.call_soon(self._inflate_rest, inflater)

    def _inflate_rest(self, inflater: Inflater) -> None:
        self._inflates_later = False
        if self._deaf:
            return
        try:
            self._inflate(inflater)
        except ImapError as error:
            self.fail(error)
        if not self._inflates_later and not self.transport.is_closing():
            self.transport.resume_reading()

    # --- one response

    def _dispatch(self, parts: list[bytes]) -> None:
        line = parts[0]
        if not self.greeting.done():
            self._greeted(line)
        elif line.startswith(b"* "):
            self._untagged(read_untagged(parts))
        elif line.startswith(b"+"):
            self._continuation(line)
        elif line:
            self._response_done(line)

    def _greeted(self, line: bytes) -> None:
        if line[:2] != b"* ":
            raise ProtocolError("the greeting is not that of an IMAP server")
        word, _, text = line[2:].partition(b" ")
        if word.upper() == b"BYE":
            raise farewell(text, greeting=True)
        if word.upper() not in (b"OK", b"PREAUTH"):
            raise ProtocolError("the greeting is not that of an IMAP server")
        self.state = AUTH if word.upper() == b"PREAUTH" else NONAUTH
        self.greeting.set_result(text)

    def _untagged(self, answer: Untagged) -> None:
        if answer.name == b"BYE":
            self._goodbye = answer.parts[0]
        if self.listener is not None:
            self.listener(answer)
        elif (exchange := self._pending()) is not None:
            exchange.untagged.append(answer)
            exchange.size += _ANSWER_OVERHEAD + sum(map(len, answer.parts))
            if exchange.size > self._reply_limit:
                raise ProtocolError("a reply is larger than we allow")
        else:
            self.unsolicited.append(answer)

    def _continuation(self, line: bytes) -> None:
        exchange = self._pending()
        if exchange is None:
            raise ProtocolError("a continuation that nobody asked for")
        if exchange.name == "IDLE":
            self._idle_event.set()
            return
        exchange.challenges.append(line[1:].strip())
        answer = exchange.next_answer()
        if answer is None:
            raise ProtocolError("a continuation that nobody asked for")
        self._write(answer)

    def _response_done(self, line: bytes) -> None:
        """The tagged end of the command; anything else at the start of a line is not IMAP."""
        tag, _, rest = line.partition(b" ")
        result, _, text = rest.partition(b" ")
        exchange = self._pending()
        if exchange is None or tag != exchange.tag.encode() or result.upper() not in _RESULTS:
            raise ProtocolError("a line that answers nothing")
        accepted = result.upper() == b"OK"
        if accepted and exchange.name == "STARTTLS":
            self._deaf = True  # What is already behind this line in the buffer was not encrypted: never read.
        if accepted and exchange.name == "COMPRESS":
            self._inflater, self._deflater = Inflater(), Deflater()
        self.state = _STATE_AFTER.get((exchange.name, accepted), self.state)
        super()._response_done(b" ".join((tag, result.upper(), text)))

    def _pending(self) -> Exchange | None:
        """The command that waits, if one does."""
        pending: Exchange | None = self.pending_sync_command
        return pending or next(iter(self.pending_async_commands.values()), None)
