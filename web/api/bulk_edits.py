"""The same to many records, for programs: asked for, followed, stopped, taken back."""

from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel, Field

from core.clock import utcnow
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.bulk import repository
from crm.records.bulk.acts import ask_for_deletion, ask_for_move
from crm.records.bulk.editing import ask_for_edit
from crm.records.bulk.stopping import ask_to_stop
from crm.records.bulk.undoing import UNDONE_WITHIN, ask_for_undo
from storage.models import BulkAct, BulkEdit, RecordType
from storage.sessions import ReadSession, WriteSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import Limit, Listing
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/bulk-edits", tags=["records"])


class NewEdit(BaseModel):
    """Which records, and what is done to them. `edit`: fields are set by key (`GET /fields/{record_type}`), tags given and taken.
    `delete`: they go into the recycle bin. `move`: deals, or active leads, go into the stage `stage_id`.

    `amount` as text (`"1200.50"`) is one in whole units of the currency that each record has, or gets by the same edit; as a
    number, in the smallest unit of that."""

    act: BulkAct = BulkAct.EDIT
    record_type: RecordType
    records: list[RowId]
    stage_id: RowId | None = None
    set: dict[str, Any] = Field(default_factory=dict)
    add_tags: list[str] = Field(default_factory=list)
    remove_tags: list[str] = Field(default_factory=list)


class Refused(BaseModel):
    """A record that could not be changed, and why. `kind` says what it is where an act is on records of several kinds."""

    id: int
    kind: RecordType | None = None
    why: str


class EditOfMany(BaseModel):
    """How far an act on many is: of `total` records `done` were looked at. A hand-over is of all kinds and of tasks: its
    `record_type` is null, and `total` 0 until they are counted. Of `refused_count` that could not
    be changed the first 200 are in `refused`. `kept` are fields that an undo left, changed since, `unfit`
    those of which the former value can not stand there any more.
    `stopped` says why it did not go on to its end, and what to do."""

    id: int
    act: BulkAct
    record_type: RecordType | None
    at: datetime
    total: int
    done: int
    changed: int
    refused: list[Refused]
    refused_count: int
    ended_at: datetime | None
    undo_asked_at: datetime | None
    undone: int
    kept: int
    unfit: int
    undone_at: datetime | None
    stopped: str


@router.get("")
def edits(request: Request, viewer: RecordReader, limit: Limit = 50) -> Listing[EditOfMany]:
    """The newest acts on many of the last 30 days: one's own, for administrators everybody's."""
    with services_of(request).store.database.reading() as session:
        rows = repository.asked_since(session, viewer, utcnow() - UNDONE_WITHIN, limit)
        return Listing(items=[_shown(row) for row in rows])


@router.post("", status_code=201)
def begin(request: Request, viewer: RecordWriter, new: NewEdit) -> EditOfMany:
    """Ask for one. A job does it: the answer to a later question tells how far it is, and which could not be changed."""
    _demand_of_one_act(new)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return state_of(session, viewer, _ask(session, viewer, new))


@router.get("/{edit_id}")
def one(request: Request, viewer: RecordReader, edit_id: RowId) -> EditOfMany:
    """How far it is."""
    with services_of(request).store.database.reading() as session:
        return state_of(session, viewer, edit_id)


@router.post("/{edit_id}/stop", status_code=204)
def stop(request: Request, viewer: RecordWriter, edit_id: RowId) -> None:
    """End it, or its undoing, where it is: what was done stays, and can be undone. 409 where it has ended already."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_stop(session, viewer, edit_id)


@router.post("/{edit_id}/undo", status_code=204)
def undo(request: Request, viewer: RecordWriter, edit_id: RowId) -> None:
    """Put back what still stands as it was left, within 30 days."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_for_undo(session, viewer, edit_id)


def state_of(session: ReadSession, viewer: Viewer, edit_id: int) -> EditOfMany:
    """How far one is. Raises `NotFound`."""
    return _shown(repository.bulk_edit(session, viewer, edit_id))


def _demand_of_one_act(new: NewEdit) -> None:
    """Raises `UsageError` where something is sent that the act does not take, or a stage is missing."""
    if new.act is BulkAct.HAND_OVER:
        raise UsageError("Everything of a person is handed over by POST /people/{id}/hand-over.")
    if new.act is not BulkAct.EDIT and (new.set or new.add_tags or new.remove_tags):
        raise UsageError(f"Fields and tags are changed by the act edit: {new.act.value} takes none.")
    if new.act is not BulkAct.MOVE and new.stage_id is not None:
        raise UsageError("A stage_id goes with the act move.")
    if new.act is BulkAct.MOVE and new.stage_id is None:
        raise UsageError("Say by stage_id where they are to go.")


def _ask(session: WriteSession, viewer: Viewer, new: NewEdit) -> int:
    if new.act is BulkAct.DELETE:
        return ask_for_deletion(session, viewer, new.record_type, new.records)
    if new.stage_id is not None:
        return ask_for_move(session, viewer, new.record_type, new.records, new.stage_id)
    tags = {"add_tags": new.add_tags, "remove_tags": new.remove_tags}
    return ask_for_edit(session, viewer, new.record_type, new.records, new.set, **tags)


def _shown(row: BulkEdit) -> EditOfMany:
    shown = EditOfMany.model_validate(row, from_attributes=True)
    return shown.model_copy(update={"record_type": None}) if row.act is BulkAct.HAND_OVER else shown
