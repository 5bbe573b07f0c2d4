"""One call, meeting or other entry of a timeline, for programs: reading, changing, doing and deleting it."""

from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from core.errors import UsageError
from crm.stream.timeline.entries import complete_entry, reopen_entry
from crm.stream.timeline.plans import change_plan, delete_plan, require_change, restore_plan
from crm.stream.timeline.repository import entry
from crm.stream.views import Entry, PlanChange
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.forms import Minutes, RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/activities/{activity_id}", tags=["activities"])


class ActivityChange(BaseModel):
    """What of a call or meeting is to be another one; what is left out stays. `at`: when it is planned, or when it happened."""

    title: str | None = None
    text: str | None = None
    at: datetime | None = None
    responsible_id: RowId | None = None
    minutes: Minutes | None = None
    place: str | None = None
    remind_minutes: Minutes | None = None


@router.get("")
def one(request: Request, viewer: RecordReader, activity_id: RowId) -> Entry:
    """One entry."""
    with services_of(request).store.database.reading() as session:
        return entry(session, viewer, activity_id)


@router.patch("")
def change(request: Request, viewer: RecordWriter, activity_id: RowId, change: ActivityChange) -> Entry:
    """Change a call or meeting."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_plan(session, viewer, activity_id, _whole(require_change(session, viewer, activity_id), change))
        return entry(session, viewer, activity_id)


@router.delete("", status_code=204)
def delete(request: Request, viewer: RecordWriter, activity_id: RowId) -> None:
    """Delete a call or meeting; `restore` brings it back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        delete_plan(session, viewer, activity_id)


@router.post("/restore", status_code=204)
def restore(request: Request, viewer: RecordWriter, activity_id: RowId) -> None:
    """Bring back what was deleted."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        restore_plan(session, viewer, activity_id)


@router.post("/complete", status_code=204)
def complete(request: Request, viewer: RecordWriter, activity_id: RowId) -> None:
    """Say that something is done, or that a mail needs no answer."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        complete_entry(session, viewer, activity_id)


@router.post("/reopen", status_code=204)
def reopen(request: Request, viewer: RecordWriter, activity_id: RowId) -> None:
    """Take that back."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        reopen_entry(session, viewer, activity_id)


def _whole(now: Entry, change: ActivityChange) -> PlanChange:
    asked: dict[str, Any] = change.model_dump(exclude_unset=True)
    at = asked.get("at") or (now.deadline if now.planned and now.deadline else now.at)
    responsible_id = asked.get("responsible_id") or (now.responsible.id if now.responsible else None)
    if responsible_id is None:
        raise UsageError("Say who is responsible for it.")
    return PlanChange(
        title=_else(asked.get("title"), now.title),
        text=_else(asked.get("text"), now.text),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        responsible_id=responsible_id,
        minutes=asked.get("minutes", now.minutes),
        place=_else(asked.get("place"), now.place),
        remind_minutes=asked.get("remind_minutes", now.remind_minutes),
    )


def _else(asked: str | None, now: str) -> str:
    return now if asked is None else asked
