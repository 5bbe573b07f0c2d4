"""Contacts, companies, leads, deals and their timelines."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from crm.access.rights import Act
from crm.access.viewer import Viewer
from crm.records import leads as use_leads
from crm.records import on_behalf
from crm.records.adding import HAVE_STAGES, add_record
from crm.records.already_known import require_unknown
from crm.records.fields.editing import version_of_record
from crm.records.repository import reading
from crm.records.views import PipelineView
from crm.stream.timeline.entries import add_entry
from crm.stream.timeline.repository import stream, timeline
from crm.stream.views import Entry, NewEntry, StreamFilter
from storage.models import ActivityKind, RecordType
from storage.sessions import WriteSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing
from web.api.versioned import VersionedCompany, VersionedContact, VersionedDeal, VersionedLead, with_version
from web.forms import Minutes, RowId
from web.paging import read_cursor, write_cursor
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


class NewRecord(BaseModel):
    """What a record is made with. Further fields of its kind (`GET /fields/{record_type}`) and custom ones are sent by their keys
    beside the others, as `PATCH` takes them: `city`, `field_12`."""

    model_config = ConfigDict(extra="allow")

    responsible_id: RowId | None = None
    tags: list[str] = Field(default_factory=list)
    source: Annotated[str, Field(description="Where it came by.")] = "api"
    notes: str = ""


class NewContact(NewRecord):
    """A person outside; without a name, `first_name` and `last_name` make one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Anna Kowalska", "emails": ["anna@client.example"], "tags": ["vip"], "field_12": 5}]
        }
    )
    name: str = ""
    emails: list[str] = Field(default_factory=list)
    phones: list[str] = Field(default_factory=list)
    company_id: RowId | None = None
    position: str = ""


class NewCompany(NewRecord):
    """An organisation."""

    name: str
    domain: str | None = None
    emails: list[str] = Field(default_factory=list)
    phones: list[str] = Field(default_factory=list)


class NewLead(NewRecord):
    """A possible client."""

    title: str
    stage_id: Annotated[RowId | None, Field(description="One of active leads; the first one where it is not sent.")] = (
        None
    )
    name: str = ""
    emails: list[str] = Field(default_factory=list)
    phones: list[str] = Field(default_factory=list)
    contact_id: Annotated[RowId | None, Field(description="Whose repeat lead it is.")] = None
    company_id: Annotated[RowId | None, Field(description="Where it is not sent: that of the contact.")] = None


class NewDeal(NewRecord):
    """Something to be sold; `amount` in the currency's smallest unit."""

    title: str
    stage_id: RowId | None = None
    contact_id: RowId | None = None
    company_id: Annotated[RowId | None, Field(description="Where it is not sent: that of the contact.")] = None
    amount: int = 0
    currency: Annotated[str, Field(description="Three letters; the company's where it is empty.")] = ""
    closes_on: date | None = None


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


@router.post("/contacts", status_code=201)
def new_contact(request: Request, viewer: RecordWriter, new: NewContact, anyway: bool = False) -> Made:
    """Add a contact. Where a contact or active lead has an address or phone of it, 409 with those in `known`, unless it is to
    be added `anyway`."""
    _require_unknown(request, viewer, RecordType.CONTACT, anyway=anyway, emails=new.emails, phones=new.phones)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return _add(session, viewer, RecordType.CONTACT, new)


@router.get("/contacts/{contact_id}")
def contact(request: Request, viewer: RecordReader, contact_id: RowId) -> VersionedContact:
    """One contact."""
    with services_of(request).store.database.reading() as session:
        told = reading.contact(session, viewer, contact_id)
        version = version_of_record(session, viewer, (RecordType.CONTACT, contact_id))
    return with_version(VersionedContact, told, version)


@router.post("/companies", status_code=201)
def new_company(request: Request, viewer: RecordWriter, new: NewCompany, anyway: bool = False) -> Made:
    """Add a company. Where one has its domain or an address or phone of it, 409 with those in `known`, unless it is to be added
    `anyway`."""
    shared = {"emails": new.emails, "phones": new.phones, "domain": new.domain}
    _require_unknown(request, viewer, RecordType.COMPANY, anyway=anyway, **shared)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return _add(session, viewer, RecordType.COMPANY, new)


@router.get("/companies/{company_id}")
def company(request: Request, viewer: RecordReader, company_id: RowId) -> VersionedCompany:
    """One company."""
    with services_of(request).store.database.reading() as session:
        told = reading.company(session, viewer, company_id)
        version = version_of_record(session, viewer, (RecordType.COMPANY, company_id))
    return with_version(VersionedCompany, told, version)


@router.post("/leads", status_code=201)
def new_lead(request: Request, viewer: RecordWriter, new: NewLead, anyway: bool = False) -> Made:
    """Add a lead. Where a contact or active lead has an address or phone of it, 409 with those in `known`, unless it is to be
    added `anyway`."""
    _require_unknown(request, viewer, RecordType.LEAD, anyway=anyway, emails=new.emails, phones=new.phones)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return _add(session, viewer, RecordType.LEAD, new)


@router.get("/leads/{lead_id}")
def lead(request: Request, viewer: RecordReader, lead_id: RowId) -> VersionedLead:
    """One lead."""
    with services_of(request).store.database.reading() as session:
        told = reading.lead(session, viewer, lead_id)
        version = version_of_record(session, viewer, (RecordType.LEAD, lead_id))
    return with_version(VersionedLead, told, version)


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


@router.post("/deals", status_code=201)
def new_deal(request: Request, viewer: RecordWriter, new: NewDeal) -> Made:
    """Add a deal."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return _add(session, viewer, RecordType.DEAL, new)


@router.get("/deals/{deal_id}")
def deal(request: Request, viewer: RecordReader, deal_id: RowId) -> VersionedDeal:
    """One deal."""
    with services_of(request).store.database.reading() as session:
        told = reading.deal(session, viewer, deal_id)
        version = version_of_record(session, viewer, (RecordType.DEAL, deal_id))
    return with_version(VersionedDeal, told, version)


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
        page = stream(session, viewer, wanted, behind=read_cursor(after), limit=limit)
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
        told = timeline(session, viewer, (record_type, record_id), behind=read_cursor(after), limit=limit)
    return Listing(items=[*told.planned, *told.past.entries], next=write_cursor(told.past.next))


def _require_unknown(request: Request, viewer: Viewer, kind: RecordType, *, anyway: bool, **shared: Any) -> None:
    viewer.require(Act.CREATE, kind)
    if not anyway:
        with services_of(request).store.database.reading() as session:
            require_unknown(session, viewer, kind, **shared)


def _add(session: WriteSession, viewer: Viewer, kind: RecordType, new: NewRecord) -> Made:
    values = new.model_dump(exclude_unset=True)
    stage_id = values.pop("stage_id", None) if kind in HAVE_STAGES else None
    return Made(id=add_record(session, viewer, kind, values, stage_id=stage_id, source="api"))
