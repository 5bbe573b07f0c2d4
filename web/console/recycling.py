"""Deleting a record, taking it back, and the recycle bin; removal for ever is the administrators'."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.cursors import Cursor
from core.errors import NotFound, UsageError
from crm.access.repository import people
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.records.bulk.repository import asked_since as bulk_edits
from crm.records.gone import KEPT_FOR, NOT_THERE, InRecycleBin, Record
from crm.records.paths import PLURALS, record_path
from crm.records.recycling import ONLY_ADMINISTRATORS, delete_record, remove_for_ever, restore_record
from crm.records.repository.lead_runs import asked_since as lead_runs
from crm.records.repository.merges import merges
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import BinFilter, deleted_records, hanging, why_gone
from crm.records.repository.removing import going
from crm.stream.files.repository.deleted import deleted_files
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.forms import record_keys
from web.notices import done
from web.paging import read_cursor, write_cursor
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
BIN = "/settings/recycle-bin"
PAGE = 50
MOST_OF_MANY = 50


@router.get("/records/{name}/delete")
def what_stays(request: Request, me: Me, name: str) -> Response:
    """What hangs on a record, before it is deleted."""
    me.viewer.require_write()
    record = record_of(name)
    with services_of(request).store.database.reading() as session:
        named = names_of(session, me.viewer, [record])
        if not named:
            raise why_gone(session, me.viewer, record)
        require(session, me.viewer, Act.DELETE, record)
        hangs = hanging(session, me.viewer, record)
    return render_overlay(
        request, me, "records/_delete.html", record=named[0], hangs=hangs, path_of=record_path(record)
    )


@router.post("/records/{name}/delete")
def delete(request: Request, me: Me, name: str) -> Response:
    """Put it into the recycle bin, and show the list it stood in."""
    record = record_of(name)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        delete_record(session, me.viewer, record)
    return RedirectResponse(f"/{PLURALS[record[0]]}?{done('deleted', *record)}", 303)


@router.post("/records/{name}/restore")
def restore(request: Request, me: Me, name: str) -> Response:
    """Take it out of the recycle bin and show it."""
    record = record_of(name)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_record(session, me.viewer, record)
    return RedirectResponse(f"{record_path(record)}?{done('restored', *record)}", 303)


@router.get("/records/{name}/remove")
def what_goes(request: Request, me: Me, name: str) -> Response:
    """What nobody brings back, before a record is removed for ever."""
    me.viewer.require_administrator(ONLY_ADMINISTRATORS)
    record = record_of(name)
    with services_of(request).store.database.reading() as session:
        gone = why_gone(session, me.viewer, record)
        if not isinstance(gone, InRecycleBin):
            raise NotFound(NOT_THERE)
        hangs, goes = hanging(session, me.viewer, record), going(session, me.viewer, record)
    return render_overlay(request, me, "records/_remove.html", deleted=gone.deleted, hangs=hangs, goes=goes, back=BIN)


@router.post("/records/{name}/remove")
def remove(request: Request, me: Me, name: str) -> Response:
    """Remove it for ever."""
    remove_for_ever(services_of(request).store, me.viewer, record_of(name))
    return RedirectResponse(BIN, 303)


@router.get(BIN)
def recycle_bin(request: Request, me: Me, words: str = "", kind: RecordType | None = None, after: str = "") -> Response:
    """Everything that can be restored, what was deleted last first."""
    wanted = BinFilter(words, kind, read_cursor(after), PAGE + 1)
    with services_of(request).store.database.reading() as session:
        rows = deleted_records(session, me.viewer, wanted)
        first_page = not (words or kind or after)
        merged = merges(session, me.viewer, utcnow() - KEPT_FOR) if first_page else []
        files = deleted_files(session, me.viewer, MOST_OF_MANY) if first_page else []
        edits = bulk_edits(session, me.viewer, utcnow() - KEPT_FOR, MOST_OF_MANY) if first_page else []
        runs = lead_runs(session, me.viewer, utcnow() - KEPT_FOR, MOST_OF_MANY) if first_page else []
        names = {one.id: one.name for one in people(session, me.viewer, with_inactive=True)} if edits or runs else {}
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return render(
        request,
        me,
        "settings/recycle_bin.html",
        rows=rows[:PAGE],
        next_cursor=write_cursor(Cursor(last.at, last.id)) if last else None,
        words_asked=words,
        kind=kind,
        kinds=list(RecordType),
        files=files,
        merged=merged,
        edits=edits,
        runs=runs,
        names=names,
    )


def record_of(name: str) -> Record:
    """`contact:5` of an address. Raises `UsageError` for anything else."""
    keys = record_keys([name])
    if not keys:
        raise UsageError("That is not a record: choose one from a list.")
    return keys[0]
