"""After a crash: mails that nobody holds any more go back to where they can be trusted to be."""

from collections import Counter

from core.clock import utcnow
from crm.outgoing import repository
from crm.outgoing.outcomes import keep, settle_attempted
from crm.outgoing.queueing import enqueue_sending, job_key
from crm.outgoing.transmission import Refused
from storage.models import Outgoing, SendState
from storage.models.job import JobState
from storage.sessions import WriteSession

GIVEN_UP = "It could not be prepared for sending, however often we tried: send it again, or write it anew."


def settle_after_crash(session: WriteSession) -> Counter[SendState]:
    """Settle mails whose job is not alive; how many went into each state.

    Claimed ones wait again; attempted ones are in doubt, or sent where a copy was seen; those whose job was given up
    have failed. Mails with a living job are left alone, so it may be called at any time: it is meant for the start of
    a process, after the jobs of dead ones were released.
    """
    now = utcnow()
    rows = repository.unsettled(session, now)
    jobs = repository.jobs_by_key(session, [job_key(row.id, row.tries) for row in rows], now)
    settled: Counter[SendState] = Counter()
    for row in rows:
        state, alive = jobs.get(job_key(row.id, row.tries), (None, False))
        if not alive:
            settled.update(_settle(session, row, state))
    return settled


def _settle(session: WriteSession, row: Outgoing, job: JobState | None) -> list[SendState]:
    """The state that the row went into, if it moved."""
    if row.state is SendState.ATTEMPTED:
        return [settle_attempted(session, row)]
    if job is JobState.DEAD:
        keep(session, row, row.fence, Refused(GIVEN_UP, ""))
        return [SendState.FAILED]
    if row.state is not SendState.CLAIMED:
        return []
    tries = row.tries if job is JobState.DUE else row.tries + 1
    held = (SendState.CLAIMED,)
    repository.move(session, row.id, held, SendState.PENDING, fence=row.fence, values={"tries": tries})
    if tries != row.tries:
        enqueue_sending(session, row.id, tries, utcnow())
    return [SendState.PENDING]
