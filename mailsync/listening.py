"""The live connection's news: heard in IDLE, of other folders by NOTIFY, and when it calls for a look."""

import asyncio
from dataclasses import dataclass

from core.jitter import jittered
from mailsync.imap.connection import ImapConnection
from mailsync.imap.events import Bye, Exists, MailboxEvent, NotifyEnded, OtherFolder

IDLE_SPREAD = (0.8, 1.0)
ELSEWHERE_SECONDS = 2.0
"""Between two looks at folders that are not open, whatever the server tells of them."""


@dataclass(slots=True)
class Listener:
    """Hears what a server tells of one mailbox, over one live connection after the other; sets `nudged` to have a look."""

    nudged: asyncio.Event
    told_of_all: bool = False
    """Whether the server tells of every folder now."""
    new_mail: bool = False
    """The server told of some in the folder that is listened to, and it was not looked at yet."""
    _takes_notify: bool = True
    """False once the server has refused it: that may have cost the connection, and is not tried at each login."""
    _looked_at: float = -ELSEWHERE_SECONDS
    _elsewhere: asyncio.TimerHandle | None = None
    """Begins a look at other folders, of which there is news."""

    async def ask_for_all(self, live: ImapConnection) -> None:
        """Have the server tell of folders that are not open too, where it can."""
        self.told_of_all = self._takes_notify = self._takes_notify and await live.notify()

    async def listen(self, live: ImapConnection, seconds: float) -> None:
        """Hear what comes until the task is cancelled or the connection ends, in one IDLE of so many seconds at most after
        the other."""
        while True:
            async with live.idle(jittered(seconds, IDLE_SPREAD)) as events:
                async for event in events:
                    if isinstance(event, Bye):
                        break
                    self._hear(event)
            for event in live.take_events():  # It came while one IDLE ended.
                self._hear(event)

    def begin_look(self) -> None:
        """Somebody looks at all folders now. What is heard from here on may come too late for this look."""
        self._forget_elsewhere()
        self._looked_at = asyncio.get_running_loop().time()

    def end(self) -> None:
        """Nothing is listened to any more."""
        self.told_of_all = False
        self._forget_elsewhere()

    def _hear(self, event: MailboxEvent) -> None:
        """News of the open folder is looked at at once; elsewhere somebody may be sorting thousands: not all the time."""
        if isinstance(event, NotifyEnded):
            self.told_of_all = False
        self.new_mail |= isinstance(event, Exists)
        if not isinstance(event, OtherFolder):
            self.nudged.set()
        elif self._elsewhere is None:
            loop = asyncio.get_running_loop()
            self._elsewhere = loop.call_at(self._looked_at + ELSEWHERE_SECONDS, self.nudged.set)

    def _forget_elsewhere(self) -> None:
        if self._elsewhere is not None:
            self._elsewhere.cancel()
            self._elsewhere = None
