"""The conversations of which mail stands on a record, each by its newest mail there that the viewer may know of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import why_gone
from crm.stream.newest.repository import is_behind
from crm.stream.timeline.repository import entries_again
from crm.stream.views import Cursor, Entry, EntryPage, RecordKey
from storage.models import Activity, ActivityBinding, ActivityKind
from storage.sessions import ReadSession

MOST_HIDDEN = 200
"""Mails of a page's conversations that are looked at where the newest of one is in a mailbox that nobody else may know of."""


def conversations(
    session: ReadSession, viewer: Viewer, record: RecordKey, *, behind: Cursor | None = None, limit: int = 30
) -> EntryPage:
    """A page of them, the one with the newest mail first, each as the entry of that mail. Raises `NotFound`."""
    if not names_of(session, viewer, [record]):
        raise why_gone(session, viewer, record)
    newest = _by_thread(record).subquery().c
    page = select(newest.id, newest.at, newest.thread_id).where(
        newest.place == 1, *is_behind(behind, newest.at, newest.id)
    )
    found = session.execute(page.order_by(newest.at.desc(), newest.id.desc()).limit(limit + 1)).all()
    shown = found[:limit]
    entries = {each.id: each for each in entries_again(session, viewer, [row.id for row in shown])}
    older = _older(session, viewer, record, [row.thread_id for row in shown if row.id not in entries])
    told = [entries.get(row.id) or older.get(row.thread_id) for row in shown]
    last = Cursor(shown[-1].at, shown[-1].id) if len(found) > limit else None
    return EntryPage(tuple(entry for entry in told if entry is not None), last)


def _by_thread(record: RecordKey) -> Select[*tuple[Any, ...]]:
    """Mails on the record with their place in their conversation, from the newest."""
    newest_first = (Activity.at.desc(), Activity.id.desc())
    place = func.row_number().over(partition_by=Activity.thread_id, order_by=newest_first).label("place")
    return (
        select(Activity.id, Activity.at, Activity.thread_id, place)
        .join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
        .where(
            ActivityBinding.record_type == record[0],
            ActivityBinding.record_id == record[1],
            Activity.kind == ActivityKind.MAIL,
            Activity.thread_id.is_not(None),
        )
    )


def _older(session: ReadSession, viewer: Viewer, record: RecordKey, thread_ids: Sequence[int]) -> dict[int, Entry]:
    """By conversation the newest mail of it that the viewer may know of, where that is not the newest of all."""
    if not thread_ids:
        return {}
    some = _by_thread(record).where(Activity.thread_id.in_(thread_ids)).order_by(Activity.at.desc()).limit(MOST_HIDDEN)
    known = entries_again(session, viewer, [row.id for row in session.execute(some)])
    first: dict[int, Entry] = {}
    for entry in known:
        if entry.mail is not None and entry.mail.thread_id is not None:
            first.setdefault(entry.mail.thread_id, entry)
    return first
