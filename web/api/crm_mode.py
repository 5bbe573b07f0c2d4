"""The mode of the CRM for programs: which one is in force, what a change would do, the change, and how far it is."""

from dataclasses import dataclass

from fastapi import Request
from pydantic import BaseModel

from crm.records.modes import Client, CrmMode, Mode, change_repeat, read_mode
from crm.records.repository.conversion import ActiveLeads, active_leads
from crm.records.repository.lead_runs import Choices, Run, last_change_of_mode
from crm.records.switching import change_mode
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.api.callers import SettingsReader, SettingsWriter
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/crm/mode", tags=["settings"])


class NewMode(BaseModel):
    """A mode and, for a change to Simple, what active leads become: deals with that client in that pipeline (the first one
    unless it is named)."""

    mode: Mode
    client: Client = Client.CONTACT
    pipeline_id: RowId | None = None
    complete_activities: bool = False


class Repeat(BaseModel):
    """Whether a client without open deal or active lead who writes again gets a repeat one."""

    on: bool


@dataclass(frozen=True, slots=True)
class ModeInForce:
    """The mode; the leads that a change to Simple would convert now; the last such change."""

    mode: Mode
    client: Client
    repeat_items: bool
    active: ActiveLeads
    switch: Run | None


@router.get("")
def mode(request: Request, _: SettingsReader) -> ModeInForce:
    """The mode in force."""
    with services_of(request).store.database.reading() as session:
        return _now(session, read_mode(session))


@router.put("")
def put_mode(request: Request, viewer: SettingsWriter, new: NewMode) -> ModeInForce:
    """Put another mode in force. Leads are converted by a job: `switch` tells how far it is."""
    choices = Choices(new.client, new.pipeline_id, new.complete_activities)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_mode(session, viewer, new.mode, choices)
    with services_of(request).store.database.reading() as session:
        return _now(session, read_mode(session))


@router.put("/repeat", status_code=204)
def put_repeat(request: Request, viewer: SettingsWriter, wanted: Repeat) -> None:
    """Switch repeat deals and leads on or off."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_repeat(session, viewer, on=wanted.on)


def _now(session: ReadSession, mode: CrmMode) -> ModeInForce:
    return ModeInForce(mode.mode, mode.client, mode.repeat_items, active_leads(session), last_change_of_mode(session))
