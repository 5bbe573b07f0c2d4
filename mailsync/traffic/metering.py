"""The bytes of one connection to a mailbox, counted into the store, and whether the provider's day has room for more.

What is counted is what we read and write once logged in, uncompressed: more than the provider may count. Each unit of work of
a pass counts what moved until then, the end of a connection the rest, also where the pass failed. What a killed process had
not written yet is not counted.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from core.clock import utcnow
from core.errors import MailsyncError
from core.logging import get_logger
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import DailyLimitReached
from mailsync.imap.session import Moved
from mailsync.presets import limits_of
from mailsync.traffic import repository
from mailsync.traffic.day import Day, DayUsedUp, Hour, beginning
from storage.models import Mailbox
from storage.sessions import ReadSession, WriteSession
from storage.store import Store

UNBOUNDED, NOTHING = Day(None, None), Moved()

log = get_logger(__name__)


def day_of(session: ReadSession, mailbox: Mailbox) -> Day:
    """The day of a mailbox as it stands in the store; without hours where its provider bounds nothing."""
    limits = limits_of(mailbox.imap_host)
    hours = repository.hours(session, mailbox.id) if _is_bounded(mailbox) else ()
    return Day(limits.daily_bytes, limits.daily_upload_bytes, hours)


def _is_bounded(mailbox: Mailbox) -> bool:
    limits = limits_of(mailbox.imap_host)
    return (limits.daily_bytes, limits.daily_upload_bytes) != (None, None)


def note_refusal(session: WriteSession, mailbox: Mailbox, error: MailsyncError) -> None:
    """Where `error` is the provider's word that the day is used up, older mail waits for another one."""
    if isinstance(error, DailyLimitReached) and limits_of(mailbox.imap_host).daily_bytes is not None:
        repository.note_refusal(session, mailbox.id)


@dataclass(slots=True)
class Meter:
    """Counts what one connection moves; its tasks and threads may ask at once. One meter of a connection at a time."""

    connection: ImapConnection
    mailbox: Mailbox
    _stored: Day = UNBOUNDED
    _in_stored: Moved = NOTHING
    """Of the connection, what is in `_stored`."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, session: ReadSession) -> None:
        """Take the day over as it stands in the store: before each pass, for others count into it too."""
        with self._lock:
            self._stored, self._in_stored = day_of(session, self.mailbox), self.connection.counted

    @contextmanager
    def counting(self) -> Iterator[Callable[[WriteSession], None]]:
        """Around a unit of work, which calls what it is given: what moved is counted with it or, if it fails, with the next."""
        with self._lock:
            moved = self.connection.moved - self.connection.counted
            self.connection.counted += moved
        try:
            yield partial(self._count, moved=moved)
        except BaseException:
            with self._lock:
                self.connection.counted -= moved
            raise

    @property
    def day(self) -> Day:
        """The day, with what has moved since it was read."""
        if not self._stored.is_bounded:
            return self._stored
        moved = self.connection.moved - self._in_stored
        return replace(self._stored, hours=(*self._stored.hours, Hour(beginning(utcnow()), moved.received, moved.sent)))

    @property
    def history_from(self) -> datetime | None:
        """When older mail may be loaded again; None: now."""
        return self.day.history_from

    def demand_room(self) -> None:
        """Raise `DayUsedUp` where nothing may be fetched now, not even new mail."""
        if (moment := self.day.all_from) is not None:
            raise DayUsedUp(moment)

    def _count(self, session: WriteSession, moved: Moved) -> None:
        if _is_bounded(self.mailbox) and moved != NOTHING:
            repository.add(session, self.mailbox.id, moved.received, moved.sent)


def count_moved(store: Store, connection: ImapConnection, mailbox: Mailbox) -> Moved:
    """Count what a connection moved that ends, whatever ended it. Returns what the store does not take now: the next owes it."""
    if not _is_bounded(mailbox):
        return NOTHING
    try:
        _count_rest(store, connection, mailbox)
    except (
        MailsyncError
    ) as error:  # A full disk, for one: that tells of itself, and must not hide why the connection ended.
        log.warning("traffic.not_counted", mailbox_id=mailbox.id, error=type(error).__name__)
    return connection.moved - connection.counted


def _count_rest(store: Store, connection: ImapConnection, mailbox: Mailbox) -> None:
    with Meter(connection, mailbox).counting() as count, store.database.unit_of_work() as session:
        if session.get(Mailbox, mailbox.id) is not None:  # It may have been removed meanwhile.
            count(session)


def owe(connection: ImapConnection, moved: Moved) -> None:
    """Have what a connection before this one moved, and nobody could count, counted as if it had come over this one."""
    connection.counted -= moved
