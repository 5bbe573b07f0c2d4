"""Posting to colleagues, in the feed and in the stream; editing, deleting and undoing that. Each call belongs into the
caller's unit of work.

A post reaches its readers, whoever is mentioned in it (who becomes a reader by that), and whoever may see its records.
"""

from dataclasses import replace

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.handles import Mention, mentions_in
from crm.access.mail import require_readable
from crm.access.notifications import Bell, ring
from crm.access.repository import people, person
from crm.access.viewer import Viewer
from crm.records.repository import writing
from crm.records.repository.merges import kept_records
from crm.stream.feed import repository
from crm.stream.feed.hearing import may_see
from crm.stream.feed.repository.writing import add_readers, as_stored
from crm.stream.follows import followers
from crm.stream.timeline.entries import require_records
from crm.stream.views import NewPost, SubjectType
from storage.models import Activity, ActivityKind
from storage.sessions import ReadSession, WriteSession

LONGEST_TITLE = 300
LONGEST_TEXT = 100_000


def create_post(session: WriteSession, viewer: Viewer, new: NewPost, *, mailed_in: bool = False) -> int:
    """Tell colleagues something; its id. As `create_post_once`."""
    return create_post_once(session, viewer, new, mailed_in=mailed_in)[0]


def create_post_once(
    session: WriteSession, viewer: Viewer, new: NewPost, *, mailed_in: bool = False
) -> tuple[int, bool]:
    """Tell colleagues something; its id, and False where there was one under this person's `key` already.

    With `about` it stands in those records' timelines too. Whoever may read it may then read the message it is made from, so
    `viewer` must, unless it came to their own secret address (`mailed_in`). Raises `Forbidden` for guests, `UsageError`
    without a word, without anybody whom it reaches or for a reader who is not here, `NotFound` for a record that is gone or
    a message that the viewer may not read.
    """
    author_id = author_of(viewer)
    if new.message_id is not None and not mailed_in:
        require_readable(session, viewer, new.message_id)
    about = kept_records(session, new.about)
    if about:
        require_records(session, viewer, about)
    colleagues = colleagues_of(session, viewer)
    mentions = mentions_in(f"{new.title}\n{new.text}", colleagues)
    post = replace(
        new,
        about=about,
        title=_title(new.title, new.text),
        text=_text(new.text),
        readers=_readers(new, mentions, colleagues),
        key=None if new.key is None else f"{author_id}:{new.key}",
    )
    if not (post.everyone or post.readers or post.about):
        raise UsageError("Say whom it is to, or which records it is about: nobody would read it.")
    post_id, is_new = repository.insert_post(session, author_id, post, mentions)
    if is_new:
        if post.about or post.in_stream:
            _put_in_stream(session, author_id, post_id, post)
        _tell(session, viewer, post_id, post, mentions)
    return post_id, is_new


def change_post(
    session: WriteSession, viewer: Viewer, post_id: int, *, title: str, text: str, tags: tuple[str, ...]
) -> None:
    """Edit a post, also one that came by mail; whoever is mentioned anew hears of it. What went out by mail stays as it was.

    Raises `Forbidden` for all but its author and managers, `NotFound` when it is not there for the viewer.
    """
    viewer.require_write()
    repository.post(session, viewer, post_id)
    row = repository.post_for_change(session, post_id)
    require_mine(viewer, row.author_id)
    if row.deleted_at is not None:
        raise Conflict("This post was deleted meanwhile: take that back first.")
    colleagues = colleagues_of(session, viewer)
    mentions = mentions_in(f"{title}\n{text}", colleagues)
    words = {"title": _title(title, text), "text": _text(text)}
    known = {one["id"] for one in row.mentions}
    repository.update_post(session, post_id, **words, tags=list(tags), mentions=as_stored(mentions), edited_at=utcnow())
    fresh = tuple(one for one in mentions if one.user_id not in known)
    add_readers(session, post_id, [one.user_id for one in fresh])
    _tell(session, viewer, post_id, NewPost(words["title"], words["text"]), fresh)


def delete_post(session: WriteSession, viewer: Viewer, post_id: int) -> None:
    """Take a post away. Where others have answered it, their words stay, under a line that says that it was deleted.

    Raises `Forbidden` for all but its author and managers, `NotFound` when it is not there for the viewer.
    """
    viewer.require_write()
    repository.post(session, viewer, post_id)
    row = repository.post_for_change(session, post_id)
    require_mine(viewer, row.author_id)
    repository.update_post(session, post_id, deleted_at=row.deleted_at or utcnow())


def restore_post(session: WriteSession, viewer: Viewer, post_id: int) -> bool:
    """Take back that a post was deleted; False where it was not. Raises as `delete_post`."""
    viewer.require_write()
    repository.require_readable(session, viewer, post_id)
    row = repository.post_for_change(session, post_id)
    require_mine(viewer, row.author_id)
    was_deleted = row.deleted_at is not None
    repository.update_post(session, post_id, deleted_at=None)
    return was_deleted


def author_of(viewer: Viewer) -> int:
    """Whose word it is. Raises `Forbidden` for guests, `UsageError` where no person stands behind it."""
    viewer.require_write()
    if viewer.user_id is None:
        raise UsageError("Somebody has to be the author: choose a person.")
    return viewer.user_id


def colleagues_of(session: ReadSession, viewer: Viewer) -> dict[int, tuple[str, str]]:
    """Name and e-mail of everybody who may be addressed."""
    return {one.id: (one.name, one.email) for one in people(session, viewer)}


def require_mine(viewer: Viewer, author_id: int) -> None:
    """Raises `Forbidden` for who did not write a post, and is no manager; guests change nothing."""
    viewer.require_write()
    if viewer.user_id != author_id and not viewer.may_oversee:
        raise Forbidden("Only its author or a manager may change a post.")


def _readers(new: NewPost, mentions: tuple[Mention, ...], colleagues: dict[int, tuple[str, str]]) -> tuple[int, ...]:
    """Whom it is to by name, mentioned ones too."""
    if any(user_id not in colleagues for user_id in new.readers):
        raise UsageError("One of these colleagues is not here (any more): choose others.")
    return tuple(dict.fromkeys((*new.readers, *(one.user_id for one in mentions))))


def _put_in_stream(session: WriteSession, author_id: int, post_id: int, post: NewPost) -> None:
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
    activity_id = writing.add(session, activity)
    if post.about:
        writing.bind(session, activity_id, list(dict.fromkeys(post.about)))


def _tell(session: WriteSession, viewer: Viewer, post_id: int, post: NewPost, mentions: tuple[Mention, ...]) -> None:
    """One bell a person, however often they are meant: mentioned, addressed, or following a record it is about."""
    author = person(session, viewer, viewer.user_id or 0)
    name = author.name if author else "Somebody"
    following = followers(session, viewer, post.about) - {viewer.user_id, *post.readers}
    if not post.everyone:
        following = may_see(session, following, SubjectType.POST, post_id)
    told = dict.fromkeys(sorted(following), f"{name} wrote: {post.title}")
    told |= dict.fromkeys(post.readers, f"{name} wrote to you: {post.title}")
    told |= dict.fromkeys((one.user_id for one in mentions), f"{name} mentions you: {post.title}")
    told.pop(viewer.user_id or 0, None)
    mentioned = {one.user_id for one in mentions}
    ring(
        session,
        [
            Bell(user_id, f"{'mention' if user_id in mentioned else 'post'}:{post_id}", title, f"/feed/{post_id}")
            for user_id, title in told.items()
        ],
    )


def _text(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST_TEXT:
        raise UsageError(f"The text is too long: use at most {LONGEST_TEXT} characters.")
    return words


def _title(title: str, text: str) -> str:
    """The title, or the first line of the text where there is none."""
    lines = (line.strip() for line in text.splitlines())
    words = " ".join(title.split()) or next((line for line in lines if line), "")
    if not words:
        raise UsageError("Write at least a word.")
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"
