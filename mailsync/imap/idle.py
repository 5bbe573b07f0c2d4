"""IDLE (RFC 2177) that always ends: at its time, at the first sign of a lost connection, or when the caller leaves.

Stock aioimaplib waits for ever on a dead connection. Here the wait is the caller's own iteration, the loss of the
connection is an item in the same queue, and the DONE at the end has a deadline: an unanswered one is how a peer that
vanished silently is found out, so callers should leave IDLE every few minutes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Self

from mailsync.imap.errors import ConnectionLost, ProtocolError
from mailsync.imap.events import MailboxEvent, read_event
from mailsync.imap.failures import refusal
from mailsync.imap.protocol import Exchange
from mailsync.imap.replies import Untagged
from mailsync.imap.session import Session

MOST_WAITING = 100_000


class IdleEvents:
    """Iterate for what the server pushes. Ends at the deadline or when the server ends IDLE; raises when it is lost."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._queue: asyncio.Queue[Untagged | None] = asyncio.Queue()
        self.ended: asyncio.Task[object] | None = None

    def push(self, answer: Untagged) -> None:
        """An answer has come; a flood that nobody reads any more ends the connection."""
        if self._queue.qsize() >= MOST_WAITING:
            raise ProtocolError("more news than anyone can read")
        self._queue.put_nowait(answer)

    def end(self, task: "asyncio.Task[object]") -> None:
        """The IDLE command is over, one way or the other."""
        self.ended = task
        self._queue.put_nowait(None)

    def unread(self) -> Iterator[Untagged]:
        """What came and was not iterated."""
        while not self._queue.empty():
            answer = self._queue.get_nowait()
            if answer is not None:
                yield answer

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> MailboxEvent:
        while asyncio.get_running_loop().time() < self._deadline:
            try:
                async with asyncio.timeout_at(self._deadline):
                    answer = await self._queue.get()
            except TimeoutError:
                break
            if answer is None:
                self._queue.put_nowait(None)
                self._raise_loss()
                break
            if (event := read_event(answer)) is not None:
                return event
        raise StopAsyncIteration

    def _raise_loss(self) -> None:
        error = self.ended.exception() if self.ended is not None and not self.ended.cancelled() else None
        if error is not None:
            raise error


class IdleCommands(Session):
    """Waiting for news of the open folder."""

    @asynccontextmanager
    async def idle(self, timeout: float) -> AsyncIterator[IdleEvents]:
        """Wait at most `timeout` seconds in all: `async with c.idle(240) as events: async for event in events: …`.

        Leaving the block ends IDLE; other commands wait until then, and news that was not iterated waits in
        `take_events()`. An error inside the block discards the connection.
        Raises `NotOffered`, and `ConnectionLost` when the server does not confirm the beginning or the end in time.
        """
        self.demand("IDLE")
        async with self._lock:
            exchange = self._exchange("IDLE", prefix="", answers=(), last_answer=None)
            events = IdleEvents(asyncio.get_running_loop().time() + timeout)
            with self._discarding_on_error():
                task = asyncio.create_task(self._protocol.execute(exchange))
                task.add_done_callback(events.end)
                try:
                    await self._begin(exchange, events, task)
                    yield events
                    await self._finish(exchange, task)
                    for answer in events.unread():
                        self._note(answer)
                finally:
                    self._protocol.listener = None
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)

    async def _begin(self, exchange: Exchange, events: IdleEvents, task: "asyncio.Task[object]") -> None:
        self._protocol.listener = events.push
        began = asyncio.ensure_future(self._protocol.wait_for_idle_response())
        try:
            await asyncio.wait((task, began), timeout=self.server.command_timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            began.cancel()
        if task.done():
            await task
            if exchange.reply.result != "OK":
                raise refusal("IDLE", exchange.reply.text)
        elif not began.done():
            raise ConnectionLost

    async def _finish(self, exchange: Exchange, task: "asyncio.Task[object]") -> None:
        if not task.done():
            self._protocol.send("DONE")
        done, _ = await asyncio.wait((task,), timeout=self.server.command_timeout)
        if not done:
            raise ConnectionLost("The IMAP server did not answer any more: the connection will be opened again.")
        await task
        if exchange.reply.result != "OK":
            raise refusal("IDLE", exchange.reply.text)
