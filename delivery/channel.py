"""The wire of one SMTP connection once it is ready for mail: writes go out in groups, replies come back counted.

aiosmtplib pairs one reply with one command and drops what nobody waits for, so it can not pipeline (RFC 2920). Here a
*group* is one write and the number of replies it will bring. A group always ends, with what came and the reason why
nothing more will; it never raises, so no answer is lost on the way to the ledger.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

import aiosmtplib
from typing_extensions import override

from delivery.replies import GarbledReply, Reply, ReplyReader

MAX_TICK = 5.0
"""Seconds between two looks of the watchdog; a timeout may come so much late."""

SLICE = 64 * 1024
"""TLS passes a whole write on at once, however long; slices keep what the network has not taken where it is seen."""


class Loss(Enum):
    """Why a connection ended."""

    CLOSED = "closed"
    TIMEOUT = "timeout"
    GARBLED = "garbled"
    """What came was no SMTP, or came unasked: replies can no longer be paired with commands."""


@dataclass(slots=True)
class Group:
    """One write and its replies. Complete, or cut short by `loss`."""

    wanted: int
    done: asyncio.Future[None]
    replies: list[Reply] = field(default_factory=list)
    loss: Loss | None = None
    written: bool = True
    """False where the connection was gone before anything could be written."""
    unsent: bool = False
    """The end of the write had provably not left this machine when the connection was lost."""


class Channel(asyncio.Protocol):
    """Takes over the transport of a connected aiosmtplib client. One watchdog for the connection, no timer a command.

    `timeout` is how long one reply may take, in seconds, unless a group asks for more patience.
    """

    def __init__(self, client: aiosmtplib.SMTP, timeout: float) -> None:
        transport = cast(asyncio.Transport, client.transport)
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._reader = ReplyReader()
        self._groups: deque[Group] = deque()
        self._writing_paused = False
        self._timeout = timeout
        self._deadline = 0.0
        self._tick = min(MAX_TICK, timeout / 4)
        self._watchdog = self._loop.call_later(self._tick, self._watch)
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self.loss: Loss | None = None
        transport.set_protocol(self)
        # "Paused" then means: some of it is still here.
        transport.set_write_buffer_limits(high=1, low=0)
        if transport.is_closing():  # It may have told the protocol before us, and tells only once.
            self._lose(Loss.CLOSED)
            self._gone.set_result(None)

    def send(self, data: bytes, wanted: int, patience: float | None = None) -> Group:
        """Write `data`, which will bring `wanted` replies, the first within `patience` seconds. Await `group.done`."""
        group = Group(wanted, self._loop.create_future())
        if self.loss is not None or self._transport.is_closing():
            group.loss, group.written, group.unsent = self.loss or Loss.CLOSED, False, True
            group.done.set_result(None)
            return group
        self._groups.append(group)
        self._deadline = self._loop.time() + (patience or self._timeout)
        for start in range(0, len(data), SLICE):
            self._transport.write(data[start : start + SLICE])
        return group

    async def close(self) -> None:
        """Drop the connection and wait until the transport has let go of it."""
        self._lose(Loss.CLOSED)
        await self._gone

    @override
    def data_received(self, data: bytes) -> None:
        try:
            replies = self._reader.feed(data)
        except GarbledReply:
            self._lose(Loss.GARBLED)
            return
        for reply in replies:
            if self._groups:
                self._take(reply)
            else:
                # A good-bye (421) may come at any time; anything else unasked means that we have lost count.
                self._lose(Loss.CLOSED if reply.code == 421 else Loss.GARBLED)
                return

    def _take(self, reply: Reply) -> None:
        group = self._groups[0]
        group.replies.append(reply)
        if self._writing_paused and group.wanted == len(group.replies):
            # Answered before it was all written: the server has given up on it, and the rest would be taken for commands.
            self._lose(Loss.CLOSED)
        elif len(group.replies) == group.wanted:
            self._groups.popleft()
            group.done.set_result(None)
        else:
            self._deadline = self._loop.time() + self._timeout

    @override
    def eof_received(self) -> bool:
        self._lose(Loss.CLOSED)
        return False

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(Loss.CLOSED)
        if not self._gone.done():
            self._gone.set_result(None)

    @override
    def pause_writing(self) -> None:
        self._writing_paused = True

    @override
    def resume_writing(self) -> None:
        self._writing_paused = False

    def _watch(self) -> None:
        if self.loss is not None:
            return
        if self._groups and self._loop.time() >= self._deadline:
            self._lose(Loss.TIMEOUT)
        else:
            self._watchdog = self._loop.call_later(self._tick, self._watch)

    def _lose(self, loss: Loss) -> None:
        if self.loss is not None:
            return
        self.loss = loss
        self._watchdog.cancel()
        last = len(self._groups) - 1
        for position, group in enumerate(self._groups):
            group.loss = loss
            group.unsent = self._writing_paused and position == last
            if not group.done.done():
                group.done.set_result(None)
        self._groups.clear()
        self._transport.abort()
