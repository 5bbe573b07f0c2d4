"""Activities in the database, read for one record or for all of them, by a fixed number of statements a page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.repository.planned import is_planned
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import why_gone
from crm.stream.follows import is_following
from crm.stream.timeline.showing import Found, page_of, show
from crm.stream.views import Attention, Cursor, Entry, EntryPage, RecordKey, StreamFilter, Timeline
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Comment,
    Company,
    Contact,
    Deal,
    Follow,
    Lead,
    Message,
    RecordType,
    User,
)
from storage.sessions import ReadSession

DUE_SOON = timedelta(hours=24)
MOST_PLANNED = 100
_TABLES = (
    (RecordType.CONTACT, Contact),
    (RecordType.COMPANY, Company),
    (RecordType.LEAD, Lead),
    (RecordType.DEAL, Deal),
)


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
    here = _entries().where(_stands_on(record))
    if kinds:
        here = here.where(Activity.kind.in_(kinds))
    planned: Sequence[Found] = ()
    if behind is None:
        ahead = here.where(is_planned()).order_by(*_by_deadline()).limit(MOST_PLANNED)
        planned = _found(session, ahead)
    past = _found(session, _page(here.where(~is_planned()), behind, limit))
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
    """Everything on records, newest first. What stands on no record is nobody's customer and does not appear."""
    query = _entries().where(_bound(), *_chosen(viewer, wanted))
    return page_of(session, viewer, _found(session, _page(query, behind, limit)), limit)


def upcoming(session: ReadSession, viewer: Viewer, *, limit: int = 20) -> list[Entry]:
    """What the viewer has planned or owes, the most urgent first."""
    query = _entries().where(_bound(), is_planned(), Activity.responsible_id == viewer.user_id)
    return list(show(session, viewer, _found(session, query.order_by(*_by_deadline()).limit(limit))).values())


def entry(session: ReadSession, viewer: Viewer, activity_id: int) -> Entry:
    """One entry. Raises `NotFound` when there is none for this viewer."""
    found = show(session, viewer, _found(session, _entries().where(Activity.id == activity_id, _bound())))
    if not found:
        raise NotFound("There is no such entry.")
    return found[activity_id]


def entry_of_message(session: ReadSession, viewer: Viewer, message_id: int) -> Entry | None:
    """The entry that a mail has on its records, if it has any and the viewer may know of it."""
    query = _entries().where(Activity.message_id == message_id, _bound())
    return next(iter(show(session, viewer, _found(session, query)).values()), None)


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
        .where(is_planned(), _bound(), Activity.responsible_id == viewer.user_id)
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


def _page(query: Select[*tuple[Any, ...]], behind: Cursor | None, limit: int) -> Select[*tuple[Any, ...]]:
    """One row more than is shown, so that the last page knows that it is the last."""
    if behind is not None:
        query = query.where(or_(Activity.at < behind.at, and_(Activity.at == behind.at, Activity.id < behind.id)))
    return query.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit + 1)


def _by_deadline() -> tuple[Any, ...]:
    return (Activity.deadline.is_(None), Activity.deadline, Activity.id)


def _bound() -> ColumnElement[bool]:
    return exists().where(ActivityBinding.activity_id == Activity.id)


def _stands_on(record: RecordKey) -> ColumnElement[bool]:
    return Activity.id.in_(
        select(ActivityBinding.activity_id).where(
            ActivityBinding.record_type == record[0], ActivityBinding.record_id == record[1]
        )
    )


def _chosen(viewer: Viewer, wanted: StreamFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_mine(viewer)] if wanted.mine else []
    if wanted.kinds:
        conditions.append(Activity.kind.in_(wanted.kinds))
    if wanted.author_id is not None:
        conditions.append(Activity.author_id == wanted.author_id)
    if wanted.since is not None:
        conditions.append(Activity.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Activity.at < wanted.until)
    return conditions


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    """Made by me, for me, on a record of mine, or on one that I follow."""
    of_mine = [
        and_(
            ActivityBinding.record_type == kind,
            ActivityBinding.record_id.in_(select(table.id).where(table.responsible_id == viewer.user_id)),
        )
        for kind, table in _TABLES
    ]
    followed = exists().where(
        Follow.user_id == viewer.user_id,
        Follow.record_type == ActivityBinding.record_type,
        Follow.record_id == ActivityBinding.record_id,
    )
    on_mine = exists().where(ActivityBinding.activity_id == Activity.id, or_(*of_mine, followed))
    return or_(Activity.author_id == viewer.user_id, Activity.responsible_id == viewer.user_id, on_mine)
