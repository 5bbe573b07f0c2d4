"""Putting a conversation on records by hand, taking it off, moving it; later mail follows. First in its unit of work."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.conversations.arranging.difference import as_rows, in_order
from crm.conversations.arranging.repository import entries, threads, words
from crm.conversations.arranging.repository.entries import Standing
from crm.conversations.arranging.repository.words import RecordKey, Said
from crm.conversations.repository.messages import readable_thread
from crm.intake.batch import CORRESPONDENCE
from crm.office.calendar import Calendar
from crm.office.settings import read_office
from crm.records.repository.reading import names_of
from crm.records.repository.standing import keep_records
from storage.models import ActivityKind, Direction, Message
from storage.sessions import WriteSession

STILL_NEWS = timedelta(days=30)
"""Mail that is older is put on a record without a deadline."""
MOST_MAILS = 500
"""Of one conversation: on SQLite all others wait for it, 0.05 to 0.15 seconds for as many."""


def change_records(
    session: WriteSession, viewer: Viewer, thread_id: int, *, add: Collection[RecordKey], remove: Collection[RecordKey]
) -> int:
    """Let all mail of a conversation, also what comes later, stand on these records and not on those; the id of the change.

    Mail that stood on no record comes into the story; where nothing is left of it there, nobody waits for an answer any more.
    Raises `Forbidden` for guests, `NotFound` for a record that is gone or a conversation of which the viewer may read nothing,
    `UsageError` where nothing is to be changed or more than one unit of work may, `Conflict` when it was changed meanwhile.
    """
    viewer.require_write()
    keep_records(session)
    require(session, viewer, Act.SEE, *remove)
    wanted, unwanted = list(dict.fromkeys(add)), [key for key in dict.fromkeys(remove) if key not in add]
    if not wanted and not unwanted:
        raise UsageError("Choose a record to put it on, or one to take it off.")
    if len(names_of(session, viewer, wanted)) < len(wanted):
        raise NotFound("One of these records does not exist any more: choose others.")
    living = readable_thread(session, viewer, thread_id)
    threads.hold_living(session, [living])
    if threads.count_of(session, living) > MOST_MAILS:
        raise UsageError(f"This conversation has more than {MOST_MAILS} mails: split it, and do this with its parts.")
    now = utcnow()
    told = _change(session, viewer, living, wanted, unwanted, now)
    values = {"user_id": viewer.user_id, "at": now, "kind": "records", "thread_id": living, "before": told}
    change_id = threads.insert_change(session, **values)
    said = [Said(key, True, change_id) for key in wanted] + [Said(key, False, change_id) for key in unwanted]
    words.say(session, living, said)
    return change_id


def _change(
    session: WriteSession,
    viewer: Viewer,
    thread_id: int,
    wanted: Sequence[RecordKey],
    unwanted: Sequence[RecordKey],
    now: datetime,
) -> dict[str, Any]:
    """Change where its mail stands; what is needed to take that back."""
    made = _enter(session, viewer, thread_id) if wanted else []
    before = entries.standing(session, entries.entries_of(session, thread_id))
    after = _changed(before, wanted, unwanted)
    entries.change_standing(session, before, after)
    completed = entries.complete(session, [entry for entry, records in after.items() if not records], now)
    return {"before": as_rows(before), "after": as_rows(after), "made": made, "completed": completed}


def _changed(before: Standing, wanted: Sequence[RecordKey], unwanted: Sequence[RecordKey]) -> Standing:
    """Where each entry stands now; of those of one kind it belongs to one that was put there by hand."""
    off, on = ({(kind.value, record_id) for kind, record_id in keys} for keys in (unwanted, wanted))
    return {entry: in_order((records.keys() - off) | on, first=on) for entry, records in before.items()}


def _enter(session: WriteSession, viewer: Viewer, thread_id: int) -> list[int]:
    """Entries for mail that stood on no record so far. What waits for an answer is what nobody of us has written after."""
    answered = entries.last_of_ours(session, thread_id)
    messages = entries.without_entry(session, thread_id, [kind.value for kind in CORRESPONDENCE])
    calendar = read_office(session).calendar
    rows = [_entry(message, viewer, thread_id, answered, calendar) for message in messages]
    return entries.insert_entries(session, rows)


def _entry(
    message: Message, viewer: Viewer, thread_id: int, answered: datetime | None, calendar: Calendar
) -> dict[str, Any]:
    is_new = message.date > utcnow() - STILL_NEWS and (answered is None or answered < message.date)
    waits = message.direction is Direction.INCOMING and is_new
    return {
        "kind": ActivityKind.MAIL,
        "direction": message.direction,
        "title": message.subject,
        "text": message.snippet,
        "at": message.date,
        "created_at": utcnow(),
        "responsible_id": viewer.user_id,
        "message_id": message.id,
        "thread_id": thread_id,
        "deadline": calendar.end_of_next_working_day(message.date) if waits else None,
    }
