"""Which addresses and phones of other records are also those of one record."""

from sqlalchemy import ColumnElement, and_, or_, select

from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.repository.hidden import seen_channels
from storage.models import Channel, RecordType
from storage.sessions import ReadSession


def shared_with(session: ReadSession, viewer: Viewer, record: Record, kind: RecordType) -> ColumnElement[bool]:
    """That a channel of a record of `kind` is one of `record` too, and not kept from the viewer.

    The few channels of `record` are asked first and named one by one: left to join the table with itself, SQLite goes through
    the channels of all contacts (half a second where there are 200,000).
    """
    seen = seen_channels(viewer, kind)
    mine = select(Channel.kind, Channel.key).where(Channel.record_type == record[0], Channel.record_id == record[1])
    theirs = Channel.record_type == kind  # Said of each, or SQLite takes it to begin with: it has an index for it.
    same = [and_(Channel.kind == by, Channel.key == key, theirs) for by, key in session.execute(mine) if by in seen]
    return or_(False, *same)
