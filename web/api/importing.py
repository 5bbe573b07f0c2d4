"""Imports for programs: a file is uploaded, tried, run, looked at and undone, by the same rules as in the console."""

from typing import Annotated

from fastapi import Form, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, Field

from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices, checked, remapped
from crm.records.importing.kinds import KINDS, Missing, OnKnown
from crm.records.importing.repository import runs
from crm.records.importing.repository.knowing import custom_fields
from crm.records.importing.steering import ask_for_trial, ask_to_go_on, ask_to_run, ask_to_undo
from crm.records.importing.stopping import ask_to_stop
from crm.records.importing.uploading import upload
from crm.records.importing.views import ImportView, RowError
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id
from web.csv_answers import errors_as_csv
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/imports", tags=["imports"])


class Wish(BaseModel):
    """How the file is read; what is left out stays as it was guessed or chosen before.

    `mapping`: column to field, a custom one by its key or name; empty leaves the column out. `known`: what is done with records
    that are here already (contacts are not added twice). `missing`: with contacts and companies that leads and deals name.
    """

    mapping: Annotated[dict[str, str] | None, Field(examples=[{"Firma": "company", "Notes": ""}])] = None
    known: OnKnown | None = None
    missing: Missing | None = None
    responsible_id: RowId | None = None


@router.post("", status_code=201)
def upload_file(
    request: Request,
    viewer: RecordWriter,
    file: UploadFile,
    sheet: Annotated[str, Form()] = "",
    record_type: Annotated[RecordType, Form()] = RecordType.CONTACT,
) -> ImportView:
    """Upload a CSV, XLSX or vCard file of records of one kind. Nothing is imported yet: `fields` is a guess that can be
    changed. Leads in Classic mode only."""
    store = services_of(request).store
    run_id = upload(store, viewer, file.file, file.filename or "", sheet, record_type)
    with store.database.reading() as session:
        return runs.run_view(session, viewer, run_id)


@router.get("")
def imports(request: Request, viewer: RecordReader) -> Listing[ImportView]:
    """The last imports: your own, for managers and administrators all."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=runs.run_views(session, viewer))


@router.get("/{run_id}")
def one_import(request: Request, viewer: RecordReader, run_id: RowId) -> ImportView:
    """Where an import stands: `dealt_with` of `rows`, the numbers of its trial, and what was done."""
    with services_of(request).store.database.reading() as session:
        return runs.run_view(session, viewer, run_id)


@router.get("/{run_id}/errors")
def row_errors(
    request: Request, viewer: RecordReader, run_id: RowId, after: After = None, limit: Limit = 100
) -> Listing[RowError]:
    """Rows that the last trial or the import has refused."""
    with services_of(request).store.database.reading() as session:
        rows = runs.errors(session, viewer, run_id, after=after_id(after) or 0, limit=limit)
    return Listing(items=rows, next=str(rows[-1].row) if len(rows) == limit else None)


@router.get("/{run_id}/errors.csv", response_class=Response)
def errors_file(request: Request, viewer: RecordReader, run_id: RowId) -> Response:
    """The same rows with their cells, to be mended and uploaded again."""
    return errors_as_csv(services_of(request).store, viewer, run_id)


@router.post("/{run_id}/try", status_code=202)
def try_import(request: Request, viewer: RecordWriter, run_id: RowId, wish: Wish) -> ImportView:
    """Say what would happen: `trial`, as soon as `state` is `ready` again. No record is written."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_for_trial(session, viewer, run_id, _choices(session, viewer, run_id, wish))
        session.flush()
        return runs.run_view(session, viewer, run_id)


@router.post("/{run_id}/run", status_code=202)
def run_import(request: Request, viewer: RecordWriter, run_id: RowId, wish: Wish) -> ImportView:
    """Import the file. `state` goes from `running` to `done`."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_run(session, viewer, run_id, _choices(session, viewer, run_id, wish))
        session.flush()
        return runs.run_view(session, viewer, run_id)


@router.post("/{run_id}/undo", status_code=202)
def undo_import(request: Request, viewer: RecordWriter, run_id: RowId) -> ImportView:
    """Take back what an import did, within 30 days; what somebody changed since is kept and counted in `undo`."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_undo(session, viewer, run_id)
        session.flush()
        return runs.run_view(session, viewer, run_id)


@router.post("/{run_id}/go-on", status_code=202)
def go_on_with_import(request: Request, viewer: RecordWriter, run_id: RowId) -> ImportView:
    """Go on with a run that was stopped (`unfinished`), behind the last row that was imported."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_go_on(session, viewer, run_id)
        session.flush()
        return runs.run_view(session, viewer, run_id)


@router.post("/{run_id}/stop")
def stop_import(request: Request, viewer: RecordWriter, run_id: RowId) -> ImportView:
    """Stop a trial, a run or an undoing that is at work; `stopped` says what to do then."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_stop(session, viewer, run_id)
        session.flush()
        return runs.run_view(session, viewer, run_id)


def _choices(session: ReadSession, viewer: Viewer, run_id: RowId, wish: Wish) -> Choices:
    """What is chosen now, over what was before. Raises `UsageError` for a column that there is not."""
    run = runs.run_view(session, viewer, run_id)
    kind = KINDS[run.record_type]
    wishes = [f"{column}={field}" for column, field in (wish.mapping or {}).items()]
    custom = custom_fields(session, viewer, run.record_type)
    return Choices(
        remapped(run.header, run.fields, wishes, custom, kind) if wishes else checked(run.fields, kind),
        wish.known or run.known,
        wish.responsible_id if wish.responsible_id is not None else run.responsible_id,
        wish.missing or run.missing,
    )
