"""What becomes of leads, for programs: their stages, moving and converting them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import BaseModel

from core.clock import utcnow
from crm.office.settings import read_office
from crm.records import lead_runs, on_behalf
from crm.records.gone import KEPT_FOR
from crm.records.modes import Client
from crm.records.outcomes import Conversion, Converted
from crm.records.repository import lead_numbers
from crm.records.repository import lead_runs as rows
from crm.records.repository.lead_numbers import Conversions, months_between
from crm.records.repository.lead_runs import Choices, Run
from crm.records.repository.lead_stages import lead_stages
from crm.records.repository.proposals import Proposal, proposal
from crm.records.repository.teams import TeamView, teams
from crm.records.teams import Team
from crm.records.views import LeadStageView
from storage.models import LeadAct
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import Limit, Listing
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Before this no lead came: each month since then is told apart."""


class LeadMove(BaseModel):
    """Where a lead goes."""

    stage_id: RowId


@dataclass(frozen=True, slots=True)
class ToTeam(Team):
    """One of these people gets it: of a department and those below it, in turn or whoever is least busy (`method`), or of a
    mailbox's queue as that says itself. Who is at work comes first."""

    department_id: RowId | None = None
    mailbox_id: RowId | None = None


@dataclass(frozen=True, slots=True)
class NewConversion(Conversion):
    """What a lead becomes: a client (null: none) and a deal, or one of them.

    A contact or company that is named is taken; else one that has the lead's address, phone or domain, unless `anew`; else a
    new one. `amount` is in the currency's smallest unit (null: the lead's). `into` is the stage for converted leads that it
    goes to. Somebody (`responsible_id`) or one of a `team` looks after it from then on; without both whoever has the lead.
    `along` are keys of the lead's fields that are written on what it becomes (null: all), `values` more that is written on
    what is new, by its kind (`deal`) and the key of the field; a deal that begins in `stage_id` has what that requires.
    """

    contact_id: RowId | None = None
    company_id: RowId | None = None
    stage_id: RowId | None = None
    responsible_id: RowId | None = None
    team: ToTeam | None = None
    into: RowId | None = None


class NewClient(BaseModel):
    """Whose a lead is: a contact, or null for nobody who is known."""

    contact_id: RowId | None


class NewRun(BaseModel):
    """What is done to which leads; the choices are for converting (`client` null: no client, `pipeline_id` null: the first;
    `responsible_id` or `team` null: whoever has each keeps it)."""

    act: LeadAct
    leads: list[RowId]
    client: Client | None = Client.CONTACT
    deal: bool = True
    pipeline_id: RowId | None = None
    complete_activities: bool = False
    responsible_id: RowId | None = None
    team: ToTeam | None = None


@dataclass(frozen=True, slots=True)
class LeadNumbers:
    """Conversions since a moment: in all, by month of the company's time zone, by source, by person."""

    since: datetime
    total: Conversions
    by_month: list[Conversions]
    by_source: list[Conversions]
    by_person: list[Conversions]


@router.get("/lead-numbers")
def numbers(request: Request, viewer: RecordReader, since: datetime | None = None) -> LeadNumbers:
    """How many leads came and were converted since then (null: in a year), and the mean time that took, in seconds."""
    asked = since or utcnow() - timedelta(days=365)
    moment = max(asked.astimezone(UTC) if asked.tzinfo else asked.replace(tzinfo=UTC), EARLIEST)
    with services_of(request).store.database.reading() as session:
        months = months_between(moment, utcnow(), ZoneInfo(read_office(session).time_zone))
        return LeadNumbers(
            moment,
            lead_numbers.in_total(session, viewer, moment),
            [*lead_numbers.by_month(session, viewer, moment, months).values()],
            [*lead_numbers.by_source(session, viewer, moment).values()],
            [*lead_numbers.by_person(session, viewer, moment).values()],
        )


@router.get("/lead-stages")
def stages(request: Request, viewer: RecordReader) -> Listing[LeadStageView]:
    """The stages that leads go through, in order."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=lead_stages(session, viewer))


@router.get("/teams")
def known_teams(request: Request, viewer: RecordReader) -> Listing[TeamView]:
    """To which departments and queues clients can be handed."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=teams(session, viewer))


@router.post("/leads/{lead_id}/stage", status_code=204)
def move(request: Request, viewer: RecordWriter, lead_id: RowId, move: LeadMove) -> None:
    """Put a lead into another stage; one that converts what arrives converts it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.move_lead(session, viewer, lead_id, move.stage_id)


@router.get("/leads/{lead_id}/conversion")
def known(request: Request, viewer: RecordReader, lead_id: RowId) -> Proposal:
    """Clients that a lead may be, and what new ones would be called."""
    with services_of(request).store.database.reading() as session:
        return proposal(session, viewer, lead_id)


@router.post("/leads/{lead_id}/client", status_code=204)
def name_client(request: Request, viewer: RecordWriter, lead_id: RowId, new: NewClient) -> None:
    """Make an active lead a repeat lead of a contact who is known; with null it names nobody any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        on_behalf.name_client(session, viewer, lead_id, new.contact_id)


@router.post("/leads/{lead_id}/convert")
def convert(request: Request, viewer: RecordWriter, lead_id: RowId, how: NewConversion) -> Converted:
    """Turn an active lead into client and deal."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return on_behalf.convert(session, viewer, lead_id, how, into=how.into)


@router.post("/lead-runs", status_code=201)
def begin_run(request: Request, viewer: RecordWriter, new: NewRun) -> Run:
    """Convert many leads, call them junk or take them up again. A job does it: the answer to a later question tells how far it
    is, and which could not be changed."""
    choices = Choices(new.client, new.pipeline_id, new.complete_activities, new.deal, new.responsible_id, new.team)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        number = lead_runs.begin(session, viewer, new.act, new.leads, choices)
        return rows.run(session, viewer, number)


@router.get("/lead-runs")
def runs(request: Request, viewer: RecordReader, limit: Limit = 50) -> Listing[Run]:
    """The newest runs of the last 30 days: one's own, for administrators everybody's."""
    with services_of(request).store.database.reading() as session:
        asked = rows.asked_since(session, viewer, utcnow() - KEPT_FOR, limit)
    return Listing(items=[each.run for each in asked])


@router.get("/lead-runs/{number}")
def run(request: Request, viewer: RecordReader, number: RowId) -> Run:
    """How far it is."""
    with services_of(request).store.database.reading() as session:
        return rows.run(session, viewer, number)


@router.post("/lead-runs/{number}/stop", status_code=204)
def stop_run(request: Request, viewer: RecordWriter, number: RowId) -> None:
    """End it where it is: what was done stays, and the rest can be chosen again. 409 where it has ended already."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        lead_runs.stop(session, viewer, number)


@router.post("/lead-runs/{number}/undo", status_code=201)
def undo_run(request: Request, viewer: RecordWriter, number: RowId) -> Run:
    """Take up again what a run called junk."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return rows.run(session, viewer, lead_runs.undo(session, viewer, number))
