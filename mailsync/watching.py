"""The life of one connected mailbox: brought up to date, then listened to, and looked after when something fails.

A working connection makes the passes. A live connection waits in IDLE on the inbox, so that new mail is seen at once, and
where the server has NOTIFY that of other folders too. Whatever it tells, there is a look every `POLL_SECONDS`, or `TOLD_POLLS`.
Any error discards both; the next attempt waits longer each time, with jitter, and the waiting starts afresh only after
five minutes of life: a server that accepts a login and then drops it would be hammered.
"""

import asyncio
import math
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from core.clock import utcnow
from core.config import Settings
from core.errors import MailsyncError, Permanent, Transient, UsageError
from core.jitter import jittered
from core.logging import get_logger
from mailsync import repository
from mailsync.account import open_connection, prepare_login
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import ConnectionLost, NoSuchFolder, NotPermitted, SessionExpired, Throttled
from mailsync.imap.session import Moved
from mailsync.listening import Listener
from mailsync.mailbox_sync import MailboxSync
from mailsync.presets import limits_of
from mailsync.side_tasks import side_tasks
from mailsync.states.failures import note_failure, state_after
from mailsync.stillness import Stillness
from mailsync.sync_context import Fence
from mailsync.traffic.metering import NOTHING, count_moved, owe
from mailsync.turns import Turns
from mailsync.waiting import first_of
from storage.models import FolderRole, Mailbox, MailboxState
from storage.sessions import WriteSession
from storage.store import Store

POLL_SECONDS = 55.0
POLL_SPREAD = (0.95, 1.05)
BREATH_SECONDS, MOST_NEWS = 0.1, 10
"""Between new mail and the pass that follows; and how often more may come meanwhile until that begins all the same."""
TOLD_POLLS = 2
"""So many times that, at least, where the server tells of every folder: for what was put there behind its back."""
CONNECTIONS_WANTED = 3
"""Both of ours, and one that is left for the person's own mail program."""
POLLED_SECONDS = 1800.0
"""How long a mailbox is polled when the server lets no second connection in; then one is tried again."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0
SURVIVAL_SECONDS = 300.0
SHORTEST_SESSION = 60.0

log = get_logger(__name__)


def _nothing(*_: object) -> None:
    return


@dataclass(slots=True)
class MailboxWatch:
    """Watches one mailbox until told to stop. `login_slot` bounds how many log in at once, `turns` how many make their first
    pass."""

    store: Store
    settings: Settings
    mailbox_id: int
    fence: Fence
    login_slot: asyncio.Semaphore
    turns: Turns = field(default_factory=lambda: Turns(1, at_one_host=1))
    on_stored: Callable[[int], None] = _nothing
    on_still: Callable[[int, datetime], None] = _nothing
    """Told of the mailbox and the time when it was found as it had been, in place of a pass that is noted in the store."""
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    """Set it to have a pass made now."""
    acting: asyncio.Event = field(default_factory=asyncio.Event)
    """Set it beside `nudged` when the server is to be told something: a pass under way gives way to that."""
    _login_ends_at: datetime | None = None
    _stillness: Stillness = field(default_factory=Stillness)
    _poll_minutes: int = 1
    _listener: Listener = field(init=False)
    _owed: Moved = NOTHING
    """What ended connections moved while the store could not take the count: the next one counts it."""

    def __post_init__(self) -> None:
        self._listener = Listener(self.nudged)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the mailbox in step until `stop`, or until only a person can help (wrong password, paused)."""
        wait = FIRST_WAIT
        while not stop.is_set():
            mailbox = await asyncio.to_thread(self._load)
            if mailbox is None or mailbox.state in repository.RESTING:
                return
            began = asyncio.get_running_loop().time()
            try:
                await self._live(mailbox, stop)
                return
            except (Transient, UsageError) as error:  # A name that leads nowhere now may lead somewhere tomorrow.
                if self._only_the_login_ended(error, asyncio.get_running_loop().time() - began):
                    log.info("mailbox.login_ended", mailbox_id=self.mailbox_id)
                    continue
                if asyncio.get_running_loop().time() - began > SURVIVAL_SECONDS:
                    wait = FIRST_WAIT
                asked = error.retry_after if isinstance(error, Transient) else None
                pause = asked or jittered(wait)
                self.nudged.clear()  # Whoever asked before was answered by this attempt; only who asks now is heard.
                await asyncio.to_thread(self._note_failure, error, pause)
                await first_of(pause, stop, self.nudged)
                wait = min(wait * 2, LONGEST_WAIT)
            except Permanent as error:
                if await asyncio.to_thread(self._waits_for_a_person, error, mailbox):
                    return

    def _only_the_login_ended(self, error: MailsyncError, lived: float) -> bool:
        """Whether a session ended with its access token, as those of Gmail do each hour: the next one begins at once.

        Not for a server that says so right after a login, nor twice for the same token: that would go round and round.
        """
        if not isinstance(error, ConnectionLost) or self._login_ends_at is None:
            return False
        due = utcnow() >= self._login_ends_at
        said_so = isinstance(error, SessionExpired) and lived >= SHORTEST_SESSION
        self._login_ends_at = None
        return due or said_so

    async def _live(self, mailbox: Mailbox, stop: asyncio.Event) -> None:
        async with AsyncExitStack() as stack:
            async with self.turns.turn(mailbox.imap_host, partial(self._is_awaited, mailbox), stop):
                if stop.is_set():
                    return
                working = await self._log_in(mailbox)
                stack.push_async_callback(self._end, working, mailbox)
                self._login_ends_at = working.login_ends_at
                await self._pass(working, mailbox, stop)
            if "IDLE" not in working.capabilities or limits_of(mailbox.imap_host).connections < CONNECTIONS_WANTED:
                await self._poll(working, mailbox, stop)
                return
            while not stop.is_set():
                live = await self._second_connection(mailbox)
                if live is not None:
                    stack.push_async_callback(self._end, live, mailbox)
                    await self._listen(working, live, mailbox, stop)
                    return
                await self._poll(working, mailbox, stop, seconds=POLLED_SECONDS)

    def _is_awaited(self, mailbox: Mailbox) -> bool:
        """Whether somebody waits for the mailbox: it was just connected, or they asked for it or did something in it."""
        return mailbox.state is MailboxState.CONNECTING or self.nudged.is_set()

    async def _second_connection(self, mailbox: Mailbox) -> ImapConnection | None:
        """The live connection; None where the server says that there are enough: the person reads mail elsewhere too."""
        try:
            return await self._log_in(mailbox)
        except Throttled:
            log.info("mailbox.polled", mailbox_id=self.mailbox_id)
            return None

    async def _log_in(self, mailbox: Mailbox) -> ImapConnection:
        await prepare_login(self.store, self.settings, mailbox)
        async with self.login_slot:
            connection = await open_connection(self.store, self.settings, mailbox)
        owe(connection, self._owed)
        self._owed = NOTHING
        return connection

    async def _end(self, connection: ImapConnection, mailbox: Mailbox) -> None:
        await connection.close()
        self._owed += await asyncio.to_thread(count_moved, self.store, connection, mailbox)

    async def _pass(
        self, connection: ImapConnection, mailbox: Mailbox, stop: asyncio.Event, with_news: str | None = None
    ) -> None:
        sync = MailboxSync(
            self.store,
            self.settings,
            connection,
            mailbox,
            self.fence,
            self.on_stored,
            with_news,
            self.acting,
            self._stillness,
        )
        if with_news is not None:
            await self._bring_news(sync, stop)
        self._listener.new_mail = False
        self.nudged.clear()
        self._stillness.begin(None)
        self._poll_minutes = await asyncio.to_thread(self._chosen_minutes)  # Whoever changes it asks for a pass.
        await sync.bring_up_to_date(stop)

    async def _bring_news(self, sync: MailboxSync, stop: asyncio.Event) -> None:
        """New mail, and what comes on its heels, before the pass; who waits for it is shown it while nothing else is done."""
        for _ in range(MOST_NEWS):
            if not self._listener.new_mail or stop.is_set():
                return
            self._listener.new_mail = False
            await sync.bring_news(stop)
            await first_of(BREATH_SECONDS, stop)

    async def _look(
        self, connection: ImapConnection, mailbox: Mailbox, stop: asyncio.Event, live_folder: str | None
    ) -> None:
        """A pass, unless nobody asks for one and the server shows what it showed when the last one found nothing to do."""
        began = utcnow()
        if self.nudged.is_set():
            await self._pass(connection, mailbox, stop, live_folder)
        elif await self._stillness.lasts(connection):
            self.on_still(self.mailbox_id, began)
        else:
            await self._pass(connection, mailbox, stop)

    async def _poll(
        self,
        connection: ImapConnection,
        mailbox: Mailbox,
        stop: asyncio.Event,
        live_folder: str | None = None,
        *,
        seconds: float = math.inf,
    ) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not stop.is_set() and loop.time() < end:
            await first_of(self._pause(), stop, self.nudged)
            self._listener.begin_look()
            if not stop.is_set():
                await self._look(connection, mailbox, stop, live_folder)

    def _pause(self) -> float:
        """Seconds between two looks that nothing calls for: never the same, so that thousands that began together part."""
        chosen = POLL_SECONDS * self._poll_minutes
        seconds = max(chosen, TOLD_POLLS * POLL_SECONDS) if self._listener.told_of_all else chosen
        return jittered(seconds, POLL_SPREAD)

    async def _listen(
        self, working: ImapConnection, live: ImapConnection, mailbox: Mailbox, stop: asyncio.Event
    ) -> None:
        """A pass at each piece of news, and a look every `POLL_SECONDS` at the folders of which the server tells none."""
        try:
            live_folder = await asyncio.to_thread(self._live_folder)
            await live.select(live_folder)
        except (NoSuchFolder, NotPermitted):  # Nothing to listen to; the passes see all the rest.
            await self._poll(working, mailbox, stop)
            return
        await self._listener.ask_for_all(live)
        self.nudged.set()  # For what came between the pass before and this moment: IDLE tells only of what comes now.
        try:
            async with side_tasks() as tasks:
                listening = tasks.create_task(self._listener.listen(live, limits_of(mailbox.imap_host).idle_seconds))
                await self._poll(working, mailbox, stop, live_folder)
                listening.cancel()
        finally:
            self._listener.end()

    def _live_folder(self) -> str:
        """All Mail where there is one, else the inbox."""
        with self.store.database.reading() as session:
            roles = {folder.role: folder.name for folder in repository.folders(session, self.mailbox_id)}
        return roles.get(FolderRole.ALL) or roles.get(FolderRole.INBOX) or "INBOX"

    def _chosen_minutes(self) -> int:
        mailbox = self._load()
        return mailbox.poll_minutes if mailbox else 1

    def _load(self) -> Mailbox | None:
        with self.store.database.reading() as session:
            return session.get(Mailbox, self.mailbox_id)

    def _note_failure(self, error: MailsyncError, pause: float) -> None:
        with self.store.database.unit_of_work() as session:
            self._note(session, error, utcnow() + timedelta(seconds=pause))

    def _waits_for_a_person(self, error: MailsyncError, tried: Mailbox) -> bool:
        """Note that only a person can help; false where one did something since `tried` was read, such as giving another
        password while the one before was being refused: that is tried first."""
        with self.store.database.unit_of_work() as session:
            row = session.get(Mailbox, self.mailbox_id)
            if row is not None and row.pass_wanted_at != tried.pass_wanted_at:
                return False
            self._note(session, error, None)
        return True

    def _note(self, session: WriteSession, error: MailsyncError, retry_at: datetime | None) -> None:
        self.fence(session)  # Whoever lost the mailbox to another process has nothing to say about it.
        state = state_after(error).value
        log.warning("mailbox.failed", mailbox_id=self.mailbox_id, state=state, error=type(error).__name__)
        note_failure(session, self.mailbox_id, error, retry_at=retry_at)
