"""Posts as their readers see them: who may read which, and what belongs to each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from core.errors import NotFound
from crm.access.handles import Mention
from crm.access.rights.repository import on_seen_record, stands_on_seen
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.views import Named, Person
from crm.stream.feed.repository.words import found_by_words
from crm.stream.views import FileView, MailReader, PostView, StoredFile, SubjectType
from storage.models import (
    Activity,
    ActivityBinding,
    Comment,
    Message,
    Outgoing,
    Part,
    Post,
    PostFile,
    PostMail,
    PostReader,
    User,
)
from storage.sessions import ReadSession

NO_POST = "There is no such post."


def posts(
    session: ReadSession, viewer: Viewer, *, before_id: int | None = None, words: str = "", limit: int = 30
) -> list[PostView]:
    """The feed: posts to everyone, to the viewer and by them, newest first, a page at a time.

    With `words` those that have a word beginning with each of these.
    """
    query = _rows().where(_addressed(viewer), ~is_gone()).order_by(Post.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Post.id < before_id)
    return _views(session, viewer, query.where(*found_by_words(words)))


def post(session: ReadSession, viewer: Viewer, post_id: int) -> PostView:
    """One post. Raises `NotFound` when there is none for this viewer."""
    found = _views(session, viewer, _rows().where(Post.id == post_id, readable(viewer), ~is_gone()))
    if not found:
        raise NotFound(NO_POST)
    return found[0]


def posts_by_id(session: ReadSession, viewer: Viewer, post_ids: Sequence[int]) -> dict[int, PostView]:
    """Those of the posts that the viewer may read."""
    if not post_ids:
        return {}
    query = _rows().where(Post.id.in_(post_ids), readable(viewer), ~is_gone())
    return {one.id: one for one in _views(session, viewer, query)}


def require_readable(session: ReadSession, viewer: Viewer, post_id: int) -> None:
    """Raises `NotFound` for a post, deleted or not, that is not there for the viewer."""
    if session.execute(select(Post.id).where(Post.id == post_id, readable(viewer))).scalar() is None:
        raise NotFound(NO_POST)


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Of `Post`: whether it is to the viewer, or about a record that they may know of."""
    if viewer.is_system:
        return true()
    bound = exists().where(Activity.post_id == Post.id, stands_on_seen(viewer, Activity.id))
    return or_(_addressed(viewer), bound)


def is_gone() -> ColumnElement[bool]:
    """Of `Post`: whether it was deleted, and nobody else had said anything that would stand under nothing then."""
    answer = aliased(Comment)
    answered = exists().where(
        answer.subject_type == SubjectType.POST.value,
        answer.subject_id == Post.id,
        answer.author_id != Post.author_id,
        answer.deleted_at.is_(None),
    )
    return Post.deleted_at.is_not(None) & ~answered


def file_of_post(session: ReadSession, viewer: Viewer, post_id: int, position: int) -> StoredFile:
    """One file of a post. Raises `NotFound` when there is none for this viewer, also when the post was deleted."""
    query = (
        select(PostFile.filename, PostFile.content_type, PostFile.size, PostFile.blob_id)
        .join(Post, Post.id == PostFile.post_id)
        .where(Post.id == post_id, PostFile.position == position, readable(viewer), Post.deleted_at.is_(None))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("This post has no such file.")
    return StoredFile(*found)


def _addressed(viewer: Viewer) -> ColumnElement[bool]:
    to_me = exists().where(PostReader.post_id == Post.id, PostReader.user_id == viewer.user_id)
    return or_(Post.everyone, Post.author_id == viewer.user_id, to_me)


def _rows() -> Select[*tuple[Any, ...]]:
    attached = select(func.count()).where(Part.message_id == Post.message_id).correlate(Post).scalar_subquery()
    said = (
        select(func.count())
        .where(
            Comment.subject_type == SubjectType.POST.value, Comment.subject_id == Post.id, Comment.deleted_at.is_(None)
        )
        .correlate(Post)
        .scalar_subquery()
    )
    return select(Post, User.id, User.name, attached, said).join(User, User.id == Post.author_id)


def _views(session: ReadSession, viewer: Viewer, query: Select[*tuple[Any, ...]]) -> list[PostView]:
    rows = session.execute(query).all()
    ids = [row[0].id for row in rows]
    about = _about(session, viewer, ids)
    readers, mails, files = _readers(session, ids), _mails(session, viewer, ids), _files(session, ids)
    return [
        _gone_view(row, author_id, author, said, about.get(row.id, ()))
        if row.deleted_at is not None
        else PostView(
            id=row.id,
            author=Person(author_id, author),
            title=row.title,
            text=row.text,
            tags=tuple(row.tags),
            message_id=row.message_id,
            created_at=row.created_at,
            attachments=attached + len(files.get(row.id, ())),
            comments=said,
            about=about.get(row.id, ()),
            everyone=row.everyone,
            readers=readers.get(row.id, ()),
            mails=mails.get(row.id, ()),
            files=files.get(row.id, ()),
            mentions=tuple(Mention(one["as"], one["id"]) for one in row.mentions),
            edited_at=row.edited_at,
        )
        for row, author_id, author, attached, said in rows
    ]


def _gone_view(row: Post, author_id: int, author: str, said: int, about: tuple[Named, ...]) -> PostView:
    at, who = row.created_at, Person(author_id, author)
    return PostView(row.id, who, "", "", (), None, at, 0, said, about, row.everyone, deleted=True)


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


def _readers(session: ReadSession, post_ids: Sequence[int]) -> dict[int, tuple[Person, ...]]:
    query = select(PostReader.post_id, User.id, User.name).join(User, User.id == PostReader.user_id)
    query = query.where(PostReader.post_id.in_(post_ids)).order_by(PostReader.id)
    found: dict[int, tuple[Person, ...]] = {}
    for post_id, user_id, name in session.execute(query) if post_ids else ():
        found[post_id] = (*found.get(post_id, ()), Person(user_id, name))
    return found


def _mails(session: ReadSession, viewer: Viewer, post_ids: Sequence[int]) -> dict[int, tuple[MailReader, ...]]:
    """To whom of those that the viewer may know of each went by mail, how that fares, and the conversation that it is.

    The address is empty where the viewer's role hides it.
    """
    thread = (
        select(func.min(Message.thread_id))
        .where(Message.outgoing_id == PostMail.outgoing_id)
        .correlate(PostMail)
        .scalar_subquery()
    )
    query = (
        select(PostMail, Outgoing.state, thread)
        .outerjoin(Outgoing, Outgoing.id == PostMail.outgoing_id)
        .where(PostMail.post_id.in_(post_ids), *on_seen_record(viewer, PostMail))
        .order_by(PostMail.id)
    )
    found: dict[int, tuple[MailReader, ...]] = {}
    for row, state, thread_id in session.execute(query) if post_ids else ():
        address = "" if viewer.hides(row.record_type, "emails") else row.address
        one = MailReader((row.record_type, row.record_id), row.name, address, state, thread_id)
        found[row.post_id] = (*found.get(row.post_id, ()), one)
    return found


def _files(session: ReadSession, post_ids: Sequence[int]) -> dict[int, tuple[FileView, ...]]:
    query = select(PostFile).where(PostFile.post_id.in_(post_ids)).order_by(PostFile.post_id, PostFile.position)
    found: dict[int, tuple[FileView, ...]] = {}
    for row in session.execute(query).scalars() if post_ids else ():
        one = FileView(row.position, row.filename, row.content_type, row.size)
        found[row.post_id] = (*found.get(row.post_id, ()), one)
    return found
