"""Posts and comments in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, func, insert, or_, select, update

from core.clock import utcnow
from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.views import Named, Person
from crm.stream.views import CommentView, NewPost, PostView, SubjectType
from storage.models import Activity, ActivityBinding, Comment, Part, Post, Role, Task, User
from storage.sessions import ReadSession, WriteSession

SEES_ALL = (Role.ADMINISTRATOR, Role.MANAGER)
NO_POST = "There is no such post."


def posts(
    session: ReadSession, viewer: Viewer, *, before_id: int | None = None, words: str = "", limit: int = 30
) -> list[PostView]:
    """The feed, newest first, a page at a time. Posts are for all colleagues."""
    query = _rows().order_by(Post.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Post.id < before_id)
    for word in words.split():
        query = query.where(
            or_(Post.title.icontains(word, autoescape=True), Post.text.icontains(word, autoescape=True))
        )
    return _views(session, viewer, query)


def post(session: ReadSession, viewer: Viewer, post_id: int) -> PostView:
    """One post. Raises `NotFound`."""
    found = _views(session, viewer, _rows().where(Post.id == post_id))
    if not found:
        raise NotFound(NO_POST)
    return found[0]


def comments(
    session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int, *, limit: int = 500
) -> list[CommentView]:
    """What was said under a post, task or entry, oldest first. Whoever may see the subject may read it."""
    require_subject(session, viewer, subject, subject_id)
    query = (
        select(Comment.id, Comment.author_id, User.name, Comment.text, Comment.created_at)
        .join(User, User.id == Comment.author_id)
        .where(Comment.subject_type == subject.value, Comment.subject_id == subject_id)
        .order_by(Comment.id)
        .limit(limit)
    )
    return [CommentView(row[0], Person(row[1], row[2]), row[3], row[4]) for row in session.execute(query)]


def require_subject(session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int) -> None:
    """Raises `NotFound` unless the viewer may see what the comments stand under.

    Posts are everybody's; entries, and tasks on records, too; other tasks belong to their people and to managers.
    """
    if subject is SubjectType.POST:
        visible = exists().where(Post.id == subject_id)
    elif subject is SubjectType.ACTIVITY:
        visible = exists().where(ActivityBinding.activity_id == subject_id)
    else:
        visible = exists().where(Task.id == subject_id)
        if viewer.role not in SEES_ALL:
            bound = exists().where(Activity.task_id == Task.id, ActivityBinding.activity_id == Activity.id)
            mine = or_(Task.creator_id == viewer.user_id, Task.responsible_id == viewer.user_id)
            visible = visible.where(or_(mine, bound))
    if not session.execute(select(visible)).scalar():
        raise NotFound("There is nothing to comment on here (any more).")


def people_of_subject(session: ReadSession, viewer: Viewer, subject: SubjectType, subject_id: int) -> set[int]:
    """Who hears of a new comment: the authors and the responsible, and everybody who has commented."""
    del viewer
    mine: dict[SubjectType, Select[*tuple[Any, ...]]] = {
        SubjectType.POST: select(Post.author_id).where(Post.id == subject_id),
        SubjectType.TASK: select(Task.creator_id, Task.responsible_id).where(Task.id == subject_id),
        SubjectType.ACTIVITY: select(Activity.author_id, Activity.responsible_id).where(Activity.id == subject_id),
    }
    said = select(Comment.author_id).where(Comment.subject_type == subject.value, Comment.subject_id == subject_id)
    found = {user_id for row in session.execute(mine[subject]) for user_id in row}
    found |= set(session.execute(said.distinct()).scalars())
    active = select(User.id).where(User.id.in_(found - {None}), User.active.is_(True))
    return set(session.execute(active).scalars())


def insert_post(session: WriteSession, author_id: int, new: NewPost) -> int:
    """Store a post."""
    values = {
        "author_id": author_id,
        "title": new.title,
        "text": new.text,
        "tags": list(new.tags),
        "message_id": new.message_id,
        "created_at": utcnow(),
    }
    return session.execute(insert(Post).values(**values).returning(Post.id)).scalar_one()


def update_post(session: WriteSession, post_id: int, title: str, text: str, tags: Sequence[str]) -> None:
    """Change a post, and its entry in timelines."""
    session.execute(update(Post).where(Post.id == post_id).values(title=title, text=text, tags=list(tags)))
    session.execute(update(Activity).where(Activity.post_id == post_id).values(title=title, text=text))


def insert_comment(session: WriteSession, author_id: int, subject: SubjectType, subject_id: int, text: str) -> int:
    """Store a comment."""
    values = {
        "subject_type": subject.value,
        "subject_id": subject_id,
        "author_id": author_id,
        "text": text,
        "created_at": utcnow(),
    }
    return session.execute(insert(Comment).values(**values).returning(Comment.id)).scalar_one()


def _rows() -> Select[*tuple[Any, ...]]:
    files = select(func.count()).where(Part.message_id == Post.message_id).correlate(Post).scalar_subquery()
    said = (
        select(func.count())
        .where(Comment.subject_type == SubjectType.POST.value, Comment.subject_id == Post.id)
        .correlate(Post)
        .scalar_subquery()
    )
    return select(Post, User.id, User.name, files, said).join(User, User.id == Post.author_id)


def _views(session: ReadSession, viewer: Viewer, query: Select[*tuple[Any, ...]]) -> list[PostView]:
    rows = session.execute(query).all()
    about = _about(session, viewer, [row[0].id for row in rows])
    return [
        PostView(
            id=row.id,
            author=Person(author_id, author),
            title=row.title,
            text=row.text,
            tags=tuple(row.tags),
            message_id=row.message_id,
            created_at=row.created_at,
            attachments=files,
            comments=said,
            about=about.get(row.id, ()),
        )
        for row, author_id, author, files, said in rows
    ]


def _about(session: ReadSession, viewer: Viewer, post_ids: Sequence[int]) -> dict[int, tuple[Named, ...]]:
    """The records that each post is about."""
    query = (
        select(Activity.post_id, ActivityBinding.record_type, ActivityBinding.record_id)
        .join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
        .where(Activity.post_id.in_(post_ids))
        .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
    )
    bindings = session.execute(query).all() if post_ids else []
    names = names_of(session, viewer, [(row.record_type, row.record_id) for row in bindings])
    by_key = {(named.type, named.id): named for named in names}
    found: dict[int, tuple[Named, ...]] = {}
    for post_id, record_type, record_id in bindings:
        named = by_key.get((record_type, record_id))
        if named is not None and post_id is not None:
            found[post_id] = (*found.get(post_id, ()), named)
    return found
