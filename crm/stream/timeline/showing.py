"""From rows to entries, each as far as the viewer may read the mail behind it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from core.cursors import Cursor
from crm.access.mail import ReadLevel, originals_gone, read_levels
from crm.access.receipts import Receipt, receipts_of
from crm.access.viewer import Viewer
from crm.records.repository.reading import names_of
from crm.records.views import Named, Person
from crm.stream.feed.repository import posts_by_id
from crm.stream.files.repository.kept import files_of_entries
from crm.stream.views import AddedFile, Entry, EntryPage, MailFacts, PostView, RecordKey
from storage.models import Activity, ActivityKind, Message
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class Found:
    """One activity as the database gave it."""

    activity: Activity
    author: str | None
    responsible: str | None
    message: Message | None
    planned: bool
    comments: int
    records: tuple[RecordKey, ...]


def page_of(session: ReadSession, viewer: Viewer, found: Sequence[Found], limit: int) -> EntryPage:
    """A page of at most `limit` entries out of `limit + 1` rows; those that may not be read at all are left out."""
    rows = found[:limit]
    last = rows[-1].activity if len(found) > limit else None
    entries = tuple(show(session, viewer, rows).values())
    return EntryPage(entries, Cursor(last.at, last.id) if last else None)


def show(session: ReadSession, viewer: Viewer, found: Sequence[Found]) -> dict[int, Entry]:
    """Entries by id, in order, without those whose mail or post the viewer may know nothing of."""
    message_ids = [row.message.id for row in found if row.message is not None]
    levels = read_levels(session, viewer, message_ids)
    gone = originals_gone(session, [each for each in message_ids if levels.get(each) is ReadLevel.METADATA])
    keys = list({key for row in found for key in row.records})
    names = {(named.type, named.id): named for named in names_of(session, viewer, keys)} if keys else {}
    posts = posts_by_id(session, viewer, [row.activity.post_id for row in found if row.activity.post_id is not None])
    files = files_of_entries(session, [row.activity.id for row in found if row.activity.kind is ActivityKind.FILE])
    receipts = receipts_of(session, viewer, _readable_mails(found, levels))
    entries: dict[int, Entry] = {}
    for row in found:
        level = levels.get(row.message.id, ReadLevel.NOTHING) if row.message else ReadLevel.EVERYTHING
        post = posts.get(row.activity.post_id or 0)
        if level is not ReadLevel.NOTHING and (post is not None or row.activity.post_id is None):
            entries[row.activity.id] = _entry(row, level, names, gone, post, files, receipts)
    return entries


def _entry(
    row: Found,
    level: ReadLevel,
    names: dict[RecordKey, Named],
    gone: Set[int],
    post: PostView | None,
    files: Mapping[int, tuple[AddedFile, ...]],
    receipts: Mapping[int, Receipt],
) -> Entry:
    activity = row.activity
    deleted = post is not None and post.deleted
    return Entry(
        id=activity.id,
        kind=activity.kind,
        direction=activity.direction,
        title=activity.title if level >= ReadLevel.SUBJECT and not deleted else "",
        text=activity.text if level is ReadLevel.EVERYTHING and not deleted else "",
        at=activity.at,
        author=_person(activity.author_id, row.author),
        responsible=_person(activity.responsible_id, row.responsible),
        mail=_mail(activity, row.message, level, gone, receipts) if row.message else None,
        task_id=activity.task_id,
        post_id=activity.post_id,
        deadline=activity.deadline,
        completed_at=activity.completed_at,
        planned=row.planned,
        comments=row.comments,
        records=tuple(names[key] for key in row.records if key in names),
        post=post,
        minutes=activity.minutes,
        place=activity.place or "",
        remind_minutes=activity.remind_minutes,
        edited_at=activity.edited_at,
        files=files.get(activity.id, ()),
    )


def _readable_mails(found: Sequence[Found], levels: Mapping[int, ReadLevel]) -> set[int]:
    """Those of our own mails that the viewer may read wholly."""
    return {
        row.message.outgoing_id
        for row in found
        if row.message is not None
        and row.message.outgoing_id is not None
        and levels.get(row.message.id) is ReadLevel.EVERYTHING
    }


def _mail(
    activity: Activity, message: Message, level: ReadLevel, gone: Set[int], receipts: Mapping[int, Receipt]
) -> MailFacts:
    everything = level is ReadLevel.EVERYTHING
    return MailFacts(
        message.id,
        activity.thread_id,
        level,
        message.from_name,
        message.from_address,
        message.snippet if everything else "",
        message.attachment_count if everything else 0,
        message.id in gone,
        message.authenticated is False,
        receipts.get(message.outgoing_id or 0) if everything else None,
    )


def _person(user_id: int | None, name: str | None) -> Person | None:
    return None if user_id is None else Person(user_id, name or "")
