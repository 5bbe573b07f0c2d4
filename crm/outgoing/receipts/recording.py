"""What happened to mails with receipts, carried to the database once a second and not with each hit.

Whoever has a mail can ask for its picture as often as they like: the same within seconds is noted once, of one mail so much
at most is kept, and what waits in memory is bounded. A process that is killed loses a second of it.
"""

import threading
import time
from collections import OrderedDict

from core.errors import MailsyncError, Transient
from core.logging import get_logger
from crm.access.notifications import Bell, ring
from crm.outgoing.receipts import repository
from crm.outgoing.receipts.repository import Happened
from delivery.verdict import Verdict
from storage.models import Queue, TrackingKind
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

EVERY_SECONDS = 1.0
AT_ONCE = 200
"""Events of one unit of work: some 10 ms on SQLite, where others wait for it."""
MOST_WAITING = 5_000
MOST_OF_A_MAIL = 500
"""Events that are kept of one mail: a person reads it some ten times, a program as often as it is told to."""
REPEATED_WITHIN = 5.0
MOST_REMEMBERED = 5_000

log = get_logger(__name__)


class ReceiptRecorder:
    """Notes events from any thread and writes them in one of its own; call `close` at the end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Happened] = []
        self._noted: OrderedDict[tuple[object, ...], float] = OrderedDict()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
        self._thread.start()

    def note(self, event: Happened) -> None:
        """Have it written, unless it was noted a moment ago."""
        with self._lock:
            if self._is_repeated(event):
                return
            if len(self._waiting) >= MOST_WAITING:
                log.warning("receipt.lost", events=1)
                return
            self._waiting.append(event)

    def close(self) -> None:
        """Write what waits, and end."""
        self._closing.set()
        self._thread.join()

    def _is_repeated(self, event: Happened) -> bool:
        now, same = time.monotonic(), (event.outgoing_id, event.kind, event.link_number, event.verdict)
        if self._noted.get(same, -REPEATED_WITHIN) > now - REPEATED_WITHIN:
            return True
        self._noted[same] = now
        self._noted.move_to_end(same)
        if len(self._noted) > MOST_REMEMBERED:
            self._noted.popitem(last=False)
        return False

    def _run(self) -> None:
        while not self._closing.wait(EVERY_SECONDS):
            self._write_all()
        self._write_all()

    def _write_all(self) -> None:
        while some := self._taken():
            try:
                self._write(some)
            except Transient:
                if not self._closing.is_set():
                    with self._lock:
                        self._waiting[:0] = some
                    return
                log.warning("receipt.lost", events=len(some))
            except MailsyncError as error:
                log.warning("receipt.lost", events=len(some), error=type(error).__name__)

    def _taken(self) -> list[Happened]:
        with self._lock:
            some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        return some

    def _write(self, events: list[Happened]) -> None:
        with self._store.database.unit_of_work(Urgency.BULK) as session:
            for first in repository.add_events(session, events, MOST_OF_A_MAIL):
                if first.kind is TrackingKind.OPEN:
                    _tell_author(session, first.outgoing_id)
            if any(event.verdict == Verdict.HUMAN for event in events):
                session.queues_to_wake.add(Queue.NOW)  # Pages that show the mail look again.


def _tell_author(session: WriteSession, outgoing_id: int) -> None:
    mail = repository.sent(session, outgoing_id)
    if mail.user_id is None:
        return
    who = mail.to[0] if len(mail.to) == 1 else "Somebody"
    title = f"{who} opened your mail: {mail.subject or '(no subject)'}"
    thread_id = repository.thread_of(session, outgoing_id)
    link = f"/mail/threads/{thread_id}" if thread_id is not None else "/outbox"
    ring(session, [Bell(mail.user_id, f"opened:{outgoing_id}", title, link)])
