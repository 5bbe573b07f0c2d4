"""The bell, for programs: what the token's person should know, and that they know it."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from crm.access.notifications import Notice, mark_read, notices, unread
from storage.writer_lock import Urgency
from web.api.callers import WorkReader, WorkWriter
from web.api.paging import MOST, After, Limit, Listing, after_id, id_behind
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/notifications", tags=["notifications"])


class Unread(BaseModel):
    """The number at the bell."""

    unread: int


class Read(BaseModel):
    """Which notifications are read: these, or (null) all."""

    ids: Annotated[list[RowId] | None, Field(max_length=MOST)] = None


@router.get("")
def notification_list(
    request: Request, viewer: WorkReader, *, unread: bool = False, after: After = None, limit: Limit = 50
) -> Listing[Notice]:
    """Notifications, newest first; with `unread` those that were not read. `link` is a path of the console."""
    with services_of(request).store.database.reading() as session:
        rows = notices(session, viewer, before_id=after_id(after), unread_only=unread, limit=limit)
    return Listing(items=rows, next=id_behind(rows, limit))


@router.get("/unread")
def unread_count(request: Request, viewer: WorkReader) -> Unread:
    """How many were not read."""
    with services_of(request).store.database.reading() as session:
        return Unread(unread=unread(session, viewer))


@router.post("/read")
def read(request: Request, viewer: WorkWriter, which: Read) -> Unread:
    """Mark notifications read; how many are left."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        mark_read(session, viewer, which.ids)
        return Unread(unread=unread(session, viewer))
