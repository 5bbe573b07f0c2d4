"""Rows of posts, written for use cases that have decided."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import utcnow
from core.errors import NotFound
from crm.access.handles import Mention
from crm.stream.feed.repository.posts import NO_POST
from crm.stream.feed.repository.words import keep_words
from crm.stream.files.repository.terms import write_terms
from crm.stream.views import NewPost, StoredFile
from storage.models import Activity, ActivityBinding, FileTerm, Post, PostFile, PostReader, Queue, RecordType
from storage.sessions import ReadSession, WriteSession


def insert_post(
    session: WriteSession, author_id: int, new: NewPost, mentions: Sequence[Mention] = ()
) -> tuple[int, bool]:
    """Store a post with its readers and files; id and whether it is new. The same `key` twice is the post of the first time."""
    values = {
        "author_id": author_id,
        "title": new.title,
        "text": new.text,
        "tags": list(new.tags),
        "message_id": new.message_id,
        "created_at": utcnow(),
        "everyone": new.everyone,
        "mentions": as_stored(mentions),
        "key": new.key,
    }
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = dialect_insert(Post).values(**values).on_conflict_do_nothing(index_elements=["key"])
    post_id = session.execute(statement.returning(Post.id)).scalar_one_or_none()
    if post_id is None:
        return session.execute(select(Post.id).where(Post.key == new.key)).scalar_one(), False
    add_readers(session, post_id, new.readers)
    _add_files(session, post_id, new.files)
    keep_words(session, post_id, f"{new.title}\n{new.text}")
    return post_id, True


def add_readers(session: WriteSession, post_id: int, user_ids: Collection[int]) -> None:
    """Address a post to further colleagues."""
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    rows = [{"post_id": post_id, "user_id": user_id} for user_id in dict.fromkeys(user_ids)]
    if rows:
        session.execute(dialect_insert(PostReader).on_conflict_do_nothing(), rows)


def post_for_change(session: WriteSession, post_id: int) -> Post:
    """A post, deleted or not, that nobody else changes until this unit ends. Raises `NotFound`."""
    held = select(Post).where(Post.id == post_id).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound(NO_POST)
    return row


def update_post(session: WriteSession, post_id: int, **values: Any) -> None:
    """Change a post, and its entry in timelines; open pages hear of it."""
    session.queues_to_wake.add(Queue.NOW)
    session.execute(update(Post).where(Post.id == post_id).values(**values, changed_at=utcnow()))
    shared = {name: values[name] for name in ("title", "text") if name in values}
    if shared:
        session.execute(update(Activity).where(Activity.post_id == post_id).values(**shared))
        said = session.execute(select(Post.title, Post.text).where(Post.id == post_id)).one()
        keep_words(session, post_id, "\n".join(said))


def standing_of(session: ReadSession, post_id: int) -> tuple[int | None, list[tuple[RecordType, int]]]:
    """The entry that a post has in timelines, and the records it stands on, its owner first."""
    entry = session.execute(select(Activity.id).where(Activity.post_id == post_id)).scalar()
    bindings = session.execute(
        select(ActivityBinding.record_type, ActivityBinding.record_id)
        .where(ActivityBinding.activity_id == entry)
        .order_by(ActivityBinding.owner.desc(), ActivityBinding.id)
    )
    return entry, [(kind, record_id) for kind, record_id in bindings]


def as_stored(mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """Mentions as their column keeps them."""
    return [{"as": one.handle, "id": one.user_id} for one in mentions]


def _add_files(session: WriteSession, post_id: int, files: Sequence[StoredFile]) -> None:
    rows = [
        {
            "post_id": post_id,
            "position": position,
            "filename": file.filename,
            "content_type": file.content_type,
            "size": file.size,
            "blob_id": file.blob_id,
        }
        for position, file in enumerate(files)
    ]
    if rows:
        session.execute(insert(PostFile), rows)
        stored = session.execute(select(PostFile.id, PostFile.filename).where(PostFile.post_id == post_id)).all()
        write_terms(session, FileTerm.post_file_id, [(file_id, name) for file_id, name in stored])
