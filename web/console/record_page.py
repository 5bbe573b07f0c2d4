"""What the pages of all kinds of record share: the timeline beside the fields, following, and whom to choose."""

from typing import Any

from fastapi import Request

from crm.access.rights.repository import acts_on
from crm.records.fields.custom import fields_of
from crm.stream.timeline.repository import MOST_PLANNED, newest, timeline
from crm.stream.views import RecordKey, Timeline
from crm.work.repository import tasks
from crm.work.views import Part, TaskFilter
from storage.models import RecordType
from web.forms import RowId
from web.paging import read_cursor, write_cursor
from web.signed_in import SignedIn, services_of


def story(request: Request, me: SignedIn, kind: RecordType, record_id: RowId) -> dict[str, Any]:
    """The timeline of a record and what is open on it, for `records/_story.html`. Raises `NotFound`."""
    after = read_cursor(request.query_params.get("after"))
    with services_of(request).store.database.reading() as session:
        fields = fields_of(session, me.viewer, kind)
        told = timeline(session, me.viewer, (kind, record_id), behind=after)
        top = newest(session, me.viewer)
        acts = acts_on(session, me.viewer, (kind, record_id))
        todo = tasks(session, me.viewer, _open_on((kind, record_id), told, first_page=after is None))
    return {
        "story": told,
        "newest": top,
        "live": "" if after else f"/stories/{kind.value}/{record_id}/fresh",
        "acts": acts,
        "next_cursor": write_cursor(told.past.next),
        "record_tasks": todo,
        "more_fields": [field for field in fields if field.further or field.custom_id is not None],
        "here": (kind, record_id),
        "record_name": f"{kind.value}:{record_id}",
    }


def _open_on(record: RecordKey, told: Timeline, *, first_page: bool) -> TaskFilter:
    """The tasks that are open on a record: those that the first page of its timeline has, unless there are too many planned."""
    if not first_page or len(told.planned) >= MOST_PLANNED:
        return TaskFilter(part=Part.ANY, record=record, limit=10)
    planned = tuple(entry.task_id for entry in told.planned if entry.task_id is not None)
    return TaskFilter(part=Part.ANY, ids=planned, limit=10)
