"""The removal itself: a row of short transactions under the mailbox's lease, each of which may be the last for a while."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from core.clock import utcnow
from core.errors import Transient
from core.logging import get_logger
from mailsync.actions.repository.forgetting import forget_actions
from mailsync.oauth.giving_back import give_back, held_access
from mailsync.removal.repository import forgetting, planning, settling
from storage import leases
from storage.models import MailboxRemoval
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

LEASE_FOR = timedelta(seconds=45)
LISTED, AT_ONCE = 20_000, 50
WAIT_SECONDS = 2.0
"""For whoever syncs the mailbox to let go of it."""

log = get_logger(__name__)


def remove_in_job(run: JobRun) -> None:
    """The job. Does nothing where the removal was taken back, or is to begin later. Raises `Transient` while it is synced."""
    mailbox_id = run.args.mailbox_id
    removing = Removing(run.store, mailbox_id, f"removal:{run.taken.id}:{run.taken.fence}")
    if not removing.is_due():
        with run.completing():
            return
    removing.begin()
    give_back(run.settings, mailbox_id, held_access(run.store, mailbox_id))
    removing.empty()
    with run.completing() as session:
        removing.end(session)


def _nobody(_gone: int, _total: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class Removing:
    """The removal of one mailbox by one holder of its lease."""

    store: Store
    mailbox_id: int
    holder: str
    on_gone: Callable[[int, int], None] = _nobody
    """Told how many of how many places are looked at."""

    def is_due(self) -> bool:
        """Whether it was asked for, and its time to be taken back is over."""
        with self.store.database.reading() as session:
            removal = planning.removal_row(session, self.mailbox_id)
        return removal is not None and removal.begins_at <= utcnow()

    def begin(self) -> bool:
        """From here on it can not be taken back: passwords go. Whether mail on records stays.

        What a provider granted stays until `empty`, so that one who is killed before the provider was told can tell it
        later. Raises `Transient` as `empty`.
        """
        with self.store.database.unit_of_work() as session:
            removal = self._held(session)
            if removal.began_at is None:
                places = planning.count_places(session, self.mailbox_id)
                settling.begin(session, removal, utcnow(), places=places)
                log.info("mailbox.removal_begun", mailbox_id=self.mailbox_id, keep_mail=removal.keep_mail)
            return removal.keep_mail

    def empty(self) -> None:
        """Everything but the mailbox itself, grants first. Raises `Transient` while somebody else holds its lease."""
        keep_mail = self.begin()
        with self.store.database.unit_of_work() as session:
            settling.forget_access(session, self._held(session))
        for chunk in self._chunks():
            with self.store.database.unit_of_work(Urgency.BULK) as session:
                removal = self._held(session)
                forgetting.forget_places(session, chunk, keep_mail=removal.keep_mail)
                removal.gone = min(removal.gone + len(chunk), removal.total)
            self.on_gone(removal.gone, removal.total)
        self._repeat(partial(forgetting.forget_last_copies_in, keep_mail=keep_mail))
        self._repeat(forgetting.forget_quarantine)
        self._repeat(forget_actions)
        if not keep_mail:
            self._repeat(forgetting.forget_sent)

    def end(self, session: WriteSession) -> None:
        """The last step, together with the end of the job."""
        settling.end(session, self._held(session))
        lease = leases.acquire(session, f"mailbox:{self.mailbox_id}", self.holder, LEASE_FOR)
        if lease is not None:
            leases.release(session, lease)
        log.info("mailbox.removed", mailbox_id=self.mailbox_id)

    def _chunks(self) -> Iterator[list[int]]:
        """Ids of places. After a crash all that are left are looked at, also those that stay."""
        last = 0
        while True:
            with self.store.database.reading() as session:
                listed = planning.places_after(session, self.mailbox_id, last, LISTED)
            if not listed:
                return
            for start in range(0, len(listed), AT_ONCE):
                yield listed[start : start + AT_ONCE]
            last = listed[-1]

    def _repeat(self, step: Callable[[WriteSession, int, int], int]) -> None:
        done = AT_ONCE
        while done == AT_ONCE:
            with self.store.database.unit_of_work(Urgency.BULK) as session:
                self._held(session)
                done = step(session, self.mailbox_id, AT_ONCE)

    def _held(self, session: WriteSession) -> MailboxRemoval:
        """The removal, with the lease kept for us. Raises `Transient` where it is another's."""
        removal = planning.removal_row(session, self.mailbox_id)
        lease = leases.acquire(session, f"mailbox:{self.mailbox_id}", self.holder, LEASE_FOR)
        if removal is None or lease is None:
            raise Transient("The mailbox is being synced still: its removal waits.", retry_after=WAIT_SECONDS)
        return removal
