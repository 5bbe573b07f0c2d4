"""The ledger: one row per recipient, and every step of its life as one conditional statement.

    pending → claimed → attempted → sent | failed(reason) | retry(at) | in_doubt          retry → claimed

A step changes only rows that stand where it expects them and carry the holder's fence: whoever lost the campaign to
another process changes nothing any more. Batches travel as one JSON parameter and one statement, because a statement
for every row would let go of the interpreter at every row and wait to get it back.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, null, or_, select, text, update

from campaigns.repository.audience import SUPPRESSED
from campaigns.repository.campaigns import OPEN
from core.clock import utcnow
from crm.access.viewer import Viewer
from storage.models import Campaign, CampaignState, Company, Contact, Recipient, SendState, Suppression
from storage.sessions import ReadSession, WriteSession

GONE = "contact_deleted"
CANCELLED = "cancelled"
CRASHED = "the program ended while this mail was on its way"
LEASE = "campaign:"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A recipient in our hands, with what the template may say about them."""

    id: int
    address: str
    tries: int
    first_tried_at: datetime | None
    name: str
    first_name: str
    position: str
    company: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an attempt. `untried` takes it back from the count: the server was never asked about this mail."""

    id: int
    state: SendState
    reason: str = ""
    reply: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None
    bounced_at: datetime | None = None
    untried: bool = False


# --- claim, attempt, settle


def claim(session: WriteSession, campaign_id: int, fence: int, limit: int) -> list[Claimed]:
    """Take up to `limit` recipients that are waiting or due again, and look once more whether they may be written to.

    Nothing is claimed unless the campaign is being sent at this moment.
    """
    sending = session.execute(
        select(Campaign.id).where(Campaign.id == campaign_id, Campaign.state == CampaignState.SENDING)
    )
    if sending.one_or_none() is None:
        return []
    taken: list[int] = []
    for state in (SendState.PENDING, SendState.RETRY):
        while len(taken) < limit:
            seen, fresh = _claim(session, campaign_id, fence, state, limit - len(taken))
            taken += fresh
            if not seen:
                break
    return _people(session, taken)


def _claim(session: WriteSession, campaign_id: int, fence: int, state: SendState, limit: int) -> tuple[int, list[int]]:
    """How many rows were looked at, and which of them are ours now."""
    waiting = (
        select(Recipient.id)
        .where(
            Recipient.campaign_id == campaign_id,
            Recipient.state == state,
            or_(Recipient.due_at.is_(None), Recipient.due_at <= utcnow()),
        )
        .order_by(Recipient.due_at)
        .limit(limit)
        .scalar_subquery()
    )
    barred = select(Suppression.id).where(Suppression.key == Recipient.key).exists()
    alive = select(Contact.id).where(Contact.id == Recipient.contact_id, Contact.deleted_at.is_(None)).exists()
    statement = (
        update(Recipient)
        .where(Recipient.id.in_(waiting))
        .values(
            state=case((or_(barred, ~alive), SendState.SKIPPED.value), else_=SendState.CLAIMED.value),
            reason=case((barred, SUPPRESSED), (~alive, GONE), else_=""),
            fence=fence,
            due_at=null(),
        )
        .returning(Recipient.id, Recipient.state)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(statement).all()
    return len(rows), [row_id for row_id, new in rows if new is SendState.CLAIMED]


def _people(session: ReadSession, ids: Sequence[int]) -> list[Claimed]:
    query = (
        select(
            Recipient.id,
            Recipient.address,
            Recipient.tries,
            Recipient.first_tried_at,
            Contact.name,
            Contact.first_name,
            Contact.position,
            Company.name,
        )
        .join(Contact, Contact.id == Recipient.contact_id)
        .outerjoin(Company, Company.id == Contact.company_id)
        .where(Recipient.id.in_(ids))
        .order_by(Recipient.id)
    )
    return [Claimed(*row) for row in session.execute(query)] if ids else []


_ATTEMPT = {
    "sqlite": text(
        "UPDATE recipient SET state = 'attempted', tries = tries + 1, first_tried_at = coalesce(first_tried_at, :now) "
        "WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'claimed' AND fence = :fence "
        "AND EXISTS (SELECT 1 FROM campaign WHERE id = :campaign AND state = 'sending') RETURNING id"
    ),
    "postgresql": text(
        "UPDATE recipient SET state = 'attempted', tries = tries + 1, "
        "first_tried_at = coalesce(first_tried_at, CAST(:now AS timestamptz)) "
        "WHERE id IN (SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(:ids AS jsonb))) "
        "AND state = 'claimed' AND fence = :fence "
        "AND EXISTS (SELECT 1 FROM campaign WHERE id = :campaign AND state = 'sending') RETURNING id"
    ),
}
_SETTLE_SET = (
    "UPDATE recipient SET state = j.state, reason = j.reason, smtp_reply = j.reply, due_at = j.due_at, "
    "sent_at = j.sent_at, bounced_at = j.bounced_at, tries = recipient.tries - j.untried FROM "
)
_SETTLE_WHERE = (
    " AS j WHERE recipient.id = j.id AND recipient.state IN ('claimed', 'attempted') AND recipient.fence = :fence"
)
_SETTLE = {
    "sqlite": text(
        _SETTLE_SET + "(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS state, "
        "json_extract(value, '$[2]') AS reason, json_extract(value, '$[3]') AS reply, "
        "json_extract(value, '$[4]') AS due_at, json_extract(value, '$[5]') AS sent_at, "
        "json_extract(value, '$[6]') AS bounced_at, json_extract(value, '$[7]') AS untried FROM json_each(:rows))"
        + _SETTLE_WHERE
    ),
    "postgresql": text(
        _SETTLE_SET + "(SELECT CAST(value ->> 0 AS bigint) AS id, value ->> 1 AS state, value ->> 2 AS reason, "
        "value ->> 3 AS reply, CAST(value ->> 4 AS timestamptz) AS due_at, CAST(value ->> 5 AS timestamptz) AS sent_at, "
        "CAST(value ->> 6 AS timestamptz) AS bounced_at, CAST(value ->> 7 AS integer) AS untried "
        "FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS rows(value))" + _SETTLE_WHERE
    ),
}


def mark_attempted(session: WriteSession, campaign_id: int, fence: int, ids: Sequence[int]) -> set[int]:
    """Write down that these are about to be sent; only those returned may be. None is while the campaign is paused."""
    dialect = session.get_bind().dialect.name
    now = stored(utcnow(), dialect)
    values = {"ids": json.dumps(list(ids)), "campaign": campaign_id, "fence": fence, "now": now}
    return set(session.execute(_ATTEMPT[dialect], values).scalars())


def settle(session: WriteSession, fence: int, settled: Sequence[Settled]) -> None:
    """Write down what became of them."""
    dialect = session.get_bind().dialect.name
    rows = [
        [
            one.id, one.state.value, one.reason, one.reply, stored(one.due_at, dialect), stored(one.sent_at, dialect),
            stored(one.bounced_at, dialect), int(one.untried),
        ]
        for one in settled
    ]  # fmt: skip
    session.execute(_SETTLE[dialect], {"rows": json.dumps(rows), "fence": fence})


def stored(moment: datetime | None, dialect: str) -> str | None:
    """A UTC moment as its column holds it."""
    if moment is None:
        return None
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if dialect == "sqlite" else moment.isoformat()


# --- beginning and end of a run


def recover(session: WriteSession, campaign_id: int, fence: int) -> tuple[int, int]:
    """Settle what a holder before us left in hand: how many wait again, and how many are in doubt."""
    before = [Recipient.campaign_id == campaign_id, Recipient.fence != fence]
    waiting = _change(session, [*before, Recipient.state == SendState.CLAIMED], state=SendState.PENDING)
    doubtful = _change(
        session, [*before, Recipient.state == SendState.ATTEMPTED], state=SendState.IN_DOUBT, reason=CRASHED
    )
    return waiting, doubtful


def take_back_unsent(session: WriteSession, campaign_id: int, fence: int, handed: Collection[int]) -> int:
    """Attempts under the fence of a dead holder that were never handed over wait again; returns how many."""
    marked = select(Recipient.id).where(
        Recipient.campaign_id == campaign_id, Recipient.state == SendState.ATTEMPTED, Recipient.fence == fence
    )
    unsent = [found for found in session.execute(marked).scalars() if found not in handed]
    settle(session, fence, [Settled(found, SendState.PENDING, untried=True) for found in unsent])
    return len(unsent)


def give_back(session: WriteSession, campaign_id: int, fence: int) -> int:
    """What was claimed and not attempted waits again."""
    ours = [Recipient.campaign_id == campaign_id, Recipient.fence == fence, Recipient.state == SendState.CLAIMED]
    return _change(session, ours, state=SendState.PENDING)


def skip_cancelled(session: WriteSession, campaign_id: int, limit: int = 5_000) -> int:
    """Give up who waits still, up to `limit` of them; returns how many."""
    waiting = (
        select(Recipient.id)
        .where(Recipient.campaign_id == campaign_id, Recipient.state.in_([SendState.PENDING, SendState.RETRY]))
        .limit(limit)
        .scalar_subquery()
    )
    return _change(session, [Recipient.id.in_(waiting)], state=SendState.SKIPPED, reason=CANCELLED, due_at=null())


def _change(session: WriteSession, where: list[Any], **values: Any) -> int:
    statement = update(Recipient).where(*where).values(**values).returning(Recipient.id)
    return len(session.execute(statement.execution_options(synchronize_session=False)).all())


def finish(session: WriteSession, campaign_id: int) -> bool:
    """End the campaign if nobody is open any more."""
    # Held before it is looked who waits: a merge that is taken back lets somebody wait again.
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())
    still_open = select(Recipient.id).where(Recipient.campaign_id == campaign_id, Recipient.state.in_(OPEN))
    statement = (
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.state == CampaignState.SENDING, ~still_open.exists())
        .values(state=CampaignState.FINISHED, finished_at=utcnow())
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).one_or_none() is not None


def has_work(session: ReadSession, campaign_id: int) -> bool:
    """Whether a claim would find somebody now."""
    due = or_(Recipient.due_at.is_(None), Recipient.due_at <= utcnow())
    waiting = Recipient.state.in_([SendState.PENDING, SendState.RETRY])
    query = select(Recipient.id).where(Recipient.campaign_id == campaign_id, waiting, due).limit(1)
    return session.execute(query).one_or_none() is not None


def counts(session: ReadSession, _: Viewer, campaign_id: int) -> dict[SendState, int]:
    """How many recipients stand in each state."""
    query = select(Recipient.state, func.count()).where(Recipient.campaign_id == campaign_id)
    return dict(session.execute(query.group_by(Recipient.state)).all())
