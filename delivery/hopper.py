"""Hands mails from one source to many connections: a little ahead of them, never more than they can take."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable

from delivery.pipelined import PreparedMail


class Hopper:
    """Filled by one task, emptied by many. Holds at most `room` mails, besides those that were put back."""

    def __init__(self, source: AsyncIterable[PreparedMail], room: int) -> None:
        self._source = source
        self._room = room
        self._mails: deque[PreparedMail] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._space = asyncio.Event()
        self._ended = False
        self._borrowed = 0

    async def fill(self) -> None:
        """Draw from the source until it ends. However it ends, the takers are told."""
        try:
            async for mail in self._source:
                self._mails.append(mail)
                self._wake_one()
                if len(self._mails) >= self._room:
                    self._space.clear()
                    await self._space.wait()
        finally:
            self._ended = True
            self._wake_all()

    def poll(self) -> PreparedMail | None:
        """The next mail, if one is there right now."""
        if not self._mails:
            return None
        if len(self._mails) <= self._room:
            self._space.set()
        return self._mails.popleft()

    async def take(self) -> PreparedMail | None:
        """The next mail; none when the source has ended and all are taken for good."""
        while not self._mails and not (self._ended and self._borrowed == 0):
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await waiter
        return self.poll()

    async def borrow(self) -> PreparedMail | None:
        """As `take`, for one who either will `keep` the mail or `give_back`: until then the last takers wait for it."""
        mail = await self.take()
        self._borrowed += mail is not None
        return mail

    def keep(self) -> None:
        """A mail that was borrowed is taken for good."""
        self._borrowed -= 1
        if self._borrowed == 0:
            self._wake_all()

    def give_back(self, mail: PreparedMail) -> None:
        """A mail that was borrowed is for another."""
        self.put_back(mail)
        self.keep()

    def put_back(self, mail: PreparedMail) -> None:
        """Return a mail that nobody has seen, to be taken next."""
        self._mails.appendleft(mail)
        self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _wake_all(self) -> None:
        while self._waiting:
            self._wake_one()
