"""A policy applied to mail that came before it, and that taken back.

    begun ── some mails a unit of work ──▶ ended ── undo ──▶ some records a unit ──▶ undone
               │        ▲                                      │        ▲
               └ killed ┘                                      └ killed ┘

It only adds: what the mailbox says now is made of mail of which nothing was made. What an earlier policy made stays.
Nobody is notified. Undoing takes back what nobody touched since, and names the rest. A mail makes what it makes once, so
any number of processes may go on with one run.
"""

from collections.abc import Callable

from core.clock import utcnow
from core.errors import Conflict, NotFound
from core.logging import get_logger
from crm.access.audit import record_act
from crm.access.steering import require_right, require_staying
from crm.access.viewer import Viewer
from crm.intake.repository.context import load_context
from crm.intake.revisiting.judging import judge_again
from crm.intake.revisiting.repository import places, runs
from crm.intake.revisiting.repository.runs import RunView
from crm.intake.revisiting.trial import SPAN
from storage import jobs
from storage.models import Mailbox, PolicyRun
from storage.running import JobRun
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 25
"""Mails of one unit of work: 30 ms on SQLite, where others wait for it."""
UNDONE_AT_ONCE = 6
"""Records of one unit that takes back."""
WHY = "What this mailbox says of strangers was applied to mail that came before."

log = get_logger(__name__)
Progress = Callable[[RunView], None]


def begin(session: WriteSession, viewer: Viewer, mailbox_id: int) -> int:
    """Have what a mailbox says applied to its mail of the last thirty days; the number of the run.

    Raises `Forbidden`, `NotFound`, and `Conflict` while another run of the mailbox goes on.
    """
    _require_right(session, viewer, mailbox_id)
    runs.hold_mailbox(session, mailbox_id)
    if runs.under_way(session, mailbox_id):
        raise Conflict("This is being done already: wait until it has ended.")
    now = utcnow()
    since = now - SPAN
    total = places.count(session, mailbox_id, since, now)
    row = PolicyRun(
        mailbox_id=mailbox_id, user_id=viewer.user_id, since=since, until=now, total=total, at=since, began_at=now
    )
    number = runs.add(session, row)
    record_act(session, viewer, "policy.apply", mailbox_id=mailbox_id, run=number)
    jobs.enqueue(session, jobs.APPLY_POLICY, jobs.OfPolicyRun(number), key=f"policy-run:{number}")
    return number


def undo(session: WriteSession, viewer: Viewer, number: int) -> None:
    """Have what a run made taken back, as far as nobody touched it. Raises `Forbidden`, `NotFound`, `Conflict`."""
    row = runs.held(session, number)
    _require_right(session, viewer, row.mailbox_id)
    if not runs.run(session, viewer, number).can_be_undone:
        raise Conflict("This can not be taken back (any more): it goes on, made nothing, or was taken back already.")
    row.undoing_since = utcnow()
    session.flush()
    record_act(session, viewer, "policy.undo", mailbox_id=row.mailbox_id, run=number)
    jobs.enqueue(session, jobs.APPLY_POLICY, jobs.OfPolicyRun(number), key=f"policy-run-undo:{number}")


def go_on_in_job(run: JobRun) -> None:
    """The job: all that is left of a run, or of taking it back."""
    go_on(run.store, run.args.number)
    with run.completing():
        pass


def go_on(store: Store, number: int, on_progress: Progress = lambda _: None) -> RunView:
    """Some after the other, until none is left."""
    while True:
        now = do_some(store, number)
        on_progress(now)
        if now.ended_at is not None and (now.undoing_since is None or now.undone_at is not None):
            return now


def do_some(store: Store, number: int) -> RunView:
    """One unit of work more, if there is any to do."""
    with store.database.unit_of_work(Urgency.BULK) as session:
        row = runs.held(session, number)
        if row.ended_at is None:
            _apply_some(store, session, row)
        elif row.undoing_since is not None and row.undone_at is None:
            _undo_some(session, row)
        session.flush()
        return runs.run(session, Viewer.system(), number)


def _apply_some(store: Store, session: WriteSession, row: PolicyRun) -> None:
    """By what the mailbox says at this moment; one that was removed has nothing left to do."""
    found = places.following(session, row.mailbox_id, (row.at, row.place_id), row.until, AT_ONCE)
    if found:
        context = load_context(session, row.mailbox_id, store.keys)
        batch = judge_again(session, context, places.of_ids(session, [place_id for _, place_id in found]), WHY)
        runs.add_records(session, row.id, batch.made)
        row.at, row.place_id = found[-1]
        row.done += len(found)
    if len(found) < AT_ONCE:
        row.ended_at = utcnow()
        log.info("policy.applied", run=row.id, mailbox_id=row.mailbox_id, mails=row.done)


def _undo_some(session: WriteSession, row: PolicyRun) -> None:
    now, ended_at = utcnow(), row.ended_at or row.began_at
    found = runs.to_undo(session, row.id, UNDONE_AT_ONCE)
    for made in found:
        record = (made.record_type, made.record_id)
        removed = runs.take_back(session, record, ended_at=ended_at, now=now, user_id=row.user_id)
        if removed:
            runs.forget_effects(session, made.message_id, record)
        runs.mark(session, made, removed=removed)
    if len(found) < UNDONE_AT_ONCE:
        row.undone_at = now
        log.info("policy.undone", run=row.id, mailbox_id=row.mailbox_id)


def _require_right(session: ReadSession, viewer: Viewer, mailbox_id: int) -> None:
    mailbox = session.get(Mailbox, mailbox_id)
    if mailbox is None:
        raise NotFound("There is no such mailbox.")
    require_right(viewer, mailbox)
    require_staying(mailbox)
