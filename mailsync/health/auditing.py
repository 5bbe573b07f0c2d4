"""Audits that somebody asked for, and the nightly ones: done by a job, the result kept until the next."""

from datetime import datetime, timedelta

from core.clock import utcnow
from core.errors import Conflict, MailsyncError
from core.interrupting import Interrupted
from core.logging import get_logger
from crm.access.steering import require_right
from crm.access.viewer import Viewer
from mailsync import repository as rows
from mailsync.auditing import AuditUnderWay, FolderAudit, audit_mailbox
from mailsync.health import repository
from storage import jobs
from storage.jobs import OfMailbox
from storage.models import LEAVING, Mailbox, MailboxState
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store

NIGHT_BEGINS, NIGHT_MINUTES = 1, 240
"""Hour (UTC) of the first nightly audit, and over how many minutes they are spread."""
AT_LEAST_EVERY = timedelta(hours=20)
OVERDUE = timedelta(hours=30)
"""A mailbox whose last audit is so old is audited by day: the machine sleeps at night."""
LEFT = "The mailbox was being removed when its turn came: compare it again if it was kept."

log = get_logger(__name__)


def ask_for_audit(store: Store, viewer: Viewer, mailbox_id: int, *, repair: bool) -> None:
    """Have the mailbox compared with its server; the result is kept with it. Raises `Conflict` while one is under way."""
    with store.database.unit_of_work() as session:
        row = rows.mailbox(session, mailbox_id)
        require_right(viewer, row)
        last = repository.last_audit(session, mailbox_id)
        if last and last.under_way:
            raise Conflict("This mailbox is being compared with its server already.")
        _enqueue(session, row, repair=repair)


NOT_AT_NIGHT = frozenset({*rows.NEEDS_A_PERSON, MailboxState.CONNECTING})
"""Of one whose first pass has not ended there is nothing to compare yet."""


def ask_for_nightly_audits(store: Store) -> None:
    """Have every mailbox compared and repaired once a night, each at its own minute."""
    now = utcnow()
    with store.database.reading() as session:
        boxes = [row for row in rows.mailboxes(session, Viewer.system()) if row.state not in NOT_AT_NIGHT]
        ids = [row.id for row in boxes]
        due = set(repository.audited_before(session, now - AT_LEAST_EVERY, ids))
        overdue = set(repository.audited_before(session, now - OVERDUE, ids))
    for row in boxes:
        if row.id in due and (is_its_minute(row.id, now) or (row.id in overdue and now - row.connected_at > OVERDUE)):
            with store.database.unit_of_work() as session:
                _enqueue(session, rows.mailbox(session, row.id), repair=True)


def is_its_minute(mailbox_id: int, now: datetime) -> bool:
    """Whether the night has come to the minute of this mailbox, or past it."""
    minute = (now.hour - NIGHT_BEGINS) * 60 + now.minute
    return mailbox_id * 7 % NIGHT_MINUTES <= minute < NIGHT_MINUTES


def audit_in_job(run: JobRun) -> None:
    """The job: compare, keep the result, and have what is missing fetched. What the server refuses is a result too."""
    mailbox_id = run.args.mailbox_id
    with run.store.database.reading() as session:
        wanted = repository.last_audit(session, mailbox_id)
        row = session.get(Mailbox, mailbox_id)
    if wanted is None or row is None:
        with run.completing():
            return
    if row.state in LEAVING:
        with run.completing() as session:
            keep_result(session, mailbox_id, [], LEFT, repaired=wanted.repaired)
        return
    audits: list[FolderAudit] = []
    failure = ""
    try:
        audits = run.talks.run(audit_mailbox(run.store, run.settings, row, repair=wanted.repaired))
    except (AuditUnderWay, Interrupted):
        raise  # Its turn comes.
    except MailsyncError as error:
        failure = str(error)
    log.info("mailbox.audited", mailbox_id=mailbox_id, failed=bool(failure), differs=sum(one.differs for one in audits))
    with run.completing() as session:
        keep_result(session, mailbox_id, audits, failure, repaired=wanted.repaired)


def keep_result(
    session: WriteSession, mailbox_id: int, audits: list[FolderAudit], failure: str, *, repaired: bool
) -> None:
    """Keep what an audit found; where it repaired, the next pass begins at once."""
    result = repository.audit_row(session, mailbox_id) or repository.begin_audit(
        session, mailbox_id, utcnow(), repair=repaired
    )
    result.finished_at, result.failure, result.repair = utcnow(), failure, repaired
    if not failure:
        result.folders = [one.as_json() for one in audits]
    if repaired and any(one.differs for one in audits):
        rows.ask_for_pass(session, mailbox_id)


def _enqueue(session: WriteSession, row: Mailbox, *, repair: bool) -> None:
    repository.begin_audit(session, row.id, utcnow(), repair=repair)
    jobs.enqueue(session, jobs.AUDIT_MAILBOX, OfMailbox(row.id))
