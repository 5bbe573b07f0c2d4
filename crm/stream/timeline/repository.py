"""Activities in the database, read for one record or for all of them, by a fixed number of statements a page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import CompoundSelect, Select, case, func, select, union_all, update
from sqlalchemy.orm import aliased

from core.cursors import Cursor
from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.repository.planned import is_planned
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import why_gone
from crm.stream.feed.repository.standing import is_there, is_told_here, standing
from crm.stream.follows import is_following
from crm.stream.newest.repository import is_behind, is_bound, newest_ids
from crm.stream.timeline.showing import Found, page_of, show
from crm.stream.views import Attention, Entry, EntryPage, RecordKey, StreamFilter, Timeline
from storage.models import Activity, ActivityBinding, ActivityKind, Comment, Message, User
from storage.sessions import ReadSession, WriteSession
from storage.unindexed import unindexed

DUE_SOON = timedelta(hours=24)
MOST_PLANNED = 100
NO_ENTRY = "There is no such entry."
_NEWEST = (unindexed(Activity.at).desc(), Activity.id.desc())
"""Of few that are known: along the time the next entry of one record may be years away."""


class Reminder(NamedTuple):
    """Something that `user_id` has to do at `begins`."""

    activity_id: int
    user_id: int
    title: str
    begins: datetime


def timeline(
    session: ReadSession,
    viewer: Viewer,
    record: RecordKey,
    *,
    kinds: frozenset[ActivityKind] = frozenset(),
    behind: Cursor | None = None,
    limit: int = 30,
) -> Timeline:
    """The story of one record. Planned entries come with the first page only. Raises `NotFound`."""
    if not names_of(session, viewer, [record]):
        raise why_gone(session, viewer, record)
    found = _found(session, _entries().where(Activity.id.in_(_of_page(record, kinds, behind, limit))))
    planned = sorted((each for each in found if each.planned), key=_urgency)
    past = sorted((each for each in found if not each.planned), key=_moment, reverse=True)
    shown = show(session, viewer, planned)
    pages = page_of(session, viewer, past, limit)
    return Timeline(tuple(shown.values()), pages, is_following(session, viewer, record))


def stream(
    session: ReadSession,
    viewer: Viewer,
    wanted: StreamFilter,
    *,
    behind: Cursor | None = None,
    limit: int = 30,
) -> EntryPage:
    """Everything on records, newest first, and what was posted here to the viewer. Other things that stand on no record, such
    as tasks of one's own, are nobody's customer and do not appear."""
    # One more than is shown, so that the last page knows that it is the last.
    some = newest_ids(session, viewer, wanted, behind, limit + 1)
    rows = _found(session, _entries().where(Activity.id.in_(some)).order_by(*_NEWEST))
    return page_of(session, viewer, rows, limit)


def newest(session: ReadSession, viewer: Viewer) -> int:
    """A number that grows with each new entry, whoever may see it: open pages look again when it does."""
    del viewer
    return session.execute(select(func.max(Activity.id))).scalar() or 0


def upcoming(session: ReadSession, viewer: Viewer, *, limit: int = 20) -> list[Entry]:
    """What the viewer has planned or owes, the most urgent first."""
    mine = select(Activity.id).where(is_bound(viewer), is_planned(), Activity.responsible_id == viewer.user_id)
    first = mine.order_by(*_by_deadline()).limit(limit)
    rows = _found(session, _entries().where(Activity.id.in_(first)).order_by(*_by_deadline()))
    return list(show(session, viewer, rows).values())


def entry(session: ReadSession, viewer: Viewer, activity_id: int) -> Entry:
    """One entry. Raises `NotFound` when there is none for this viewer."""
    query = _entries().where(Activity.id == activity_id, standing(viewer), is_there())
    found = show(session, viewer, _found(session, query))
    if not found:
        raise NotFound(NO_ENTRY)
    return found[activity_id]


def entries_again(session: ReadSession, viewer: Viewer, ids: Sequence[int]) -> list[Entry]:
    """Entries as they stand now, in the given order, for a page that shows them; without those that are not there any more
    or not for this viewer."""
    query = _entries().where(Activity.id.in_(ids), standing(viewer), is_there())
    found = show(session, viewer, _found(session, query))
    return [found[activity_id] for activity_id in dict.fromkeys(ids) if activity_id in found]


def entry_of_message(session: ReadSession, viewer: Viewer, message_id: int) -> Entry | None:
    """The entry that a mail has on its records, if it has any and the viewer may know of it."""
    query = _entries().where(Activity.message_id == message_id, is_bound(viewer))
    return next(iter(show(session, viewer, _found(session, query)).values()), None)


def due_reminders(session: ReadSession, _: Viewer, now: datetime, most: int) -> tuple[list[int], list[Reminder]]:
    """Entries whose time to be told of has come, by ids, the earliest first; and those of them that are still to be done."""
    statement = (
        select(Activity.id, Activity.responsible_id, Activity.title, Activity.deadline, is_planned())
        .where(Activity.remind_at.is_not(None), Activity.remind_at <= now)
        .order_by(Activity.remind_at)
        .limit(most)
    )
    rows = session.execute(statement).all()
    planned = [row[:4] for row in rows if row[4] and row[1] is not None and row[3] is not None]
    return [row[0] for row in rows], [Reminder(*cast(tuple[int, int, str, datetime], row)) for row in planned]


def forget_reminders(session: WriteSession, activity_ids: list[int]) -> None:
    """They were told of."""
    if activity_ids:
        told = update(Activity).where(Activity.id.in_(activity_ids)).values(remind_at=None)
        session.execute(told.execution_options(synchronize_session=False))


def attention(session: ReadSession, viewer: Viewer, now: datetime) -> Attention:
    """The red numbers of the stream, in one statement."""
    late, soon = Activity.deadline < now, Activity.deadline.between(now, now + DUE_SOON)
    row = session.execute(
        select(
            func.count(),
            func.count().filter(late),
            func.count().filter(soon),
            func.count().filter(Activity.kind == ActivityKind.MAIL),
        )
        .select_from(Activity)
        .where(is_planned(), is_bound(viewer), Activity.responsible_id == viewer.user_id)
    ).one()
    return Attention(*row)


def _entries() -> Select[*tuple[Any, ...]]:
    author, responsible = aliased(User), aliased(User)
    subject = case((Activity.post_id.is_not(None), "post"), (Activity.task_id.is_not(None), "task"), else_="activity")
    said = (
        select(func.count())
        .where(
            Comment.subject_type == subject,
            Comment.subject_id == func.coalesce(Activity.post_id, Activity.task_id, Activity.id),
            Comment.deleted_at.is_(None),
        )
        .correlate(Activity)
        .scalar_subquery()
    )
    return (
        select(Activity, author.name, responsible.name, Message, is_planned(), said)
        .outerjoin(author, author.id == Activity.author_id)
        .outerjoin(responsible, responsible.id == Activity.responsible_id)
        .outerjoin(Message, Message.id == Activity.message_id)
    )


def _found(session: ReadSession, query: Select[*tuple[Any, ...]]) -> list[Found]:
    """The rows with the records of each, in two statements."""
    rows = session.execute(query).all()
    bound: dict[int, list[RecordKey]] = {}
    if rows:
        bindings = (
            select(ActivityBinding.activity_id, ActivityBinding.record_type, ActivityBinding.record_id)
            .where(ActivityBinding.activity_id.in_([row[0].id for row in rows]))
            .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
        )
        for activity_id, record_type, record_id in session.execute(bindings):
            bound.setdefault(activity_id, []).append((record_type, record_id))
    return [
        Found(activity, author, responsible, message, bool(planned), said, tuple(bound.get(activity.id, ())))
        for activity, author, responsible, message, planned, said in rows
    ]


def _of_page(
    record: RecordKey, kinds: frozenset[ActivityKind], behind: Cursor | None, limit: int
) -> CompoundSelect[int]:
    """Ids of what is planned, with the first page only, and of what has happened, one more than is shown; without the mails that
    carried posts which stand here themselves.

    By the index of the record's story, in which both stand in order: of thousands no more is looked at than is shown.
    """
    stands: Any = ActivityBinding
    on_it = (stands.record_type == record[0], stands.record_id == record[1])
    here = select(Activity.id).join(stands, stands.activity_id == Activity.id)
    here = here.where(*on_it, is_there(), ~is_told_here(record))
    if kinds:
        here = here.where(Activity.kind.in_(kinds))
    happened = here.where(stands.planned.is_(False), *is_behind(behind, stands.at, stands.activity_id))
    parts = [happened.order_by(stands.at.desc(), stands.activity_id.desc()).limit(limit + 1)]
    if behind is None:
        ahead = here.where(stands.planned.is_(True)).order_by(
            Activity.deadline.is_(None), Activity.deadline, Activity.id
        )
        parts.append(ahead.limit(MOST_PLANNED))
    return union_all(*(select(part.subquery().c.id) for part in parts))


def _urgency(found: Found) -> tuple[bool, datetime | int, int]:
    deadline = found.activity.deadline
    return (deadline is None, deadline or 0, found.activity.id)


def _moment(found: Found) -> tuple[datetime, int]:
    return found.activity.at, found.activity.id


def _by_deadline() -> tuple[Any, ...]:
    return (Activity.deadline.is_(None), Activity.deadline, Activity.id)
