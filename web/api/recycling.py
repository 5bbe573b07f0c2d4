"""Deleting and restoring contacts, companies, leads and deals; each of the four has the same two addresses."""

from fastapi import Request

from crm.records.paths import PLURALS
from crm.records.recycling import delete_record, restore_record
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.api.callers import RecordWriter
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


def _add_routes(kind: RecordType, plural: str) -> None:
    @router.delete(f"/{plural}/{{record_id}}", status_code=204, summary=f"Delete {kind.value}")
    def delete(request: Request, viewer: RecordWriter, record_id: RowId) -> None:
        """Put it into the recycle bin for thirty days. What hangs on it stays."""
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            delete_record(session, viewer, (kind, record_id))

    @router.post(f"/{plural}/{{record_id}}/restore", status_code=204, summary=f"Restore {kind.value}")
    def restore(request: Request, viewer: RecordWriter, record_id: RowId) -> None:
        """Take it out of the recycle bin."""
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            restore_record(session, viewer, (kind, record_id))


for _kind, _plural in PLURALS.items():
    _add_routes(_kind, _plural)
