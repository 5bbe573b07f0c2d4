"""Files found by their names: what people put on records, what came with posts, and attachments of mails that were found.

The words are looked up in an index; whether somebody may know of a file is asked of the newest that have all words.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.repository.terms import LAST
from crm.records.views import Named
from crm.stream.feed.repository import posts_by_id
from crm.stream.files.repository.terms import OfFile, terms_of
from crm.stream.files.views import FileOnRecord, FileSource, FoundFile
from storage.models import Activity, ActivityBinding, FileTerm, Message, Part, PostFile, RecordFile, User
from storage.sessions import ReadSession

LOOKED_AT = 100
"""Files that have the words; whoever may know of none of so many newer ones is told of none."""


def files_on_records(session: ReadSession, viewer: Viewer, words: str, *, limit: int) -> list[FoundFile]:
    """Files that people put on records, whose names have a word beginning with each of these; the newest first."""
    query = select(RecordFile, User.name).outerjoin(User, User.id == RecordFile.author_id)
    ids = _by_words(session, FileTerm.record_file_id, words)
    query = query.where(RecordFile.id.in_(ids), RecordFile.deleted_at.is_(None)).order_by(RecordFile.id.desc())
    rows = session.execute(query).all() if ids else []
    files = [(row, name, row.activity_id or 0) for row, name in rows]
    on = _standing(session, viewer, Activity.id, {entry_id for _, _, entry_id in files})
    found = [
        FoundFile(
            FileOnRecord(
                FileSource.ADDED, row.id, 0, row.filename, row.content_type, row.size, row.created_at, name or "",
                entry_id=entry_id,
            ),
            on[entry_id],
        )
        for row, name, entry_id in files
        if on.get(entry_id)
    ]  # fmt: skip
    return found[:limit]


def files_of_posts(session: ReadSession, viewer: Viewer, words: str, *, limit: int) -> list[FoundFile]:
    """Files that came with posts which the viewer may read, as `files_on_records`."""
    ids = _by_words(session, FileTerm.post_file_id, words)
    query = select(PostFile.post_id, PostFile.position).where(PostFile.id.in_(ids)).order_by(PostFile.id.desc())
    places = [tuple(row) for row in session.execute(query)] if ids else []
    posts = posts_by_id(session, viewer, [post_id for post_id, _ in places])
    on = _standing(session, viewer, Activity.post_id, posts)
    files = {(post.id, file.position): (post, file) for post in posts.values() for file in post.files}
    found = [
        FoundFile(
            FileOnRecord(
                FileSource.POST, post.id, file.position, file.filename, file.content_type, file.size,
                post.created_at, post.author.name, post.title,
            ),
            on.get(post.id, ()),
        )
        for post, file in (files[place] for place in places if place in files)
    ]  # fmt: skip
    return found[:limit]


def files_of_mails(session: ReadSession, viewer: Viewer, message_ids: Sequence[int], words: str) -> list[FoundFile]:
    """Those attachments of these mails, as far as the viewer may read them, whose names have the words."""
    levels = read_levels(session, viewer, message_ids)
    ids = [each for each in message_ids if levels.get(each) is ReadLevel.EVERYTHING]
    query = select(Part, Message).join(Message, Message.id == Part.message_id)
    query = query.where(Part.message_id.in_(ids), ~Part.inline).order_by(Message.date.desc(), Part.index)
    rows = [(part, mail) for part, mail in (session.execute(query) if ids else ()) if _has(part.filename, words)]
    on = _standing(session, viewer, Activity.message_id, {mail.id for _, mail in rows})
    return [
        FoundFile(
            FileOnRecord(
                FileSource.MAIL, mail.id, part.index, part.filename, part.content_type, part.size,
                mail.date, mail.from_name or mail.from_address, mail.subject,
            ),
            on.get(mail.id, ()),
        )
        for part, mail in rows
    ]  # fmt: skip


def _has(name: str, words: str) -> bool:
    there, asked = terms_of(name), terms_of(words)
    return bool(asked) and all(any(term.startswith(word) for term in there) for word in asked)


def _by_words(session: ReadSession, of_file: OfFile, words: str) -> list[int]:
    """The newest files whose names have all words; none where there is no word."""
    asked = sorted(terms_of(words), key=len, reverse=True)
    if not asked:
        return []
    query = select(of_file).where(_begins(FileTerm.term, asked[0]), of_file.is_not(None))
    for word in asked[1:]:
        further = aliased(FileTerm)
        same = getattr(further, of_file.key) == of_file
        query = query.where(exists().where(same, _begins(further.term, word)))
    return [one for one in session.scalars(query.distinct().order_by(of_file.desc()).limit(LOOKED_AT)) if one]


def _begins(term: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return (term >= word) & (term < word + LAST)


def _standing(
    session: ReadSession, viewer: Viewer, column: InstrumentedAttribute[int] | OfFile, ids: Iterable[int]
) -> Mapping[int, tuple[Named, ...]]:
    """On which records entries stand that the viewer may know of, by what is in the column."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(column, ActivityBinding.record_type, ActivityBinding.record_id).where(column.in_(wanted))
    query = query.join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
    rows = session.execute(query.order_by(ActivityBinding.owner.desc(), ActivityBinding.id)).all()
    keys = list(dict.fromkeys((kind, record_id) for _, kind, record_id in rows))
    named = {(one.type, one.id): one for one in names_of(session, viewer, keys)} if keys else {}
    found: dict[int, dict[int, Named]] = {}
    for about, kind, record_id in rows:
        if about is not None and (one := named.get((kind, record_id))):
            found.setdefault(about, {})[id(one)] = one
    return {about: tuple(each.values()) for about, each in found.items()}
