"""The Stream: what happens with our customers, newest first; and adding to it by hand, here or on a record's page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.errors import UsageError
from crm.access.repository import people
from crm.records.paths import record_path
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.repository import comments
from crm.stream.follows import follow, unfollow
from crm.stream.timeline.entries import add_entry, complete_entry, reopen_entry
from crm.stream.timeline.plans import may_change
from crm.stream.timeline.repository import attention, entry, newest, stream, timeline, upcoming
from crm.stream.views import ACTIVITIES, MESSAGES, NewEntry, StreamFilter, SubjectType
from storage.models import ActivityKind, RecordType
from storage.writer_lock import Urgency
from web.console.picking import Picked, records_picked
from web.forms import RowId, day_in, moment, record_keys, row_id, whole
from web.notices import told
from web.paging import read_cursor, write_cursor
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
KINDS = {
    "messages": MESSAGES,
    "activities": ACTIVITIES,
    "mail": frozenset({ActivityKind.MAIL}),
    "task": frozenset({ActivityKind.TASK}),
    "call": frozenset({ActivityKind.CALL}),
    "meeting": frozenset({ActivityKind.MEETING}),
}
PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
REMINDERS = {
    0: "when it begins",
    5: "5 minutes before",
    15: "15 minutes before",
    60: "an hour before",
    1440: "a day before",
}
UPCOMING = 10
FRESH = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the stream asks for. `since` is a period, `day` and `until` are days in the reader's own zone."""

    whose: str = "mine"
    kind: str = ""
    author: str = ""
    since: str = ""
    day: Annotated[str, Query(alias="from")] = ""
    until: Annotated[str, Query(alias="to")] = ""


@router.get("/stream")
def stream_page(request: Request, me: Me, asked: Annotated[Asked, Depends()], after: str = "") -> Response:
    """Everything on records that the filters let through; opens on what is mine."""
    behind = read_cursor(after)
    wanted, problem = _filter(asked, me)
    with services_of(request).store.database.reading() as session:
        top = newest(session, me.viewer)
        page = stream(session, me.viewer, wanted, behind=behind)
        ahead = upcoming(session, me.viewer, limit=UPCOMING)
        needs = attention(session, me.viewer, utcnow())
        authors = people(session, me.viewer)
    return render(
        request,
        me,
        "stream/index.html",
        entries=page.entries,
        next_cursor=write_cursor(page.next),
        ahead=ahead,
        needs=needs,
        authors=authors,
        asked=asked,
        problem=problem,
        newest=top,
        live="" if behind else f"/stream/fresh?{request.url.query}",
    )


@router.get("/stream/fresh")
def fresh_entries(request: Request, me: Me, asked: Annotated[Asked, Depends()]) -> Response:
    """The newest entries that the filters let through, for a page that has the others."""
    wanted, _ = _filter(asked, me)
    with services_of(request).store.database.reading() as session:
        page = stream(session, me.viewer, wanted, limit=FRESH)
    part = "stream/_entries.html"
    return render(request, me, part, part=part, entries=page.entries, here=None)


@router.get("/stories/{kind}/{record_id}/fresh")
def fresh_story(request: Request, me: Me, kind: RecordType, record_id: RowId) -> Response:
    """What is planned on a record and what happened last, for a page that may not have all of it."""
    with services_of(request).store.database.reading() as session:
        told = timeline(session, me.viewer, (kind, record_id), limit=FRESH)
    part = "stream/_entries.html"
    return render(request, me, part, part=part, entries=[*told.planned, *told.past.entries], here=(kind, record_id))


def _filter(asked: Asked, me: SignedIn) -> tuple[StreamFilter, str]:
    """The filter, and what of it could not be understood: that is left out."""
    problem = ""
    try:
        first, last = day_in(asked.day, me), day_in(asked.until, me)
    except UsageError as error:
        first = last = None
        problem = str(error)
    since = utcnow() - PERIODS[asked.since] if asked.since in PERIODS else None
    wanted = StreamFilter(
        mine=asked.whose != "all",
        kinds=KINDS.get(asked.kind, frozenset()),
        author_id=row_id(asked.author),
        since=max(filter(None, (first, since)), default=None),
        until=last + timedelta(days=1) if last else None,
    )
    return wanted, problem


@router.get("/entries/new")
def entry_form(request: Request, me: Me, record: str = "", kind: ActivityKind = ActivityKind.CALL) -> Response:
    """The form of a call or meeting on a record, in an overlay; without one it asks which it is about."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        colleagues = people(session, me.viewer)
    shown = {"record": record, "kind": kind, "about": Picked(()), "entry": None, "at": "", "colleagues": colleagues}
    return render_overlay(request, me, "stream/_entry_form.html", **shown, reminders=REMINDERS)


@router.post("/entries")
def new_entry(
    request: Request,
    me: Me,
    kind: Annotated[ActivityKind, Form()],
    record: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    deadline: Annotated[str, Form()] = "",
    about: Annotated[list[str] | None, Form()] = None,
    about_words: Annotated[str, Form()] = "",
    responsible: Annotated[RowId | None, Form()] = None,
    minutes: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    remind: Annotated[str, Form()] = "",
) -> Response:
    """Put a comment, call or meeting on records."""
    with services_of(request).store.database.reading() as session:
        picked = records_picked(session, me.viewer, about or [], about_words)
    keys = tuple(dict.fromkeys((*record_keys([record] if record else []), *picked)))
    if not keys:
        raise UsageError("Choose at least one record that it is about.")
    new = NewEntry(
        kind,
        title,
        keys,
        text=text,
        deadline=moment(deadline, me),
        responsible_id=responsible,
        minutes=whole(minutes),
        place=place,
        remind_minutes=whole(remind),
    )
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        add_entry(session, me.viewer, new)
    return RedirectResponse(record_path(keys[0]) if record else "/stream", 303)


@router.get("/entries/{activity_id}")
def entry_page(request: Request, me: Me, activity_id: RowId) -> Response:
    """One entry of a timeline, with what was said about it. Posts and tasks have pages of their own."""
    with services_of(request).store.database.reading() as session:
        shown = entry(session, me.viewer, activity_id)
        if shown.post_id or shown.task_id:
            return RedirectResponse(f"/feed/{shown.post_id}" if shown.post_id else f"/tasks/{shown.task_id}", 303)
        said = comments(session, me.viewer, SubjectType.ACTIVITY, activity_id)
    return render(request, me, "stream/entry.html", entry=shown, said=said, may_change=may_change(me.viewer, shown))


@router.post("/entries/{activity_id}/comments")
def comment_entry(request: Request, me: Me, activity_id: RowId, text: Annotated[str, Form()]) -> Response:
    """Say something about an entry."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        entry(session, me.viewer, activity_id)
        add_comment(session, me.viewer, SubjectType.ACTIVITY, activity_id, text)
    return RedirectResponse(f"/entries/{activity_id}#comments", 303)


@router.post("/entries/{activity_id}/complete")
def entry_done(request: Request, me: Me, activity_id: RowId) -> Response:
    """Say that a planned entry is done, and come back to where it was said."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        complete_entry(session, me.viewer, activity_id)
    return RedirectResponse(told(came_from(request), f"entry-done:{activity_id}"), 303)


@router.post("/entries/{activity_id}/reopen")
def entry_open(request: Request, me: Me, activity_id: RowId) -> Response:
    """Take that back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        reopen_entry(session, me.viewer, activity_id)
    return RedirectResponse(told(came_from(request), f"entry-open:{activity_id}"), 303)


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
