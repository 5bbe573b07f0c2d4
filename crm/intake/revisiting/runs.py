"""A policy applied to mail that came before it, and that taken back.

    begun ── some mails a unit of work ──▶ ended ── undo ──▶ some records a unit ──▶ undone
               │        ▲                                      │        ▲
               └ killed ┘                                      └ killed ┘

Whoever stops it in between, or a job that is given up, leaves what is made: that can be undone, and so can a rest.

It only adds: what the mailbox says now is made of mail of which nothing was made. What an earlier policy made stays.
Nobody is notified. Undoing takes back what nobody touched since, and names the rest. A mail makes what it makes once, so
any number of processes may go on with one run.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

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
from crm.intake.understanding import UNEXPECTED
from storage import jobs
from storage.models import Mailbox, PolicyRun, PolicyRunRecord
from storage.plain_errors import in_plain_words
from storage.running import JobRun
from storage.sessions import ReadSession, WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 25
"""Mails of one unit of work: 30 ms on SQLite, where others wait for it."""
UNDONE_AT_ONCE = 6
"""Records of one unit that takes back."""
WHY = "What this mailbox says of strangers was applied to mail that came before."
BY_HAND = "somebody stopped it"
GIVEN_UP = "it failed again and again, which is in the log"
NOT_AT_WORK = "There is nothing to stop: it has ended."
ODD: Final = (SQLAlchemyError, *UNEXPECTED)
"""What one odd mail or record can raise: it is left as it is and counted, the rest goes on."""

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
    row.undoing_since, row.stopped = utcnow(), ""
    session.flush()
    record_act(session, viewer, "policy.undo", mailbox_id=row.mailbox_id, run=number)
    key = f"policy-run-undo:{number}:{row.undoing_since.timestamp()}"  # One that was stopped is asked for anew.
    jobs.enqueue(session, jobs.APPLY_POLICY, jobs.OfPolicyRun(number), key=key)


def stop(session: WriteSession, viewer: Viewer, number: int) -> None:
    """Leave a run, or its taking back, as far as it is. Raises `Forbidden`, `NotFound`, and `Conflict` where it has ended."""
    row = runs.held(session, number)
    _require_right(session, viewer, row.mailbox_id)
    if not _at_work(row):
        raise Conflict(NOT_AT_WORK)
    record_act(session, viewer, "policy.stop", mailbox_id=row.mailbox_id, run=number)
    _leave(row, BY_HAND)
    session.flush()


def leave_in_job(run: JobRun) -> None:
    """The job that is asked for when a run, or taking it back, was given up."""
    with run.completing() as session:
        row = runs.held(session, run.args.number)
        if _at_work(row):
            _leave(row, GIVEN_UP)


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
    """One unit of work more, if there is any to do; where that fails, a unit for each mail or record of it."""
    try:
        return _do(store, number, AT_ONCE, UNDONE_AT_ONCE)
    except ODD as error:
        log.warning("policy.unit_failed", run=number, error=type(error).__name__)
    for _ in range(AT_ONCE - 1):
        _do(store, number, 1, 1)
    return _do(store, number, 1, 1)


def _do(store: Store, number: int, mails: int, records: int) -> RunView:
    with store.database.unit_of_work(Urgency.BULK) as session:
        row = runs.held(session, number)
        if row.ended_at is None:
            _apply_some(store, session, row, mails)
        elif row.undoing_since is not None and row.undone_at is None:
            _undo_some(session, row, records)
        session.flush()
        return runs.run(session, Viewer.system(), number)


def _apply_some(store: Store, session: WriteSession, row: PolicyRun, limit: int) -> None:
    """By what the mailbox says at this moment; one that was removed has nothing left to do."""
    found = places.following(session, row.mailbox_id, (row.at, row.place_id), row.until, limit)
    if found:
        _judge(store, session, row, [place_id for _, place_id in found])
        row.at, row.place_id = found[-1]
        row.done += len(found)
    if len(found) < limit:
        row.ended_at = utcnow()
        log.info("policy.applied", run=row.id, mailbox_id=row.mailbox_id, mails=row.done, skipped=row.skipped)


def _judge(store: Store, session: WriteSession, row: PolicyRun, place_ids: list[int]) -> None:
    """Judge these places, all or none; one that is alone and can not be judged is skipped."""
    context = load_context(session, row.mailbox_id, store.keys)
    try:
        with session.begin_nested():
            batch = judge_again(session, context, places.of_ids(session, place_ids), WHY)
            runs.add_records(session, row.id, batch.made)
    except ODD as error:
        _demand_odd_one(error, len(place_ids))
        row.skipped += 1
        log.warning("policy.mail_skipped", run=row.id, place_id=place_ids[0], error=type(error).__name__)


def _undo_some(session: WriteSession, row: PolicyRun, limit: int) -> None:
    found = runs.to_undo(session, row.id, limit)
    for made in found:
        runs.mark(session, made, removed=_taken_back(session, row, made, limit))
    if len(found) < limit:
        row.undone_at = utcnow()
        log.info("policy.undone", run=row.id, mailbox_id=row.mailbox_id)


def _taken_back(session: WriteSession, row: PolicyRun, made: PolicyRunRecord, limit: int) -> bool:
    record, ended_at = (made.record_type, made.record_id), row.ended_at or row.began_at
    try:
        with session.begin_nested():
            removed = runs.take_back(session, record, ended_at=ended_at, now=utcnow(), user_id=row.user_id)
            if removed:
                runs.forget_effects(session, made.message_id, record)
    except ODD as error:
        _demand_odd_one(error, limit)
        log.warning("policy.record_kept", run=row.id, record_id=record[1], error=type(error).__name__)
        return False
    return removed


def _demand_odd_one(error: Exception, units: int) -> None:
    """Let an error rise that is the database's trouble, or of one among several."""
    if units > 1 or (isinstance(error, DBAPIError) and in_plain_words(error) is not None):
        raise error


def _at_work(row: PolicyRun) -> bool:
    return row.ended_at is None or (row.undoing_since is not None and row.undone_at is None)


def _leave(row: PolicyRun, why: str) -> None:
    """Leave what a run is at; `row` is held, so that no unit of it goes on."""
    log.warning("policy.stopped", run=row.id, mailbox_id=row.mailbox_id, mails=row.done)
    if row.ended_at is None:
        row.ended_at, row.stopped = utcnow(), f"Not all mails were looked at: {why}. Apply it again for the rest."
    else:
        row.undoing_since, row.stopped = None, f"Not all was taken back: {why}. Undo it again for the rest."


def _require_right(session: ReadSession, viewer: Viewer, mailbox_id: int) -> None:
    mailbox = session.get(Mailbox, mailbox_id)
    if mailbox is None:
        raise NotFound("There is no such mailbox.")
    require_right(viewer, mailbox)
    require_staying(mailbox)
