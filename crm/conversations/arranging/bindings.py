"""Putting a conversation on records by hand, taking it off, moving it; later mail follows. First in its unit of work."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.conversations.arranging import repository
from crm.conversations.arranging.repository import Bound, RecordKey
from crm.conversations.repository.messages import readable_thread
from crm.intake.batch import CORRESPONDENCE
from crm.intake.clients import OWNERSHIP
from crm.office.calendar import Calendar
from crm.office.settings import read_office
from crm.records.repository.reading import names_of
from storage.models import ActivityKind, Direction, Message, RecordType, ThreadChange
from storage.sessions import WriteSession

STILL_NEWS = timedelta(days=30)
"""Mail that is older is put on a record without a deadline."""


def change_records(
    session: WriteSession, viewer: Viewer, thread_id: int, *, add: Collection[RecordKey], remove: Collection[RecordKey]
) -> int:
    """Let all mail of a conversation, also what comes later, stand on these records and not on those; the id of the change.

    Mail that stood on no record comes into the story; where nothing is left of it there, nobody waits for an answer any more.
    Raises `Forbidden` for guests, `NotFound` for a record that is gone or a conversation of which the viewer may read nothing,
    `UsageError` where nothing is to be changed.
    """
    viewer.require_write()
    require(session, viewer, Act.SEE, *remove)
    wanted, unwanted = list(dict.fromkeys(add)), [key for key in dict.fromkeys(remove) if key not in add]
    if not wanted and not unwanted:
        raise UsageError("Choose a record to put it on, or one to take it off.")
    if len(names_of(session, viewer, wanted)) < len(wanted):
        raise NotFound("One of these records does not exist any more: choose others.")
    living = readable_thread(session, viewer, thread_id)
    repository.hold(session, [living])
    made = _enter(session, viewer, living) if wanted else []
    entries = repository.entries_of(session, living)
    before = [row for row in repository.bindings_of(session, entries) if row[0] not in made]
    now_bound = _changed(entries, before, wanted, {(kind.value, record_id) for kind, record_id in unwanted})
    repository.put_bindings(session, entries, now_bound)
    off_all = set(entries) - {row[0] for row in now_bound}
    told: dict[str, Any] = {"bindings": before, "entries": entries, "made": made}
    told["completed"] = repository.complete(session, off_all, utcnow())
    values = {"user_id": viewer.user_id, "at": utcnow(), "kind": "records", "thread_id": living, "before": told}
    change_id = repository.insert_change(session, **values)
    words = [(key, True) for key in wanted] + [(key, False) for key in unwanted]
    repository.say(session, living, words, change_id)
    return change_id


def put_back(session: WriteSession, row: ThreadChange) -> None:
    """Undo: the mail that was there stands where it stood; what came since stays where it is."""
    before = row.before
    repository.unsay(session, row.id)
    repository.put_bindings(session, before["entries"], before["bindings"])
    repository.complete(session, before["completed"], None)
    repository.delete_entries(session, before["made"])


def _changed(
    entries: Sequence[int], before: Bound, wanted: Sequence[RecordKey], unwanted: set[tuple[str, int]]
) -> Bound:
    """Where each entry stands now; it belongs to the first of its records: deal, lead, contact, company."""
    bound: dict[int, list[tuple[str, int]]] = {entry: [] for entry in entries}
    for entry, kind, record_id, _ in before:
        if (kind, record_id) not in unwanted:
            bound[entry].append((kind, record_id))
    for keys in bound.values():
        keys += [(kind.value, record_id) for kind, record_id in wanted if (kind.value, record_id) not in keys]
        keys.sort(key=lambda key: (OWNERSHIP.index(RecordType(key[0])), key not in _values(wanted), key[1]))
    return [
        [entry, kind, record_id, not position]
        for entry, keys in bound.items()
        for position, (kind, record_id) in enumerate(keys)
    ]


def _values(keys: Sequence[RecordKey]) -> set[tuple[str, int]]:
    return {(kind.value, record_id) for kind, record_id in keys}


def _enter(session: WriteSession, viewer: Viewer, thread_id: int) -> list[int]:
    """Entries for mail that stood on no record so far. What waits for an answer is what nobody of us has written after."""
    answered = repository.last_of_ours(session, thread_id)
    messages = repository.without_entry(session, thread_id, [kind.value for kind in CORRESPONDENCE])
    calendar = read_office(session).calendar
    rows = [_entry(message, viewer, thread_id, answered, calendar) for message in messages]
    return repository.insert_entries(session, rows)


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
