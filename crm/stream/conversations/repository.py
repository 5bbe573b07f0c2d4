"""The conversations of which mail stands on a record, each by its newest mail there that the viewer may know of."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, and_, func, not_, select, union_all

from core.cursors import Cursor
from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import why_gone
from crm.stream.feed.repository.standing import is_there
from crm.stream.newest.repository import is_behind
from crm.stream.timeline.repository import entries_again
from crm.stream.views import Entry, EntryPage, RecordKey
from storage.models import Activity, ActivityBinding, ActivityKind
from storage.sessions import ReadSession
from storage.unindexed import unindexed

SLICE = 200
"""Mails of a record that are looked at together, until there are enough conversations for a page."""
MOST_PASSED = 1_000
"""Conversations that are known already and that the database passes by itself; mail of more of them comes here in vain."""
STEP, MOST_OF_ONE = 20, 200
"""Mails of one conversation that are looked at together, and at all, where the newest are in a mailbox that nobody else may
know of."""

_Mail = Row[*tuple[Any, ...]]


def conversations(
    session: ReadSession, viewer: Viewer, record: RecordKey, *, behind: Cursor | None = None, limit: int = 30
) -> EntryPage:
    """A page of them, the one with the newest mail first, each as the entry of that mail. Raises `NotFound`."""
    if not names_of(session, viewer, [record]):
        raise why_gone(session, viewer, record)
    found = list(islice(_newest(session, record, behind), limit + 1))
    shown = found[:limit]
    entries = {each.id: each for each in entries_again(session, viewer, [row.id for row in shown])}
    older = _older(session, viewer, record, {row.thread_id for row in shown if row.id not in entries})
    told = [entries.get(row.id) or older.get(row.thread_id) for row in shown]
    last = Cursor(shown[-1].at, shown[-1].id) if len(found) > limit else None
    return EntryPage(tuple(entry for entry in told if entry is not None), last)


def _newest(session: ReadSession, record: RecordKey, behind: Cursor | None) -> Iterator[_Mail]:
    """The newest mail of each conversation, without those whose newest comes before `behind`; read as far as it is taken."""
    known: dict[int, None] = {}
    at = behind
    while True:
        mails = session.execute(_slice(record, at, list(islice(known, MOST_PASSED)))).all()
        first: dict[int, _Mail] = {}
        for each in mails:
            if each.thread_id not in known:
                first.setdefault(each.thread_id, each)
        before = _begun(session, record, list(first), behind) if behind is not None and first else set()
        yield from (each for thread_id, each in first.items() if thread_id not in before)
        if len(mails) < SLICE:
            return
        known |= dict.fromkeys(first)
        at = Cursor(mails[-1].at, mails[-1].id)


def _slice(record: RecordKey, behind: Cursor | None, passed: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The next mails on the record, newest first, but of some conversations.

    By the index of its story, where what is planned (a mail that waits for an answer) stands apart from what has happened.
    """
    stands: Any = ActivityBinding
    newest_first = (stands.at.desc(), stands.activity_id.desc())
    mails = (
        select(Activity.id, stands.at, Activity.thread_id)
        .join(stands, stands.activity_id == Activity.id)
        .where(stands.record_type == record[0], stands.record_id == record[1])
        .where(Activity.kind == ActivityKind.MAIL, Activity.thread_id.is_not(None))
        .where(*is_behind(behind, stands.at, stands.activity_id))
        .order_by(*newest_first)
        .limit(SLICE)
    )
    if passed:
        mails = mails.where(Activity.thread_id.not_in(passed))
    parts = [mails.where(stands.planned.is_(planned)).subquery() for planned in (False, True)]
    both = union_all(*map(select, parts)).subquery().c
    return select(both.id, both.at, both.thread_id).order_by(both.at.desc(), both.id.desc()).limit(SLICE)


def _begun(session: ReadSession, record: RecordKey, thread_ids: Sequence[int], behind: Cursor) -> set[int]:
    """Those of the conversations that have a mail on the record before that place: earlier pages show them."""
    is_before = not_(and_(*is_behind(behind, unindexed(Activity.at))))
    before = _mails_of(record, thread_ids, Activity.thread_id).where(is_before).distinct()
    return set(session.execute(before).scalars())


def _older(session: ReadSession, viewer: Viewer, record: RecordKey, thread_ids: set[int]) -> dict[int, Entry]:
    """By conversation the newest mail of it that the viewer may know of, where that is not the newest of all."""
    found: dict[int, int] = {}
    left = thread_ids
    for looked_at in range(0, MOST_OF_ONE, STEP):
        if not left:
            break
        mails = session.execute(_places(record, sorted(left), looked_at)).all()
        levels = read_levels(session, viewer, [each.message_id for each in mails])
        for each in mails:
            if levels.get(each.message_id, ReadLevel.NOTHING) is not ReadLevel.NOTHING:
                found.setdefault(each.thread_id, each.id)
        left = {each.thread_id for each in mails} - found.keys()
    known = {each.id: each for each in entries_again(session, viewer, list(found.values()))}
    return {thread_id: known[number] for thread_id, number in found.items() if number in known}


def _places(record: RecordKey, thread_ids: Sequence[int], looked_at: int) -> Select[*tuple[Any, ...]]:
    """The next mails of each of the conversations, the newest first."""
    newest_first = (Activity.at.desc(), Activity.id.desc())
    place = func.row_number().over(partition_by=Activity.thread_id, order_by=newest_first).label("place")
    asked = _mails_of(record, thread_ids, Activity.id, Activity.thread_id, Activity.message_id, place)
    mails = asked.where(Activity.message_id.is_not(None), is_there()).subquery().c
    next_ones = (mails.place > looked_at, mails.place <= looked_at + STEP)
    return select(mails.id, mails.thread_id, mails.message_id).where(*next_ones).order_by(mails.place)


def _mails_of(record: RecordKey, thread_ids: Sequence[int], *columns: Any) -> Select[*tuple[Any, ...]]:
    """Mails of some conversations on the record: from the conversations, never through all that stands there."""
    stands: Any = ActivityBinding
    on_it = (unindexed(stands.record_type) == record[0], unindexed(stands.record_id) == record[1])
    mails = select(*columns).join(stands, stands.activity_id == Activity.id)
    return mails.where(*on_it, Activity.kind == ActivityKind.MAIL, Activity.thread_id.in_(thread_ids))
