"""Recipients of campaigns whose contact is merged into another: nobody gets a mail twice, and taken back each gets theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, null, select, update
from sqlalchemy.orm import aliased

from storage.models import Campaign, CampaignState, Recipient, SendState
from storage.sessions import WriteSession

SKIPPED_COLUMN = "state"
"""How parts of merges name what was skipped; those that moved are told by `contact_id`."""
DUPLICATE = "duplicate"
_ENDED = (CampaignState.FINISHED, CampaignState.CANCELLED)


def skip_doubles(session: WriteSession, from_id: int, to_id: int) -> list[dict[str, Any]]:
    """Let nobody who gets a campaign under one address wait for it under another, too; those that waited, as they were."""
    other = aliased(Recipient)
    written = exists().where(
        other.campaign_id == Recipient.campaign_id, other.contact_id == to_id, other.state != SendState.SKIPPED
    )
    waits = Recipient.state.in_((SendState.PENDING, SendState.RETRY))
    these = select(Recipient.id, Recipient.state, Recipient.due_at).where(
        Recipient.contact_id == from_id, waits, written
    )
    waiting = session.execute(these.order_by(Recipient.id).with_for_update()).all()
    if waiting:
        skip = update(Recipient).where(Recipient.id.in_([row.id for row in waiting]))
        _run(session, skip.values(state=SendState.SKIPPED, reason=DUPLICATE, due_at=null()))
    return [
        {"id": row.id, "state": row.state.value, "due_at": row.due_at.isoformat() if row.due_at else None}
        for row in waiting
    ]


def wait_again(session: WriteSession, skipped: Sequence[dict[str, Any]]) -> None:
    """Let them wait as before, where their campaign goes on. One that has ended writes to nobody any more."""
    ids = [row["id"] for row in skipped]
    of_these = select(Recipient.campaign_id).where(Recipient.id.in_(ids))
    # Held, for whoever ends a campaign looks that nobody waits.
    going_on = select(Campaign.id).where(Campaign.id.in_(of_these), Campaign.state.not_in(_ENDED)).order_by(Campaign.id)
    open_ones = list(session.execute(going_on.with_for_update()).scalars())
    for row in skipped:
        still = (Recipient.state == SendState.SKIPPED, Recipient.reason == DUPLICATE)
        due_at = datetime.fromisoformat(row["due_at"]) if row["due_at"] else None
        again = update(Recipient).where(Recipient.id == row["id"], Recipient.campaign_id.in_(open_ones), *still)
        _run(session, again.values(state=SendState(row["state"]), reason="", due_at=due_at))


def _run(session: WriteSession, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
