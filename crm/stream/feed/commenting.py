"""What is said under posts, tasks and entries of timelines: added, edited, deleted, and taken back. Each call belongs into the
caller's unit of work.
"""

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.handles import Mention, mentions_in
from crm.access.notifications import Bell, ring
from crm.access.repository import person
from crm.access.viewer import Viewer
from crm.stream.feed import repository
from crm.stream.feed.hearing import may_see
from crm.stream.feed.posting import author_of, colleagues_of
from crm.stream.feed.repository.writing import as_stored
from crm.stream.views import SubjectType
from storage.models import Comment
from storage.sessions import ReadSession, WriteSession

LONGEST_COMMENT = 20_000
_PATHS = {SubjectType.TASK: "/tasks", SubjectType.POST: "/feed", SubjectType.ACTIVITY: "/entries"}


def add_comment(session: WriteSession, viewer: Viewer, subject: SubjectType, subject_id: int, text: str) -> int:
    """Say something under a post, a task or an entry; its people hear of it, and who is mentioned and may see it.

    Raises `NotFound` when the viewer may not see it, `Forbidden` for guests, `UsageError` for an empty word.
    """
    author_id = author_of(viewer)
    words = _words(text)
    repository.require_subject(session, viewer, subject, subject_id)
    people = repository.people_of_subject(session, viewer, subject, subject_id) - {author_id}
    named = _named(session, viewer, words)
    told = may_see(session, people | {one.user_id for one in named}, subject, subject_id)
    mentions = tuple(one for one in named if one.user_id in told)
    comment_id = repository.insert_comment(session, author_id, subject, subject_id, words, mentions)
    first_line, link = words.splitlines()[0], subject_path(subject, subject_id)
    mentioned = {one.user_id for one in mentions} - {author_id}
    bells = [
        Bell(user_id, f"comment:{comment_id}", f"Comment: {first_line}", link)
        for user_id in sorted(told & people - mentioned)
    ]
    ring(session, bells)
    _tell_mentioned(session, viewer, comment_id, mentions, first_line, link)
    return comment_id


def change_comment(session: WriteSession, viewer: Viewer, comment_id: int, text: str) -> tuple[SubjectType, int]:
    """Edit one's own comment; under what it stands. Whoever is mentioned anew hears of it.

    Raises `Forbidden` for anybody else's, `NotFound` when it is not there for the viewer.
    """
    row = _mine(session, viewer, comment_id)
    if row.deleted_at is not None:
        raise Conflict("This comment was deleted meanwhile: take that back first.")
    subject, words = SubjectType(row.subject_type), _words(text)
    named = _named(session, viewer, words)
    told = may_see(session, {one.user_id for one in named}, subject, row.subject_id)
    mentions = tuple(one for one in named if one.user_id in told)
    known = {one["id"] for one in row.mentions}
    repository.change_comment(session, comment_id, text=words, mentions=as_stored(mentions), edited_at=utcnow())
    fresh = tuple(one for one in mentions if one.user_id not in known)
    link = subject_path(subject, row.subject_id)
    _tell_mentioned(session, viewer, comment_id, fresh, words.splitlines()[0], link)
    return subject, row.subject_id


def delete_comment(session: WriteSession, viewer: Viewer, comment_id: int) -> tuple[SubjectType, int]:
    """Take one's own comment away; a line stays where others have answered it. Raises as `change_comment`."""
    row = _mine(session, viewer, comment_id)
    repository.change_comment(session, comment_id, deleted_at=row.deleted_at or utcnow())
    return SubjectType(row.subject_type), row.subject_id


def restore_comment(session: WriteSession, viewer: Viewer, comment_id: int) -> tuple[SubjectType, int]:
    """Take back that a comment was deleted. Raises as `change_comment`."""
    row = _mine(session, viewer, comment_id)
    repository.change_comment(session, comment_id, deleted_at=None)
    return SubjectType(row.subject_type), row.subject_id


def subject_path(subject: SubjectType, subject_id: int) -> str:
    """The page that something is discussed on."""
    return f"{_PATHS[subject]}/{subject_id}"


def _mine(session: WriteSession, viewer: Viewer, comment_id: int) -> Comment:
    author_id = author_of(viewer)
    row = repository.comment_for_change(session, comment_id)
    if row.author_id != author_id or row.deleted_at is None:
        repository.require_subject(session, viewer, SubjectType(row.subject_type), row.subject_id)
    if row.author_id != author_id:
        raise Forbidden("Only its author may change a comment.")
    return row  # A post that stood for its sake alone comes back with it.


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise UsageError("Write at least a word.")
    if len(words) > LONGEST_COMMENT:
        raise UsageError(f"The comment is too long: use at most {LONGEST_COMMENT} characters.")
    return words


def _named(session: ReadSession, viewer: Viewer, words: str) -> tuple[Mention, ...]:
    """The colleagues named; who of them may not see what the comment stands under does not hear of it."""
    return mentions_in(words, colleagues_of(session, viewer)) if "@" in words else ()


def _tell_mentioned(
    session: WriteSession, viewer: Viewer, comment_id: int, mentions: tuple[Mention, ...], line: str, link: str
) -> None:
    author = person(session, viewer, viewer.user_id or 0)
    title = f"{author.name if author else 'Somebody'} mentions you: {line}"
    others = [one.user_id for one in mentions if one.user_id != viewer.user_id]
    ring(session, [Bell(user_id, f"mention:comment:{comment_id}", title, link) for user_id in others])
