"""All files of one record, newest first: what people put there, what came with its mails and messages, as far as the viewer
may read these. How far somebody may read a mail is no condition of a query, so entries are looked at some at a time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from core.cursors import Cursor
from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.repository.recycling import why_gone
from crm.stream.feed.repository import posts_by_id
from crm.stream.feed.repository.standing import is_there, told_by
from crm.stream.files.views import FileOnRecord, FileSource, FilesPage
from crm.stream.newest.repository import is_behind
from crm.stream.views import RecordKey
from storage.models import Activity, ActivityBinding, Message, Part, PostFile, RecordFile, User
from storage.sessions import ReadSession
from storage.unindexed import unindexed

LOOKED_AT_ONCE = 100
MOST_LOOKED_AT = 1_000
"""Entries: where somebody may read none of so many mails, the page ends there and says that there may be more."""
_HAS: Mapping[FileSource, ColumnElement[bool]] = {
    FileSource.ADDED: exists().where(RecordFile.activity_id == Activity.id, RecordFile.deleted_at.is_(None)),
    FileSource.MAIL: exists().where(Part.message_id == Activity.message_id, ~Part.inline),
    FileSource.POST: exists().where(PostFile.post_id == Activity.post_id),
}


def files_of(
    session: ReadSession,
    viewer: Viewer,
    record: RecordKey,
    *,
    source: FileSource | None = None,
    behind: Cursor | None = None,
    limit: int = 50,
) -> FilesPage:
    """At least `limit` files of a record, where there are so many; those of one entry stay together.

    Raises `NotFound` for a record that is gone, or that the viewer may not know of.
    """
    if not names_of(session, viewer, [record]):
        raise why_gone(session, viewer, record)
    files: list[FileOnRecord] = []
    for _ in range(0, MOST_LOOKED_AT, LOOKED_AT_ONCE):
        entries = _entries(session, record, source, behind)
        for entry, found in _read(session, viewer, entries):
            if len(files) >= limit:
                return FilesPage(tuple(files), behind)
            files += found
            behind = Cursor(entry.at, entry.id)
        if len(entries) < LOOKED_AT_ONCE:
            return FilesPage(tuple(files), None)
    return FilesPage(tuple(files), behind)


def _entries(
    session: ReadSession, record: RecordKey, source: FileSource | None, behind: Cursor | None
) -> Sequence[Activity]:
    """The next entries of the record that have files, whoever may read them; without the mails that carried its posts."""
    here = select(ActivityBinding.activity_id).where(
        ActivityBinding.record_type == record[0], ActivityBinding.record_id == record[1]
    )
    posts = aliased(Activity)
    told = told_by(select(posts.post_id).where(posts.id.in_(here), posts.post_id.is_not(None)))
    no_copy = or_(Activity.message_id.is_(None), Activity.message_id.not_in(told))
    some = or_(*_HAS.values()) if source is None else _HAS[source]
    query = select(Activity).where(Activity.id.in_(here), some, is_there(), no_copy)
    query = query.where(*is_behind(behind, Activity.at, Activity.id))
    newest = (unindexed(Activity.at).desc(), Activity.id.desc())
    return session.execute(query.order_by(*newest).limit(LOOKED_AT_ONCE)).scalars().all()


def _read(
    session: ReadSession, viewer: Viewer, entries: Sequence[Activity]
) -> list[tuple[Activity, list[FileOnRecord]]]:
    """Each entry with its files, none where the viewer may not read what they came with."""
    found: dict[int, list[FileOnRecord]] = {}
    for file in (
        *_added(session, entries),
        *_of_mails(session, viewer, entries),
        *_of_posts(session, viewer, entries),
    ):
        found.setdefault(file.entry_id, []).append(file)
    return [(entry, found.get(entry.id, [])) for entry in entries]


def _added(session: ReadSession, entries: Sequence[Activity]) -> list[FileOnRecord]:
    ids = [entry.id for entry in entries if entry.message_id is None and entry.post_id is None]
    query = select(RecordFile, User.name).outerjoin(User, User.id == RecordFile.author_id)
    query = query.where(RecordFile.activity_id.in_(ids), RecordFile.deleted_at.is_(None)).order_by(RecordFile.id)
    return [
        FileOnRecord(
            FileSource.ADDED, row.id, 0, row.filename, row.content_type, row.size, row.created_at, name or "",
            entry_id=row.activity_id or 0,
        )
        for row, name in (session.execute(query) if ids else ())
    ]  # fmt: skip


def _of_mails(session: ReadSession, viewer: Viewer, entries: Sequence[Activity]) -> list[FileOnRecord]:
    by_mail = {entry.message_id: entry for entry in entries if entry.message_id is not None}
    levels = read_levels(session, viewer, list(by_mail))
    open_ones = [each for each in by_mail if levels.get(each) is ReadLevel.EVERYTHING]
    columns: Any = (Part, Message.from_name, Message.from_address, Message.subject)
    query = select(*columns).join(Message, Message.id == Part.message_id)
    query = query.where(and_(Part.message_id.in_(open_ones), ~Part.inline)).order_by(Part.message_id, Part.index)
    return [
        FileOnRecord(
            FileSource.MAIL, part.message_id, part.index, part.filename, part.content_type, part.size,
            by_mail[part.message_id].at, name or address, subject, by_mail[part.message_id].id,
        )
        for part, name, address, subject in (session.execute(query) if open_ones else ())
    ]  # fmt: skip


def _of_posts(session: ReadSession, viewer: Viewer, entries: Sequence[Activity]) -> list[FileOnRecord]:
    by_post = {entry.post_id: entry for entry in entries if entry.post_id is not None}
    posts = posts_by_id(session, viewer, list(by_post))
    return [
        FileOnRecord(
            FileSource.POST, post.id, file.position, file.filename, file.content_type, file.size,
            post.created_at, post.author.name, post.title, by_post[post.id].id,
        )
        for post in posts.values()
        for file in post.files
    ]  # fmt: skip
