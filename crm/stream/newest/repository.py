"""Which entries a page of the stream shows: ids, newest first, before anything else is read of them.

Every kind but mail is rare, and has an index of its own; mail goes along the time. What is *mine* goes along the time too where
much is mine, for the newest soon are; who looks after few records, or sees only few, is served by what stands on these.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, select, text, union, union_all

from core.cursors import Cursor
from crm.access.rights.repository import stands_on_seen, within
from crm.access.viewer import Viewer
from crm.records.repository.naming import TABLES
from crm.stream.feed.repository.standing import is_there, is_to_me, is_told_by_a_post, standing
from crm.stream.views import StreamFilter
from storage.models import Activity, ActivityBinding, ActivityKind, Follow
from storage.models.activity import NO_MAIL
from storage.sessions import ReadSession

FEW_RECORDS = 2_000
FEW_ENTRIES = 5_000
"""On so many records that are mine, or seen, stand so many entries at most: then these are looked at, rather than all that
happened."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """Conditions of which one must hold, each by an index in the order of time; and few entries that are meant anyway."""

    along_the_time: Sequence[Sequence[ColumnElement[bool]]]
    on_records: CompoundSelect[int] | None = None


def newest_ids(
    session: ReadSession, viewer: Viewer, wanted: StreamFilter, behind: Cursor | None, limit: int
) -> Select[int]:
    """Ids of the newest entries that stand in the viewer's stream and meet the filter, `limit` at most."""
    ways = _of_mine(session, viewer, wanted) if wanted.mine else _of_all(session, viewer, wanted)
    asked = [standing(viewer), is_there(), *_conditions(wanted)]
    some = [
        _newest([*kind, *asked, *way], behind, limit) for kind in _kinds(wanted.kinds) for way in ways.along_the_time
    ]
    if ways.on_records is not None:
        kinds = [Activity.kind.in_(wanted.kinds)] if wanted.kinds else []
        some.append(_newest([*kinds, *asked, Activity.id.in_(ways.on_records)], behind, limit))
    merged = union(*(select(one.c.id, one.c.at) for one in some)).subquery()
    return select(merged.c.id).order_by(merged.c.at.desc(), merged.c.id.desc()).limit(limit)


def is_bound(viewer: Viewer) -> ColumnElement[bool]:
    """Whether an entry stands on a record that the viewer may know of."""
    return stands_on_seen(viewer, Activity.id)


def is_behind(behind: Cursor | None, at: Any = Activity.at, number: Any = Activity.id) -> list[ColumnElement[bool]]:
    """That an entry comes after that moment and id, newest first."""
    if behind is None:
        return []
    return [at <= behind.at, or_(at < behind.at, and_(at == behind.at, number < behind.id))]


def _newest(conditions: Sequence[ColumnElement[bool]], behind: Cursor | None, limit: int) -> Any:
    rows = select(Activity.id, Activity.at).where(*conditions, *is_behind(behind))
    return rows.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit).subquery()


def _kinds(kinds: frozenset[ActivityKind]) -> list[list[Any]]:
    """Conditions for one kind after the other; none where all are wanted."""
    if not kinds:
        return [[]]
    return [
        [Activity.kind == kind] if kind is ActivityKind.MAIL else [Activity.kind == kind, text(NO_MAIL)]
        for kind in sorted(kinds)
    ]


def _conditions(wanted: StreamFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.author_id is not None:
        yield Activity.author_id == wanted.author_id
    if wanted.since is not None:
        yield Activity.at >= wanted.since
    if wanted.until is not None:
        yield Activity.at < wanted.until
    if not wanted.kinds or ActivityKind.POST in wanted.kinds:
        yield ~is_told_by_a_post()


def _of_all(session: ReadSession, viewer: Viewer, wanted: StreamFilter) -> _Ways:
    """On a record that the viewer sees, or posted for them."""
    if not viewer.sees_all_records and _are_few(session, _seen_records(viewer), FEW_RECORDS):
        entries = _on_seen_records(viewer)
        if _are_few(session, entries, FEW_ENTRIES):
            return _Ways(_posts(wanted), entries)
    return _Ways([[]])


def _of_mine(session: ReadSession, viewer: Viewer, wanted: StreamFilter) -> _Ways:
    """Made by me, for or to me, on a record of mine, or on one that I follow."""
    by_me = Activity.author_id == viewer.user_id
    for_me = Activity.responsible_id == viewer.user_id
    if _are_few(session, _my_records(viewer), FEW_RECORDS):
        entries = _on_my_records(viewer)
        if _are_few(session, entries, FEW_ENTRIES):
            return _Ways([[by_me], [for_me], *_posts(wanted, is_to_me(viewer))], entries)
    return _Ways([[or_(by_me, for_me, is_to_me(viewer), _stands_on_mine(viewer))]])


def _posts(wanted: StreamFilter, *conditions: ColumnElement[bool]) -> list[list[Any]]:
    """Posts along the time, where they are meant at all."""
    is_meant = not wanted.kinds or ActivityKind.POST in wanted.kinds
    return [[Activity.kind == ActivityKind.POST, text(NO_MAIL), *conditions]] if is_meant else []


def _seen_records(viewer: Viewer) -> CompoundSelect[int]:
    return union_all(*(select(table.id).where(*within(viewer, kind)) for kind, table in TABLES.items()))


def _on_seen_records(viewer: Viewer) -> CompoundSelect[int]:
    """Entries on records that the viewer sees."""
    return union_all(
        *(
            select(ActivityBinding.activity_id).where(
                ActivityBinding.record_type == kind,
                ActivityBinding.record_id.in_(select(table.id).where(*within(viewer, kind))),
            )
            for kind, table in TABLES.items()
        )
    )


def _my_records(viewer: Viewer) -> CompoundSelect[int]:
    followed = select(Follow.record_id).where(Follow.user_id == viewer.user_id)
    mine = (select(table.id).where(table.responsible_id == viewer.user_id) for table in TABLES.values())
    return union_all(followed, *mine)


def _on_my_records(viewer: Viewer) -> CompoundSelect[int]:
    """Entries on records that I am responsible for or follow; ids inside, for a join SQLite would begin with all of a kind."""
    return union_all(
        *(
            select(ActivityBinding.activity_id).where(
                ActivityBinding.record_type == kind,
                ActivityBinding.record_id.in_(
                    union_all(
                        select(table.id).where(table.responsible_id == viewer.user_id),
                        select(Follow.record_id).where(Follow.user_id == viewer.user_id, Follow.record_type == kind),
                    )
                ),
            )
            for kind, table in TABLES.items()
        )
    )


def _stands_on_mine(viewer: Viewer) -> ColumnElement[bool]:
    """To be asked of one entry after the other."""
    of_mine = [
        and_(
            ActivityBinding.record_type == kind,
            exists().where(table.id == ActivityBinding.record_id, table.responsible_id == viewer.user_id),
        )
        for kind, table in TABLES.items()
    ]
    followed = exists().where(
        Follow.user_id == viewer.user_id,
        Follow.record_type == ActivityBinding.record_type,
        Follow.record_id == ActivityBinding.record_id,
    )
    return exists().where(ActivityBinding.activity_id == Activity.id, or_(*of_mine, followed))


def _are_few(session: ReadSession, some: CompoundSelect[int], few: int) -> bool:
    counted = some.limit(few + 1).subquery()
    return session.execute(select(func.count()).select_from(counted)).scalar_one() <= few
