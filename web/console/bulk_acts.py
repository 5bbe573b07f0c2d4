"""Ticked records deleted, moved, exported or merged: what each needs to be asked first, and doing it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from core.errors import UsageError
from crm.access.rights import Act
from crm.records.bulk import acts
from crm.records.bulk.acts import ask_for_deletion, ask_for_move
from crm.records.bulk.stopping import ask_to_stop
from crm.records.merge_fields import FIELDS
from crm.records.paths import PLURALS
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.sessions import WriteSession
from storage.writer_lock import Urgency
from web.console.stage_choice import stages_to_choose
from web.console.ticked import all_meant, first_meant, ids_listed, ids_meant, list_meant
from web.exports import FileForm, Reader, export
from web.forms import RowId, row_id
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
NAMED = 5
"""Records that a question names; of others it tells how many they are."""
MOST_EXPORTED = 1000
MOST_MERGED = 10


class Question(StrEnum):
    """What is asked about the ticked records."""

    DELETE = "delete"
    MOVE = "move"
    EXPORT = "export"
    MERGE = "merge"


@router.post("/bulk/{kind}/ask/{question}")
async def ask(request: Request, me: Me, kind: RecordType, question: Question) -> Response:
    """What will happen to the ticked records, or to all that the filter shows, in numbers."""
    return await run_in_threadpool(_ask, request, me, kind, question, await request.form())


def _ask(request: Request, me: SignedIn, kind: RecordType, question: Question, form: FormData) -> Response:
    me.viewer.require(RIGHTS[question], kind)
    if question is Question.MERGE:
        return _merge(me, kind, form)
    if question is not Question.EXPORT:
        me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        meant = first_meant if question is Question.EXPORT else ids_meant
        ids = meant(session, me, kind, form)
        context: dict[str, Any] = {
            "kind": kind,
            "ids": ids,
            "named": reading.names_of(session, me.viewer, [(kind, one) for one in ids[:NAMED]]),
            "pipelines": stages_to_choose(session, me.viewer, kind) if question is Question.MOVE else (),
            "everything": all_meant(form),
            "counted": len(ids) <= acts.MOST_RECORDS,
            "query": str(form.get("query", "")),
            "back": f"/{PLURALS[kind]}",
        }
    return render_overlay(request, me, f"records/_bulk_{question.value}.html", **context)


@router.post("/bulk/{kind}/delete")
async def delete(request: Request, me: Me, kind: RecordType) -> Response:
    """Have them put into the recycle bin, and show how far it is."""
    form = await request.form()
    return await run_in_threadpool(
        _begin, request, lambda session: ask_for_deletion(session, me.viewer, kind, ids_listed(form))
    )


@router.post("/bulk/{kind}/move")
async def move(request: Request, me: Me, kind: RecordType) -> Response:
    """Have them put into a stage, and show how far it is."""
    form = await request.form()
    stage = row_id(str(form.get("stage", "")))
    if stage is None:
        raise UsageError("Choose the stage that they are to go to.")
    return await run_in_threadpool(
        _begin, request, lambda session: ask_for_move(session, me.viewer, kind, ids_listed(form), stage)
    )


@router.post("/bulk/{kind}/export")
async def export_ticked(request: Request, me: Me, kind: RecordType) -> Response:
    """The ticked records as a file, in the order of the list."""
    return await run_in_threadpool(_export, request, me, kind, await request.form())


@router.post("/bulk/{edit_id}/stop")
def stop(request: Request, me: Me, edit_id: RowId) -> Response:
    """End it where it is."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ask_to_stop(session, me.viewer, edit_id)
    return RedirectResponse(f"/bulk/{edit_id}", 303)


RIGHTS = {
    Question.DELETE: Act.DELETE,
    Question.MOVE: Act.EDIT,
    Question.EXPORT: Act.EXPORT,
    Question.MERGE: Act.EDIT,
}


def _begin(request: Request, asked: Callable[[WriteSession], int]) -> Response:
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        edit_id = asked(session)
    return RedirectResponse(f"/bulk/{edit_id}", 303)


def _export(request: Request, me: SignedIn, kind: RecordType, form: FormData) -> Response:
    ids = ids_listed(form)
    if not ids or form.get("form") not in set(FileForm):
        raise UsageError("Tick the records first, and choose the form of the file.")
    if len(ids) > MOST_EXPORTED:
        raise UsageError(
            f"At most {MOST_EXPORTED:,} ticked records are exported: filter the list, and export all of it."
        )
    store = services_of(request).store
    with store.database.reading() as session:
        order = list_meant(session, me, kind, form).order
    wanted = RecordFilter(ids=tuple(ids), order=order)
    return export(
        store, me.viewer, kind, FileForm(str(form["form"])), wanted, Reader(me.name, zone_of(me), "", me.formats)
    )


def _merge(me: SignedIn, kind: RecordType, form: FormData) -> Response:
    """To the page that shows them side by side; the oldest is the one that is left, unless somebody chooses there."""
    me.viewer.require_write()
    ids = sorted(set(ids_listed(form)))
    if kind not in FIELDS:
        raise UsageError("Contacts, companies and leads can be merged; deals can not.")
    if all_meant(form) or not 2 <= len(ids) <= MOST_MERGED:
        raise UsageError(f"Tick the two or more that are one, {MOST_MERGED} at most.")
    others = "&".join(f"with={one}" for one in ids[1:])
    return RedirectResponse(f"/records/{kind.value}:{ids[0]}/merge?{others}", 303)
