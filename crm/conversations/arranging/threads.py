"""Splitting a conversation at a message, merging two, and taking that back. Each call is first in its unit of work."""

from typing import Any

from core.clock import utcnow
from core.errors import Conflict, NotFound, UsageError
from crm.access.mail import require_readable
from crm.access.viewer import Viewer
from crm.conversations.arranging.repository import threads, words
from crm.conversations.arranging.taking_back import put_back
from crm.conversations.repository.messages import message_view, readable_thread
from crm.records.repository.standing import keep_records
from storage.models import ThreadChange
from storage.sessions import WriteSession

SPLIT, MERGE, RECORDS = "split", "merge", "records"


def split(session: WriteSession, viewer: Viewer, message_id: int) -> int:
    """Let the message and all later ones be a conversation of their own, on the same records; the id of the change.

    What comes later goes where the mail is that it answers. Raises `Forbidden` for guests, `NotFound` for a message that the
    viewer may not read, `UsageError` for the first one.
    """
    viewer.require_write()
    require_readable(session, viewer, message_id)
    thread_id = message_view(session, viewer, message_id).thread_id
    threads.hold_living(session, [thread_id])
    ids = threads.messages_of(session, thread_id)
    if message_id not in ids:
        raise Conflict(threads.CHANGED_MEANWHILE)
    moved = ids[ids.index(message_id) :]
    if len(moved) == len(ids):
        raise UsageError("The conversation begins with this message: there is nothing before it to part from.")
    part_id = threads.new_thread(session)
    threads.move_messages(session, moved, thread_id, part_id)
    words.say(session, part_id, words.words_of(session, thread_id))
    threads.cut(session, thread_id, part_id)
    before = {"messages": moved}
    return _note(session, viewer, SPLIT, thread_id, part_id, before)


def merge(session: WriteSession, viewer: Viewer, thread_id: int, other_id: int) -> int:
    """Make one conversation of two; the older one survives, the other leads to it. The id of the change.

    Raises `Forbidden` for guests, `NotFound` for a conversation of which the viewer may read nothing, `UsageError` for twice the
    same one.
    """
    viewer.require_write()
    one, other = (readable_thread(session, viewer, each) for each in (thread_id, other_id))
    if one == other:
        raise UsageError("That is the same conversation: choose another one.")
    threads.hold_living(session, [one, other])
    kept, gone = sorted((one, other))
    before: dict[str, Any] = {
        "messages": threads.messages_of(session, gone),
        "led": threads.led_to(session, gone),
        "cut": threads.uncut(session, kept, gone),
        "cuts": threads.rename_cuts(session, gone, kept),
        "words": words.rename_words(session, gone, kept),
    }
    threads.move_messages(session, before["messages"], gone, kept)
    threads.lead_to(session, gone, kept)
    threads.lead_all(session, before["led"], kept)
    return _note(session, viewer, MERGE, kept, gone, before)


def undo(session: WriteSession, viewer: Viewer, change_id: int) -> int:
    """Take a change back; the conversation it was about. What came since stays where it is.

    Raises `Forbidden` for guests, `NotFound` for a change of which the viewer may read nothing, `Conflict` for one that was taken
    back already, or about which somebody has decided since.
    """
    viewer.require_write()
    keep_records(session)
    row = threads.change_for_undo(session, viewer, change_id)
    thread_id = readable_thread(session, viewer, row.thread_id)
    if row.undone_at is not None:
        raise Conflict("This was taken back already.")
    if row.kind == RECORDS:
        put_back(session, row, thread_id)
    elif row.other_id is None:
        raise NotFound("There is nothing to take back (any more).")
    elif row.kind == SPLIT:
        _join_again(session, thread_id, row.other_id)
    else:
        _part_again(session, thread_id, row.other_id, row)
    row.undone_at = utcnow()
    return thread_id


def _join_again(session: WriteSession, thread_id: int, part_id: int) -> None:
    part = threads.living(session, part_id)
    if part == thread_id:
        return
    threads.hold_living(session, [thread_id, part])
    threads.uncut(session, thread_id, part)
    threads.rename_cuts(session, part, thread_id)
    words.rename_words(session, part, thread_id)
    threads.move_messages(session, threads.messages_of(session, part), part, thread_id)
    threads.lead_to(session, part, thread_id)
    threads.lead_all(session, threads.led_to(session, part), thread_id)


def _part_again(session: WriteSession, thread_id: int, gone_id: int, row: ThreadChange) -> None:
    threads.hold_living(session, [thread_id])
    threads.hold(session, [gone_id])
    threads.lead_to(session, gone_id, None)
    threads.lead_all(session, row.before["led"], gone_id)
    threads.move_messages(session, row.before["messages"], thread_id, gone_id)
    words.give_words_back(session, row.before["words"], gone_id)
    threads.give_cuts_back(session, row.before.get("cuts", {}), gone_id)
    if row.before["cut"]:
        threads.cut(session, thread_id, gone_id)


def _note(
    session: WriteSession, viewer: Viewer, kind: str, thread_id: int, other_id: int, before: dict[str, Any]
) -> int:
    values = {"user_id": viewer.user_id, "at": utcnow(), "kind": kind, "thread_id": thread_id, "other_id": other_id}
    return threads.insert_change(session, **values, before=before)
