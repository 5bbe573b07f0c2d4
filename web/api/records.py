"""Contacts, companies, leads, deals and their timelines."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from crm.access.rights import Act
from crm.access.viewer import Viewer
from crm.records import contacts as use_contacts
from crm.records import deals as use_deals
from crm.records import leads as use_leads
from crm.records import on_behalf
from crm.records.duplicates import require_unknown
from crm.records.repository import reading
from crm.records.views import CompanyView, ContactView, DealView, LeadView, PipelineView, RecordFilter
from crm.stream.timeline.entries import add_entry
from crm.stream.timeline.repository import stream, timeline
from crm.stream.views import Cursor, Entry, NewEntry, StreamFilter
from storage.models import ActivityKind, LeadState, RecordType
from storage.sessions import WriteSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id
from web.forms import Minutes, RowId
from web.paging import read_cursor, write_cursor
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


class NewContact(BaseModel):
    """A person outside."""

    name: str
    emails: list[str] = Field(default_factory=list)
    phones: list[str] = Field(default_factory=list)
    company_id: RowId | None = None
    responsible_id: RowId | None = None
    position: str = ""
    tags: list[str] = Field(default_factory=list)


class NewCompany(BaseModel):
    """An organisation."""

    name: str
    domain: str | None = None
    emails: list[str] = Field(default_factory=list)
    responsible_id: RowId | None = None


class NewLead(BaseModel):
    """A possible client."""

    title: str
    name: str = ""
    emails: list[str] = Field(default_factory=list)
    responsible_id: RowId | None = None


class NewDeal(BaseModel):
    """Something to be sold; `amount` in the currency's smallest unit."""

    title: str
    stage_id: RowId | None = None
    contact_id: RowId | None = None
    company_id: RowId | None = None
    amount: int = 0
    currency: Annotated[str, Field(description="Three letters; the company's where it is empty.")] = ""
    responsible_id: RowId | None = None


class Move(BaseModel):
    """Where a deal goes."""

    stage_id: RowId


class NewActivity(BaseModel):
    """A comment, call or meeting on a record."""

    kind: ActivityKind
    record_type: RecordType
    record_id: RowId
    title: str = ""
    text: str = ""
    deadline: datetime | None = None
    responsible_id: RowId | None = None
    minutes: Minutes | None = None
    place: str = ""
    remind_minutes: Minutes | None = None


class Made(BaseModel):
    """The id of what was made."""

    id: int


@router.get("/contacts")
def contacts(
    request: Request, viewer: RecordReader, words: str = "", after: After = None, limit: Limit = 50
) -> Listing[ContactView]:
    """Contacts, newest first; `words` look in names and addresses."""
    wanted = RecordFilter(words=words, before=after_id(after), limit=limit)
    with services_of(request).store.database.reading() as session:
        rows = reading.contacts(session, viewer, wanted)
    return Listing(items=rows, next=str(rows[-1].id) if len(rows) == limit else None)


@router.post("/contacts", status_code=201)
def new_contact(request: Request, viewer: RecordWriter, new: NewContact, anyway: bool = False) -> Made:
    """Add a contact. Where one has an address or phone of it, 409 with those in `known`, unless it is to be added `anyway`."""
    viewer.require(Act.CREATE, RecordType.CONTACT)
    if not anyway:
        with services_of(request).store.database.reading() as session:
            require_unknown(session, viewer, emails=new.emails, phones=new.phones)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=_add(session, viewer, RecordType.CONTACT, use_contacts.create_contact, new))


@router.get("/contacts/{contact_id}")
def contact(request: Request, viewer: RecordReader, contact_id: RowId) -> ContactView:
    """One contact."""
    with services_of(request).store.database.reading() as session:
        return reading.contact(session, viewer, contact_id)


@router.get("/companies")
def companies(
    request: Request, viewer: RecordReader, words: str = "", after: After = None, limit: Limit = 50
) -> Listing[CompanyView]:
    """Companies, newest first."""
    wanted = RecordFilter(words=words, before=after_id(after), limit=limit)
    with services_of(request).store.database.reading() as session:
        rows = reading.companies(session, viewer, wanted)
    return Listing(items=rows, next=str(rows[-1].id) if len(rows) == limit else None)


@router.post("/companies", status_code=201)
def new_company(request: Request, viewer: RecordWriter, new: NewCompany) -> Made:
    """Add a company."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=_add(session, viewer, RecordType.COMPANY, use_contacts.create_company, new))


@router.get("/companies/{company_id}")
def company(request: Request, viewer: RecordReader, company_id: RowId) -> CompanyView:
    """One company."""
    with services_of(request).store.database.reading() as session:
        return reading.company(session, viewer, company_id)


@router.get("/leads")
def leads(
    request: Request,
    viewer: RecordReader,
    state: LeadState | None = None,
    stage_id: RowId | None = None,
    repeat: bool | None = None,
    words: str = "",
    after: After = None,
    limit: Limit = 50,
) -> Listing[LeadView]:
    """Leads, newest first."""
    wanted = RecordFilter(
        words=words, lead_state=state, stage_id=stage_id, repeat=repeat, before=after_id(after), limit=limit
    )
    with services_of(request).store.database.reading() as session:
        rows = reading.leads(session, viewer, wanted)
    return Listing(items=rows, next=str(rows[-1].id) if len(rows) == limit else None)


@router.post("/leads", status_code=201)
def new_lead(request: Request, viewer: RecordWriter, new: NewLead) -> Made:
    """Add a lead."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=_add(session, viewer, RecordType.LEAD, use_leads.create_lead, new))


@router.get("/leads/{lead_id}")
def lead(request: Request, viewer: RecordReader, lead_id: RowId) -> LeadView:
    """One lead."""
    with services_of(request).store.database.reading() as session:
        return reading.lead(session, viewer, lead_id)


@router.post("/leads/{lead_id}/junk", status_code=204)
def call_junk(request: Request, viewer: RecordWriter, lead_id: RowId) -> None:
    """Put an active lead aside: its mails wait for no answer any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.change_lead(session, viewer, lead_id, use_leads.put_aside)


@router.post("/leads/{lead_id}/take-up", status_code=204)
def take_up(request: Request, viewer: RecordWriter, lead_id: RowId) -> None:
    """Make a lead active again that was called junk."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.change_lead(session, viewer, lead_id, use_leads.take_up)


@router.get("/pipelines")
def pipelines(request: Request, viewer: RecordReader) -> Listing[PipelineView]:
    """Pipelines with their stages."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=reading.pipelines(session, viewer))


@router.get("/deals")
def deals(
    request: Request,
    viewer: RecordReader,
    words: str = "",
    contact_id: RowId | None = None,
    repeat: bool | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Listing[DealView]:
    """Deals, newest first."""
    wanted = RecordFilter(words=words, contact_id=contact_id, repeat=repeat, before=after_id(after), limit=limit)
    with services_of(request).store.database.reading() as session:
        rows = reading.deals(session, viewer, wanted)
    return Listing(items=rows, next=str(rows[-1].id) if len(rows) == limit else None)


@router.post("/deals", status_code=201)
def new_deal(request: Request, viewer: RecordWriter, new: NewDeal) -> Made:
    """Add a deal."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=_add(session, viewer, RecordType.DEAL, use_deals.create_deal, new))


@router.get("/deals/{deal_id}")
def deal(request: Request, viewer: RecordReader, deal_id: RowId) -> DealView:
    """One deal."""
    with services_of(request).store.database.reading() as session:
        return reading.deal(session, viewer, deal_id)


@router.post("/deals/{deal_id}/stage", status_code=204)
def move_deal(request: Request, viewer: RecordWriter, deal_id: RowId, move: Move) -> None:
    """Put a deal into another stage."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.move_deal(session, viewer, deal_id, move.stage_id)


@router.get("/activities", tags=["activities"])
def activities(
    request: Request,
    viewer: RecordReader,
    mine: bool = False,
    kind: ActivityKind | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Listing[Entry]:
    """The stream of all records, newest first."""
    wanted = StreamFilter(mine=mine, kinds=frozenset({kind} if kind else ()))
    with services_of(request).store.database.reading() as session:
        page = stream(session, viewer, wanted, behind=_behind(after), limit=limit)
    return Listing(items=list(page.entries), next=write_cursor(page.next))


@router.post("/activities", status_code=201, tags=["activities"])
def new_activity(request: Request, viewer: RecordWriter, new: NewActivity) -> Made:
    """Put a comment, call or meeting on a record."""
    record = (new.record_type, new.record_id)
    entry = NewEntry(records=(record,), **new.model_dump(exclude={"record_type", "record_id"}))
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=add_entry(session, viewer, entry))


@router.get("/timeline/{record_type}/{record_id}", tags=["activities"])
def record_timeline(
    request: Request,
    viewer: RecordReader,
    record_type: RecordType,
    record_id: RowId,
    after: After = None,
    limit: Limit = 50,
) -> Listing[Entry]:
    """What happened on one record, newest first; what is planned comes before it on the first page."""
    with services_of(request).store.database.reading() as session:
        told = timeline(session, viewer, (record_type, record_id), behind=_behind(after), limit=limit)
    return Listing(items=[*told.planned, *told.past.entries], next=write_cursor(told.past.next))


def _add(session: WriteSession, viewer: Viewer, kind: RecordType, make: Callable[..., int], new: BaseModel) -> int:
    return on_behalf.add(session, viewer, kind, make, **new.model_dump(), source="api")


def _behind(after: str | None) -> Cursor | None:
    cursor = read_cursor(after)
    return Cursor(cursor.at, cursor.id) if cursor else None
