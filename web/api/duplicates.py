"""What is proposed as duplicates, and saying that it is none."""

from collections.abc import Sequence

from fastapi import Request
from pydantic import BaseModel

from crm.records.duplicates import ShownGroup, dismiss, group_page
from crm.records.views import CompanyView, ContactView, LeadView
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


class ContactGroup(BaseModel):
    """People who seem to be one; `reasons`: email, phone, name."""

    reasons: list[str]
    records: list[ContactView]


class CompanyGroup(BaseModel):
    """Companies that seem to be one; `reasons`: domain, name, email, phone."""

    reasons: list[str]
    records: list[CompanyView]


class LeadGroup(BaseModel):
    """Active leads that seem to be one; `reasons`: email, phone."""

    reasons: list[str]
    records: list[LeadView]


class NotTheSame(BaseModel):
    """Ids of records of which no two are the same."""

    ids: list[RowId]


@router.get("/contacts/duplicates")
def contact_duplicates(
    request: Request, viewer: RecordReader, after: After = None, limit: Limit = 50
) -> Listing[ContactGroup]:
    """Groups of contacts that may be the same."""
    with services_of(request).store.database.reading() as session:
        some, behind = _page(session, viewer, RecordType.CONTACT, after, limit)
    items = [ContactGroup(reasons=list(one.group.reasons), records=list(one.records)) for one in some]
    return Listing(items=items, next=behind)


@router.get("/companies/duplicates")
def company_duplicates(
    request: Request, viewer: RecordReader, after: After = None, limit: Limit = 50
) -> Listing[CompanyGroup]:
    """Groups of companies that may be the same."""
    with services_of(request).store.database.reading() as session:
        some, behind = _page(session, viewer, RecordType.COMPANY, after, limit)
    items = [CompanyGroup(reasons=list(one.group.reasons), records=list(one.records)) for one in some]
    return Listing(items=items, next=behind)


@router.get("/leads/duplicates")
def lead_duplicates(
    request: Request, viewer: RecordReader, after: After = None, limit: Limit = 50
) -> Listing[LeadGroup]:
    """Groups of active leads that may be the same; of which known client one may be: `GET /leads/{lead_id}/conversion`."""
    with services_of(request).store.database.reading() as session:
        some, behind = _page(session, viewer, RecordType.LEAD, after, limit)
    items = [LeadGroup(reasons=list(one.group.reasons), records=list(one.records)) for one in some]
    return Listing(items=items, next=behind)


@router.post("/contacts/duplicates/dismiss", status_code=204)
def contacts_are_not_the_same(request: Request, viewer: RecordWriter, which: NotTheSame) -> None:
    """These contacts are not proposed as duplicates of each other again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        dismiss(session, viewer, RecordType.CONTACT, which.ids)


@router.post("/companies/duplicates/dismiss", status_code=204)
def companies_are_not_the_same(request: Request, viewer: RecordWriter, which: NotTheSame) -> None:
    """These companies are not proposed as duplicates of each other again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        dismiss(session, viewer, RecordType.COMPANY, which.ids)


@router.post("/leads/duplicates/dismiss", status_code=204)
def leads_are_not_the_same(request: Request, viewer: RecordWriter, which: NotTheSame) -> None:
    """These leads are not proposed as duplicates of each other again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        dismiss(session, viewer, RecordType.LEAD, which.ids)


def _page(
    session: ReadSession, viewer: RecordReader, kind: RecordType, after: str | None, limit: int
) -> tuple[Sequence[ShownGroup], str | None]:
    """Some of the groups, and where the next ones begin."""
    start = after_id(after) or 0
    some, count = group_page(session, viewer, kind, start, limit)
    return some, str(start + limit) if count > start + limit else None
