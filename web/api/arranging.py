"""Arranging conversations by hand: split, merge, put on other records, and taking that back."""

from fastapi import Request
from pydantic import BaseModel, Field

from crm.conversations.arranging.bindings import change_records
from crm.conversations.arranging.threads import merge, split, undo
from storage.writer_lock import Urgency
from web.api.callers import RecordWriter
from web.api.records import Made
from web.api.work import RecordRef
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["mail"])


class Other(BaseModel):
    """Another conversation."""

    thread_id: RowId


class Records(BaseModel):
    """Records that a conversation is to stand on, and those it is to be taken off; both to move it."""

    add: list[RecordRef] = Field(default_factory=list)
    remove: list[RecordRef] = Field(default_factory=list)


@router.post("/messages/{message_id}/split", status_code=201)
def split_here(request: Request, viewer: RecordWriter, message_id: RowId) -> Made:
    """Let the message and all later ones be a conversation of their own; the id of the change."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=split(session, viewer, message_id))


@router.post("/threads/{thread_id}/merge", status_code=201)
def merge_with(request: Request, viewer: RecordWriter, thread_id: RowId, other: Other) -> Made:
    """Make one conversation of two; the id of the change."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=merge(session, viewer, thread_id, other.thread_id))


@router.post("/threads/{thread_id}/records", status_code=201)
def put_on_records(request: Request, viewer: RecordWriter, thread_id: RowId, records: Records) -> Made:
    """Put a conversation on records or take it off, also what comes later; the id of the change."""
    add, remove = ([(one.type, one.id) for one in some] for some in (records.add, records.remove))
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=change_records(session, viewer, thread_id, add=add, remove=remove))


@router.post("/thread-changes/{change_id}/undo", status_code=204)
def take_back(request: Request, viewer: RecordWriter, change_id: RowId) -> None:
    """Take a change back; what came since stays where it is."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        undo(session, viewer, change_id)
