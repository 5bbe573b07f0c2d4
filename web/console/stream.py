"""The Stream: what happens with our customers, newest first; and adding to it by hand, here or on a record's page."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.errors import UsageError
from crm.access.repository import people
from crm.records.paths import record_path
from crm.stream.follows import follow, unfollow
from crm.stream.timeline.entries import add_entry, complete_entry
from crm.stream.timeline.repository import stream, upcoming
from crm.stream.views import ACTIVITIES, MESSAGES, Cursor, NewEntry, StreamFilter
from storage.models import ActivityKind
from storage.writer_lock import Urgency
from web.forms import moment, record_keys
from web.paging import read_cursor, write_cursor
from web.rendering import render, render_overlay
from web.signed_in import Me, services_of, zone_of

router = APIRouter()
KINDS = {
    "messages": MESSAGES,
    "activities": ACTIVITIES,
    "mail": frozenset({ActivityKind.MAIL}),
    "task": frozenset({ActivityKind.TASK}),
    "call": frozenset({ActivityKind.CALL}),
    "meeting": frozenset({ActivityKind.MEETING}),
}
PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
UPCOMING = 10


@router.get("/stream")
def stream_page(
    request: Request,
    me: Me,
    whose: str = "mine",
    kind: str = "",
    author: int | None = None,
    since: str = "",
    after: str = "",
) -> Response:
    """Everything on records that the filters let through; opens on what is mine."""
    behind = read_cursor(after)
    wanted = StreamFilter(
        mine=whose != "all",
        kinds=KINDS.get(kind, frozenset()),
        author_id=author,
        since=utcnow() - PERIODS[since] if since in PERIODS else None,
    )
    with services_of(request).store.database.reading() as session:
        page = stream(session, me.viewer, wanted, behind=Cursor(behind.at, behind.id) if behind else None)
        ahead = upcoming(session, me.viewer, limit=UPCOMING)
        authors = people(session, me.viewer)
    chosen = {"whose": whose, "kind": kind, "author": author, "since": since}
    return render(
        request,
        me,
        "stream/index.html",
        entries=page.entries,
        next_cursor=write_cursor(page.next),
        ahead=ahead,
        authors=authors,
        chosen=chosen,
    )


@router.get("/entries/new")
def entry_form(request: Request, me: Me, record: str, kind: ActivityKind = ActivityKind.CALL) -> Response:
    """The form of a call or meeting on a record, in an overlay."""
    return render_overlay(request, me, "stream/_entry_form.html", record=record, kind=kind)


@router.post("/entries")
def new_entry(
    request: Request,
    me: Me,
    record: Annotated[str, Form()],
    kind: Annotated[ActivityKind, Form()],
    title: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    deadline: Annotated[str, Form()] = "",
) -> Response:
    """Put a comment, call or meeting on a record."""
    keys = record_keys([record])
    entry = NewEntry(kind, title, keys, text=text, deadline=moment(deadline, zone_of(me)))
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        add_entry(session, me.viewer, entry)
    return RedirectResponse(record_path(keys[0]), 303)


@router.post("/entries/{activity_id}/complete")
def entry_done(request: Request, me: Me, activity_id: int) -> Response:
    """Say that a planned entry is done, and come back to where it was said."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        complete_entry(session, me.viewer, activity_id)
    return RedirectResponse(came_from(request), 303)


@router.post("/follow")
def follow_record(
    request: Request, me: Me, record: Annotated[str, Form()], on: Annotated[bool, Form()] = True
) -> Response:
    """Hear of everything on a record, or no more."""
    keys = record_keys([record])
    if not keys:
        raise UsageError("Choose a record to follow.")
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change = follow if on else unfollow
        change(session, me.viewer, keys[0])
    return RedirectResponse(record_path(keys[0]), 303)


def came_from(request: Request, otherwise: str = "/") -> str:
    """The page of ours that a form was sent from."""
    referer = request.headers.get("referer", "")
    base = str(request.base_url).rstrip("/")
    path = referer.removeprefix(base) if referer.startswith(f"{base}/") else otherwise
    return path or otherwise
