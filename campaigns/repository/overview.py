"""The numbers beside each campaign of a list: two statements for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from crm.access.viewer import Viewer
from delivery.verdict import Verdict
from storage.models import Recipient, SendState, TrackingEvent, TrackingKind
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class Overview:
    """One campaign in four numbers; `opened` and `clicked` are people, machines left out."""

    audience: int = 0
    sent: int = 0
    opened: int = 0
    clicked: int = 0


def overviews(session: ReadSession, _: Viewer, campaign_ids: Sequence[int]) -> dict[int, Overview]:
    """By campaign; one without recipients is not there."""
    sent = func.sum(case((Recipient.state == SendState.SENT, 1), else_=0))
    written = select(Recipient.campaign_id, func.count(), sent).where(Recipient.campaign_id.in_(campaign_ids))
    done = (
        select(Recipient.campaign_id, TrackingEvent.kind, func.count(TrackingEvent.recipient_id.distinct()))
        .join(TrackingEvent, TrackingEvent.recipient_id == Recipient.id)
        .where(Recipient.campaign_id.in_(campaign_ids), TrackingEvent.verdict != Verdict.MACHINE.value)
        .group_by(Recipient.campaign_id, TrackingEvent.kind)
    )
    people = {(campaign_id, kind): number for campaign_id, kind, number in session.execute(done)}
    return {
        campaign_id: Overview(
            audience,
            int(sent_number),
            people.get((campaign_id, TrackingKind.OPEN), 0),
            people.get((campaign_id, TrackingKind.CLICK), 0),
        )
        for campaign_id, audience, sent_number in session.execute(written.group_by(Recipient.campaign_id))
    }
