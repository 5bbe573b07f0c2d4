"""Posting to colleagues and commenting. Each call belongs into the caller's unit of work."""

from dataclasses import replace

from core.clock import utcnow
from core.errors import Forbidden, UsageError
from crm.access.mail import require_readable
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.records.repository import writing
from crm.stream.feed import repository
from crm.stream.timeline.entries import require_records
from crm.stream.views import NewPost, SubjectType
from storage.models import Activity, ActivityKind, Role
from storage.sessions import WriteSession

LONGEST_TITLE = 300
LONGEST_COMMENT = 20_000
MANAGES = (Role.ADMINISTRATOR, Role.MANAGER)
_PATHS = {SubjectType.TASK: "/tasks", SubjectType.POST: "/feed", SubjectType.ACTIVITY: "/stream"}


def create_post(session: WriteSession, viewer: Viewer, new: NewPost, *, mailed_in: bool = False) -> int:
    """Tell colleagues something; its id. With `about` it stands in those records' timelines too.

    Everybody may then read the message it is made from, so `viewer` must, unless it came to their own secret address
    (`mailed_in`). Raises `Forbidden` for guests, `UsageError` without a word, `NotFound` for a record that is gone or a
    message that the viewer may not read.
    """
    author_id = _author(viewer)
    if new.message_id is not None and not mailed_in:
        require_readable(session, viewer, new.message_id)
    if new.about:
        require_records(session, viewer, new.about)
    post = replace(new, title=_title(new.title, new.text), text=new.text.strip())
    post_id = repository.insert_post(session, author_id, post)
    if new.about:
        now = utcnow()
        activity = Activity(
            kind=ActivityKind.POST,
            title=post.title,
            text=post.text,
            at=now,
            created_at=now,
            author_id=author_id,
            post_id=post_id,
            completed_at=now,
        )
        writing.bind(session, writing.add(session, activity), list(dict.fromkeys(new.about)))
    return post_id


def change_post(
    session: WriteSession, viewer: Viewer, post_id: int, *, title: str, text: str, tags: tuple[str, ...]
) -> None:
    """Edit a post, also one that came by mail. Raises `Forbidden` for all but its author and managers."""
    viewer.require_write()
    post = repository.post(session, viewer, post_id)
    if viewer.user_id != post.author.id and viewer.role not in MANAGES:
        raise Forbidden("Only its author or a manager may edit a post.")
    repository.update_post(session, post_id, _title(title, text), text.strip(), tags)


def add_comment(session: WriteSession, viewer: Viewer, subject: SubjectType, subject_id: int, text: str) -> int:
    """Say something under a post, a task or an entry; its people hear of it.

    Raises `NotFound` when the viewer may not see it, `Forbidden` for guests, `UsageError` for an empty word.
    """
    author_id = _author(viewer)
    words = text.strip()
    if not words:
        raise UsageError("Write at least a word.")
    if len(words) > LONGEST_COMMENT:
        raise UsageError(f"The comment is too long: use at most {LONGEST_COMMENT} characters.")
    repository.require_subject(session, viewer, subject, subject_id)
    told = repository.people_of_subject(session, viewer, subject, subject_id) - {author_id}
    comment_id = repository.insert_comment(session, author_id, subject, subject_id, words)
    first_line = words.splitlines()[0]
    link = _PATHS[subject] if subject is SubjectType.ACTIVITY else f"{_PATHS[subject]}/{subject_id}"
    ring(session, [Bell(user_id, f"comment:{comment_id}", f"Comment: {first_line}", link) for user_id in sorted(told)])
    return comment_id


def _author(viewer: Viewer) -> int:
    viewer.require_write()
    if viewer.user_id is None:
        raise UsageError("Somebody has to be the author: choose a person.")
    return viewer.user_id


def _title(title: str, text: str) -> str:
    """The title, or the first line of the text where there is none."""
    lines = (line.strip() for line in text.splitlines())
    words = " ".join(title.split()) or next((line for line in lines if line), "")
    if not words:
        raise UsageError("Write at least a word.")
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"
