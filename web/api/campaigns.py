"""Campaigns and their reports; sending one is started, paused and cancelled by name or id in the console and by CLI."""

from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from campaigns.report import as_json, report
from campaigns.repository import campaigns as repository
from campaigns.repository.campaigns import CampaignView
from storage.models import CampaignState
from web.api.callers import CampaignReader
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/campaigns", tags=["campaigns"])


class CampaignOut(BaseModel):
    """A campaign, without its text."""

    id: int
    name: str
    state: CampaignState
    state_reason: str
    segment: str
    sender: str
    subject: str
    scheduled_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    created_at: datetime


@router.get("")
def campaign_list(
    request: Request, viewer: CampaignReader, after: After = None, limit: Limit = 50
) -> Listing[CampaignOut]:
    """Campaigns, newest first."""
    with services_of(request).store.database.reading() as session:
        rows = repository.campaigns(session, viewer, before=after_id(after), limit=limit)
    return Listing(items=[_shown(row) for row in rows], next=id_behind(rows, limit))


@router.get("/{campaign_id}")
def one_campaign(request: Request, viewer: CampaignReader, campaign_id: RowId) -> CampaignOut:
    """One campaign."""
    with services_of(request).store.database.reading() as session:
        return _shown(repository.campaign(session, viewer, campaign_id))


@router.get("/{campaign_id}/report")
def campaign_report(request: Request, viewer: CampaignReader, campaign_id: RowId) -> dict[str, Any]:
    """The numbers as they are now: audience = sent + failed + skipped + in_doubt + pending."""
    with services_of(request).store.database.reading() as session:
        return as_json(report(session, viewer, repository.campaign(session, viewer, campaign_id)))


def _shown(row: CampaignView) -> CampaignOut:
    return CampaignOut(
        id=row.id,
        name=row.name,
        state=row.state,
        state_reason=row.state_reason,
        segment=row.segment,
        sender=row.sender.email,
        subject=row.subject,
        scheduled_at=row.scheduled_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        created_at=row.created_at,
    )
