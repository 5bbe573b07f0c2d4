"""Following records, for programs: hearing of everything that happens on them."""

from fastapi import Request

from crm.records.views import Named
from crm.stream.follows import follow, followed, unfollow
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/follows", tags=["activities"])


@router.get("")
def mine(request: Request, viewer: RecordReader, after: After = None, limit: Limit = 50) -> Listing[Named]:
    """The records that the token's person follows, the latest first; pages may be shorter than `limit`."""
    with services_of(request).store.database.reading() as session:
        records, behind = followed(session, viewer, before=after_id(after), limit=limit)
    return Listing(items=records, next=str(behind) if behind else None)


@router.put("/{record_type}/{record_id}", status_code=204)
def begin(request: Request, viewer: RecordWriter, record_type: RecordType, record_id: RowId) -> None:
    """Follow a record; again changes nothing."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        follow(session, viewer, (record_type, record_id))


@router.delete("/{record_type}/{record_id}", status_code=204)
def end(request: Request, viewer: RecordWriter, record_type: RecordType, record_id: RowId) -> None:
    """Follow it no more, if one did."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        unfollow(session, viewer, (record_type, record_id))
