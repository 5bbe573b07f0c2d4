"""Comments under posts, tasks and entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, or_, select, update

from core.clock import utcnow
from core.errors import NotFound
from crm.access.handles import Mention
from crm.access.mail import ReadLevel, read_levels
from crm.access.rights.repository import sees_every_task, stands_on_seen
from crm.access.viewer import Viewer
from crm.records.views import Person
from crm.stream.feed.repository.posts import is_gone, readable
from crm.stream.views import CommentView, SubjectType
from storage.models import Activity, Comment, Post, PostReader, Queue, Task, User
from storage.sessions import ReadSession, WriteSession


def last_talk(session: ReadSession, viewer: Viewer) -> int:
    """A number that becomes another one whenever something is said, edited, deleted or brought back, whoever may see it."""
    del viewer
    moments = [session.execute(select(func.max(table.changed_at))).scalar() for table in (Comment, Post)]
    return max((int(at.timestamp() * 1_000_000) for at in moments if at), default=0)


def comments(
    session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int, *, limit: int = 500
) -> list[CommentView]:
    """What was said under a post, task or entry, oldest first. Whoever may see the subject may read it."""
    require_subject(session, viewer, subject, subject_id)
    query = (
        select(Comment, User.name)
        .join(User, User.id == Comment.author_id)
        .where(Comment.subject_type == subject.value, Comment.subject_id == subject_id)
        .order_by(Comment.id)
        .limit(limit)
    )
    said = [_view(row, name) for row, name in session.execute(query)]
    while said and said[-1].deleted:
        said.pop()  # Nobody has answered it.
    return said


def require_subject(session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int) -> None:
    """Raises `NotFound` unless the viewer may see what the comments stand under."""
    if not is_there(session, viewer, subject, subject_id):
        raise NotFound("There is nothing to comment on here (any more).")


def is_there(session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int) -> bool:
    """Whether the viewer may see what comments stand under.

    Posts are their readers'; entries, and tasks on records, belong to who sees one of these, where it is mail or a post to who
    may know of that too; other tasks to their people and to who oversees them.
    """
    visible: ColumnElement[bool]
    if subject is SubjectType.POST:
        visible = exists().where(Post.id == subject_id, readable(viewer), ~is_gone())
    elif subject is SubjectType.ACTIVITY:
        return _is_entry_there(session, viewer, subject_id)
    else:
        conditions: list[ColumnElement[bool]] = [Task.id == subject_id, Task.deleted_at.is_(None)]
        if not sees_every_task(viewer):
            bound = exists().where(Activity.task_id == Task.id, stands_on_seen(viewer, Activity.id))
            mine = or_(Task.creator_id == viewer.user_id, Task.responsible_id == viewer.user_id)
            conditions.append(or_(mine, bound))
        visible = exists().where(*conditions)
    return bool(session.execute(select(visible)).scalar())


def _is_entry_there(session: ReadSession, viewer: Viewer, activity_id: int) -> bool:
    """An entry stands on a record that they see; what stands under mail or a post is theirs who may know of that."""
    entry = select(Activity.message_id, Activity.post_id).where(
        Activity.id == activity_id, Activity.deleted_at.is_(None)
    )
    found = session.execute(entry.where(stands_on_seen(viewer, Activity.id))).one_or_none()
    if found is None:
        return False
    if found.post_id is not None:
        return is_there(session, viewer, SubjectType.POST, found.post_id)
    if found.message_id is None:
        return True
    return read_levels(session, viewer, [found.message_id]).get(found.message_id, ReadLevel.NOTHING) > ReadLevel.NOTHING


def people_of_subject(session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int) -> set[int]:
    """Who hears of a new comment: the authors, the responsible, whom a post is to, and everybody who has commented."""
    del viewer
    mine: dict[SubjectType, Select[*tuple[Any, ...]]] = {
        SubjectType.POST: select(Post.author_id, PostReader.user_id)
        .outerjoin(PostReader, PostReader.post_id == Post.id)
        .where(Post.id == subject_id),
        SubjectType.TASK: select(Task.creator_id, Task.responsible_id).where(Task.id == subject_id),
        SubjectType.ACTIVITY: select(Activity.author_id, Activity.responsible_id).where(Activity.id == subject_id),
    }
    said = select(Comment.author_id).where(Comment.subject_type == subject.value, Comment.subject_id == subject_id)
    found = {user_id for row in session.execute(mine[subject]) for user_id in row}
    found |= set(session.execute(said.distinct()).scalars())
    active = select(User.id).where(User.id.in_(found - {None}), User.active.is_(True))
    return set(session.execute(active).scalars())


def own_comment(session: ReadSession, viewer: Viewer, comment_id: int) -> CommentView:
    """A comment of the viewer's own. Raises `NotFound`."""
    query = select(Comment, User.name).join(User, User.id == Comment.author_id)
    found = session.execute(query.where(Comment.id == comment_id, Comment.author_id == viewer.user_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such comment of yours.")
    return _view(*found)


def insert_comment(
    session: WriteSession,
    author_id: int,
    subject: SubjectType,
    subject_id: int,
    text: str,
    mentions: Sequence[Mention] = (),
) -> int:
    """Store a comment."""
    now = utcnow()
    session.queues_to_wake.add(Queue.NOW)
    values = {
        "subject_type": subject.value,
        "subject_id": subject_id,
        "author_id": author_id,
        "text": text,
        "created_at": now,
        "changed_at": now,
        "mentions": [{"as": one.handle, "id": one.user_id} for one in mentions],
    }
    return session.execute(insert(Comment).values(**values).returning(Comment.id)).scalar_one()


def comment_for_change(session: WriteSession, comment_id: int) -> Comment:
    """A comment that nobody else changes until this unit ends. Raises `NotFound`."""
    held = select(Comment).where(Comment.id == comment_id).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound("There is no such comment.")
    return row


def change_comment(session: WriteSession, comment_id: int, **values: Any) -> None:
    """Change columns of a comment; open pages hear of it."""
    session.queues_to_wake.add(Queue.NOW)
    session.execute(update(Comment).where(Comment.id == comment_id).values(**values, changed_at=utcnow()))


def _view(row: Comment, author: str) -> CommentView:
    who, at = Person(row.author_id, author), row.created_at
    if row.deleted_at is not None:
        return CommentView(row.id, who, "", at, deleted=True)
    mentions = tuple(Mention(one["as"], one["id"]) for one in row.mentions)
    edited: datetime | None = row.edited_at
    return CommentView(row.id, who, row.text, at, mentions, edited)
