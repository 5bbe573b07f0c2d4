"""Importing: upload, say which column is which, try, run, undo. Every step is a page that can be come back to.

The list that a file was sent to says what its rows are; an import is found under any of them.
"""

from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Form, Path, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access.repository import people
from crm.records.importing.choices import Choices
from crm.records.importing.fields import known as known_fields
from crm.records.importing.kinds import KINDS, Missing, OnKnown
from crm.records.importing.repository import runs
from crm.records.importing.repository.knowing import custom_fields
from crm.records.importing.repository.undoing import kept_clients, kept_records
from crm.records.importing.steering import ask_for_trial, ask_to_go_on, ask_to_run, ask_to_undo
from crm.records.importing.stopping import AT_WORK, ask_to_stop
from crm.records.importing.uploading import require_mode, upload
from crm.records.importing.views import ImportView
from crm.records.paths import PLURALS, record_path
from storage.models import ImportState
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.csv_answers import errors_as_csv
from web.forms import RowId, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of


class Records(StrEnum):
    """Lists of records, as their paths name them."""

    CONTACTS = "contacts"
    COMPANIES = "companies"
    LEADS = "leads"
    DEALS = "deals"


KIND_OF: Final = {Records(plural): kind for kind, plural in PLURALS.items()}
router = page_router(prefix="/{records}/import")
SHOWN_ROWS, SHOWN_ERRORS, SHOWN_KEPT = 3, 20, 50


@router.get("")
def start(request: Request, me: Me, records: Records) -> Response:
    """Choose a file; the imports of before."""
    me.viewer.require_import(KIND_OF[records])
    with services_of(request).store.database.reading() as session:
        require_mode(session, KIND_OF[records])
    return _start(request, me, records)


@router.post("")
def send_file(
    request: Request, me: Me, records: Records, file: UploadFile, sheet: Annotated[str, Form()] = ""
) -> Response:
    """Read the file and go on to its columns; what is no list is told on the same page."""
    kind = KIND_OF[records]
    me.viewer.require_import(kind)
    try:
        run_id = upload(services_of(request).store, me.viewer, file.file, file.filename or "", sheet.strip(), kind)
    except UsageError as error:
        return _start(request, me, records, failure=str(error), sheet=sheet, status=422)
    return _to(records, run_id)


@router.get("/{run_id}")
def one(request: Request, me: Me, records: Records, run_id: RowId) -> Response:
    """An import where it stands."""
    with services_of(request).store.database.reading() as session:
        run = runs.run_view(session, me.viewer, run_id)
        if KIND_OF[records] is not run.record_type:
            return _to(PLURALS[run.record_type], run_id)
        shown = _shown(session, me, run)
    return render(request, me, "importing/import.html", **shown)


@router.get("/{run_id}/progress")
def progress(request: Request, me: Me, records: Records, run_id: RowId) -> Response:
    """How far it is; when it has ended, the page is loaded again."""
    with services_of(request).store.database.reading() as session:
        run = runs.run_view(session, me.viewer, run_id)
    if run.state not in AT_WORK and "hx-request" in request.headers:
        return Response(status_code=200, headers={"hx-refresh": "true"})
    return render(request, me, "importing/_progress.html", run=run, path=f"/{records}/import")


@router.post("/{run_id}/try")
def try_it(
    request: Request,
    me: Me,
    records: Records,
    run_id: RowId,
    field: Annotated[list[str], Form()],
    known: Annotated[OnKnown, Form()] = OnKnown.COMPLETE,
    missing: Annotated[Missing, Form()] = Missing.REFUSE,
    responsible: Annotated[str, Form()] = "",
) -> Response:
    """Say which column is which, and what is done with records that are known; then see what would happen."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        kind = runs.run_view(session, me.viewer, run_id).record_type
        fields = known_fields(field, custom_fields(session, me.viewer, kind))
        ask_for_trial(session, me.viewer, run_id, Choices(fields, known, row_id(responsible), missing))
    return _to(records, run_id)


@router.post("/{run_id}/run")
def run_it(request: Request, me: Me, records: Records, run_id: RowId) -> Response:
    """Import, as it was tried."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_run(session, me.viewer, run_id)
    return _to(records, run_id)


@router.post("/{run_id}/undo")
def undo_it(request: Request, me: Me, records: Records, run_id: RowId) -> Response:
    """Take back what the import did."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_undo(session, me.viewer, run_id)
    return _to(records, run_id)


@router.post("/{run_id}/stop")
def stop_it(request: Request, me: Me, records: Records, run_id: RowId) -> Response:
    """Stop what it is at."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_stop(session, me.viewer, run_id)
    return _to(records, run_id)


@router.post("/{run_id}/go-on")
def go_on(request: Request, me: Me, records: Records, run_id: RowId) -> Response:
    """Go on with a run that was stopped."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_go_on(session, me.viewer, run_id)
    return _to(records, run_id)


@router.get("/{run_id}/errors.csv")
def errors(request: Request, me: Me, _: Annotated[Records, Path(alias="records")], run_id: RowId) -> Response:
    """All rows that are refused, as a file."""
    return errors_as_csv(services_of(request).store, me.viewer, run_id)


def _to(records: str, run_id: int) -> Response:
    return RedirectResponse(f"/{records}/import/{run_id}", 303)


def _start(
    request: Request, me: Me, records: Records, *, failure: str = "", sheet: str = "", status: int = 200
) -> Response:
    with services_of(request).store.database.reading() as session:
        before = runs.run_views(session, me.viewer)
        names = {person.id: person.name for person in people(session, me.viewer, with_inactive=True)}
    return render(
        request,
        me,
        "importing/start.html",
        status=status,
        kind=KINDS[KIND_OF[records]],
        list_path=f"/{records}",
        lists=PLURALS,
        kinds=KINDS,
        before=before,
        names=names,
        failure=failure,
        sheet=sheet,
    )


def _shown(session: ReadSession, me: Me, run: ImportView) -> dict[str, Any]:
    kind, custom = KINDS[run.record_type], custom_fields(session, me.viewer, run.record_type)
    records = PLURALS[run.record_type]
    return {
        "run": run,
        "kind": kind,
        "path": f"/{records}/import",
        "list_path": f"/{records}",
        "labels": {**kind.labels, **{key: field.name for key, field in custom.items()}},
        "sample": [row.cells for row in runs.rows_after(session, me.viewer, run.id, 0, SHOWN_ROWS)],
        "errors": runs.errors(session, me.viewer, run.id, limit=SHOWN_ERRORS),
        "kept": _kept(session, me, run) if run.state is ImportState.UNDONE else [],
        "colleagues": people(session, me.viewer),
        "at_work": run.state in AT_WORK,
    }


def _kept(session: ReadSession, me: Me, run: ImportView) -> list[tuple[str, str]]:
    """Names and addresses of records that undoing left."""
    kept = kept_records(session, me.viewer, run.id, SHOWN_KEPT)
    kept += kept_clients(session, me.viewer, run.id, SHOWN_KEPT)
    return [(one.name, record_path((one.type, one.id))) for one in kept]
