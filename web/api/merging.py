"""Merging contacts, companies and leads, and taking a merge back."""

from fastapi import Request
from pydantic import BaseModel, Field

from crm.records.merge_fields import FIELDS
from crm.records.merging import merge, undo_merge
from crm.records.paths import PLURALS
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.api.callers import RecordWriter
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


class Merging(BaseModel):
    """Which others are the same as this record. `fields`: by name of a field the id of the record whose value stays."""

    others: list[RowId]
    fields: dict[str, RowId] = Field(default_factory=dict)


class Merged(BaseModel):
    """The record that is left, and the merge by which it can be taken back."""

    id: int
    merge_id: int


def _add_route(kind: RecordType, plural: str) -> None:
    @router.post(f"/{plural}/{{record_id}}/merge", summary=f"Merge {plural}")
    def merge_into(request: Request, viewer: RecordWriter, record_id: RowId, new: Merging) -> Merged:
        """This one is left and has all that stood on the others; their addresses lead to it (303)."""
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            return Merged(id=record_id, merge_id=merge(session, viewer, (kind, record_id), new.others, new.fields))


for _kind in FIELDS:
    _add_route(_kind, PLURALS[_kind])


@router.post("/merges/{merge_id}/undo", status_code=204)
def undo(request: Request, viewer: RecordWriter, merge_id: RowId) -> None:
    """Take a merge apart, within thirty days. What came since stays with the record that was left."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        undo_merge(session, viewer, merge_id)
