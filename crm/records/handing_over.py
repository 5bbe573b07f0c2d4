"""Telling people that records are theirs now: one bell for a record, one for an edit of many; none for what one gives oneself."""

from core.clock import utcnow
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.records.paths import PLURALS, record_path
from storage.models import RecordType
from storage.sessions import WriteSession

RESPONSIBLE = "responsible_id"


def tell_of_one(
    session: WriteSession, viewer: Viewer, record: tuple[RecordType, int], name: str, user_id: object
) -> None:
    """A person (`user_id`; anything else is nobody) is responsible for a record from now on."""
    if isinstance(user_id, int) and user_id != viewer.user_id:
        key = f"responsible:{record[0].value}:{record[1]}:{utcnow().isoformat()}"
        ring(session, [Bell(user_id, key, f"Yours now: the {record[0].value} “{name}”", record_path(record))])


def tell_of_many(
    session: WriteSession, viewer: Viewer, kind: RecordType, number: int, user_id: object, edit_id: int
) -> None:
    """A person is responsible for the records of an edit of many, now that it has ended and changed so many."""
    if isinstance(user_id, int) and user_id != viewer.user_id and number:
        words = f"Yours now, by an edit of {number} {PLURALS[kind] if number > 1 else kind.value}"
        ring(session, [Bell(user_id, f"responsible.many:{edit_id}", words, f"/{PLURALS[kind]}?mine=true")])
