"""The life of a job after it was enqueued: handed out, taken, finished, tried again, given up.

Every step is one conditional UPDATE, so that two relays or two actors can never both win. A handler's effect and
`finish` are one commit; whoever comes second finds the fence moved and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, tuple_, update

from core.clock import utcnow
from core.errors import Conflict
from storage.jobs import BY_NAME, Job, enqueue
from storage.models import JobState, Outbox, Queue
from storage.sessions import ReadSession, WriteSession

HAND_FOR = timedelta(seconds=45)
"""A handed job that no actor took by then is due again: the broker lost it, or the process that had fetched it died. Where
it only waits for its turn the broker carries it twice then, which costs a look at its row: it is taken once."""
RUN_FOR = timedelta(seconds=45)
"""A running job of which nothing was heard for so long (`keep`) is due again: its process died."""
BACKOFF = (5, 15, 60, 300, 900, 3600)
"""Seconds to wait after each failed try; the last one repeats."""

NOT_KNOWN = "This version of the program does not know the job: another one made it."

UNKNOWN: Job[Any] = Job("unknown", Queue.BULK, object)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in the hands of an actor. `fence` proves it at `finish`."""

    id: int
    job: Job[Any]
    args: Any
    fence: int
    tries: int


def hand_out(session: WriteSession, queues: Sequence[Queue], limit: int) -> list[tuple[int, Queue]]:
    """Mark jobs as handed and return their ids and queues: those due, and those whose holder was silent.

    At most `limit` jobs of a queue are handed at a time; more follow when half of them were taken. So a broker never
    carries a backlog (whose hand-overs would run out before their turn), and the queues do not wait for each other.
    """
    now = utcnow()
    silent = [Outbox.state.in_([JobState.HANDED, JobState.RUNNING]), Outbox.until < now]
    _move(session, _locked(session, select(Outbox.id).where(*silent)), state=JobState.DUE, until=None)
    handed: list[tuple[int, Queue]] = []
    for queue in queues:
        in_hand = select(func.count()).where(Outbox.state == JobState.HANDED, Outbox.queue == queue)
        room = limit - session.execute(in_hand).scalar_one()
        if room < max(1, limit // 2):
            continue
        due = select(Outbox.id).where(Outbox.state == JobState.DUE, Outbox.queue == queue, Outbox.due_at <= now)
        wanted = _locked(session, due.order_by(Outbox.due_at).limit(room))
        values = {"state": JobState.HANDED, "until": now + HAND_FOR, "fence": Outbox.fence + 1}
        handed += [(job_id, queue) for job_id in sorted(_move(session, wanted, **values))]
    return handed


def _locked(session: WriteSession, wanted: Select[int]) -> Select[int]:
    """Without the rows that another relay or actor is moving just now."""
    return wanted.with_for_update(skip_locked=True) if session.on_postgresql else wanted


def _move(session: WriteSession, wanted: Select[int], **values: Any) -> list[int]:
    statement = update(Outbox).where(Outbox.id.in_(wanted.scalar_subquery())).values(**values).returning(Outbox.id)
    return list(session.execute(statement.execution_options(synchronize_session=False)).scalars())


def take_back(session: WriteSession, job_ids: Sequence[int]) -> None:
    """Make handed jobs due again that no broker took."""
    statement = update(Outbox).where(Outbox.id.in_(job_ids), Outbox.state == JobState.HANDED)
    session.execute(statement.values(state=JobState.DUE, until=None).execution_options(synchronize_session=False))


def take(session: WriteSession, job_id: int) -> Taken | None:
    """Begin a handed job; None when somebody else did, when it is not there any more, or when it can not be begun.

    A job whose name or arguments this version does not know waits for one that does. One that ended the process each
    time is given up.
    """
    statement = (
        update(Outbox)
        .where(Outbox.id == job_id, Outbox.state == JobState.HANDED)
        .values(state=JobState.RUNNING, until=utcnow() + RUN_FOR, fence=Outbox.fence + 1, tries=Outbox.tries + 1)
        .returning(Outbox.job, Outbox.args, Outbox.fence, Outbox.tries)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    try:
        job = BY_NAME[row.job]
        taken = Taken(job_id, job, job.args(**row.args), row.fence, row.tries)
    except (KeyError, TypeError):
        retry_later(session, Taken(job_id, UNKNOWN, None, row.fence, row.tries), NOT_KNOWN)
        return None
    if taken.tries > job.max_tries:
        bury(session, taken, f"given up: the program ended each of the {job.max_tries} times")
        return None
    return taken


def keep(session: WriteSession, in_hand: Sequence[Taken]) -> None:
    """Tell that these running jobs go on, so that nobody else begins them. One that was taken over stays with its new holder."""
    held = tuple_(Outbox.id, Outbox.fence).in_([(taken.id, taken.fence) for taken in in_hand])
    # A row that is locked is being finished just now.
    running = _locked(session, select(Outbox.id).where(held, Outbox.state == JobState.RUNNING))
    _move(session, running, until=utcnow() + RUN_FOR)


def finish(session: WriteSession, taken: Taken) -> None:
    """Mark the job done, in the same unit of work as its effect. Raises `Conflict` when it was taken from us meanwhile."""
    _leave(session, taken, state=JobState.DONE, done_at=utcnow(), until=None, reason="")


def retry_later(session: WriteSession, taken: Taken, reason: str, *, after: float | None = None) -> None:
    """Make the job due again, later each time; gives up (`dead`) when its tries are used up."""
    if taken.tries >= taken.job.max_tries:
        bury(session, taken, f"given up after {taken.tries} tries: {reason}")
        return
    seconds = after if after is not None else BACKOFF[min(taken.tries, len(BACKOFF)) - 1]
    due = utcnow() + timedelta(seconds=seconds)
    _leave(session, taken, state=JobState.DUE, due_at=due, until=None, reason=reason)


def put_off(session: WriteSession, taken: Taken, reason: str, *, after: float) -> None:
    """Make the job due again in `after` seconds; what was not tried costs no try."""
    due = utcnow() + timedelta(seconds=after)
    _leave(session, taken, state=JobState.DUE, due_at=due, until=None, reason=reason, tries=taken.tries - 1)


def bury(session: WriteSession, taken: Taken, reason: str) -> None:
    """Give the job up; it stays to be seen, with the reason. What is to be done then (`Job.given_up`) is asked for."""
    _leave(session, taken, state=JobState.DEAD, done_at=utcnow(), until=None, reason=reason)
    if taken.job.given_up:
        enqueue(session, BY_NAME[taken.job.given_up], taken.args)


def _leave(session: WriteSession, taken: Taken, **values: Any) -> None:
    statement = (
        update(Outbox)
        .where(Outbox.id == taken.id, Outbox.state == JobState.RUNNING, Outbox.fence == taken.fence)
        .values(**values)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).one_or_none() is None:
        raise Conflict("This job was taken over by another worker.")


def release_all(session: WriteSession) -> int:
    """Make every handed or running job due now: when the only process of an embedded installation starts."""
    statement = (
        update(Outbox)
        .where(Outbox.state.in_([JobState.HANDED, JobState.RUNNING]))
        .values(state=JobState.DUE, until=None)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(statement).all())


def next_due(session: ReadSession) -> datetime | None:
    """When the next job that waits for its time becomes due; None when none waits."""
    now = utcnow()
    waiting = [
        select(func.min(Outbox.due_at)).where(Outbox.state == JobState.DUE, Outbox.queue == queue, Outbox.due_at > now)
        for queue in Queue
    ]
    moments = [session.execute(query).scalar() for query in waiting]
    return min((moment for moment in moments if moment is not None), default=None)


def unfinished(session: ReadSession) -> int:
    """How many jobs are neither done nor dead."""
    open_states = [JobState.DUE, JobState.HANDED, JobState.RUNNING]
    return session.execute(select(func.count()).where(Outbox.state.in_(open_states))).scalar_one()


def counts(session: ReadSession) -> dict[str, int]:
    """How many jobs stand in each state."""
    rows = session.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
    return {state.value: number for state, number in rows}


def forget_done(session: WriteSession, before: datetime, limit: int = 5000) -> int:
    """Delete up to `limit` jobs that were done before `before`; keyed ones stay, since their key still forbids a second."""
    old = (
        select(Outbox.id)
        .where(Outbox.state == JobState.DONE, Outbox.done_at < before, Outbox.key.is_(None))
        .limit(limit)
    )
    gone = delete(Outbox).where(Outbox.id.in_(old.scalar_subquery())).returning(Outbox.id)
    return len(session.execute(gone.execution_options(synchronize_session=False)).all())


@dataclass(frozen=True, slots=True)
class Buried:
    """A job that was given up, and why."""

    id: int
    job: str
    reason: str
    at: datetime


def buried(session: ReadSession, *, limit: int) -> list[Buried]:
    """The jobs given up last."""
    rows = session.execute(
        select(Outbox.id, Outbox.job, Outbox.reason, func.coalesce(Outbox.done_at, Outbox.created_at))
        .where(Outbox.state == JobState.DEAD)
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    return [Buried(*row) for row in rows]


def waiting_now(session: ReadSession) -> int:
    """How many jobs are in hand or due by now; those that wait for a later time are left out."""
    in_hand = Outbox.state.in_([JobState.HANDED, JobState.RUNNING])
    due = and_(Outbox.state == JobState.DUE, Outbox.due_at <= utcnow())
    return session.execute(select(func.count()).where(or_(in_hand, due))).scalar_one()
