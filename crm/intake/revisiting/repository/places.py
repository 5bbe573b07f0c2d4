"""Places of stored mail: those of a span of time, of a message, and those for which a letter of ours comes late."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, or_, select, union

from crm.intake.batch import CORRESPONDENCE
from crm.intake.repository.tables import table_of
from crm.intake.revisiting.stored import StoredPlace
from storage.among import among, among_given
from storage.models import Activity, Direction, Folder, Mailbox, Message, MessageAddress, Place
from storage.sessions import ReadSession

_PLACE, _MESSAGE, _ADDRESS, _MAILBOX = (table_of(each).c for each in (Place, Message, MessageAddress, Mailbox))
_STORED = select(
    _PLACE.id, _PLACE.message_id, _PLACE.folder_id, Folder.role, _PLACE.internal_date, _PLACE.is_new, _PLACE.decision
).join_from(table_of(Place), Folder, Folder.id == _PLACE.folder_id)
_NAMED = select(_ADDRESS.message_id).where(among_given(_ADDRESS.key, "keys"), _ADDRESS.role.in_(["from", "reply_to"]))
_IN_THREADS = select(_MESSAGE.id).where(among_given(_MESSAGE.thread_id, "threads"))
_WAITING = (
    select(_PLACE.message_id, _PLACE.mailbox_id, _MESSAGE.date)
    .join_from(table_of(Place), table_of(Message), _MESSAGE.id == _PLACE.message_id)
    .join(table_of(Mailbox), _MAILBOX.id == _PLACE.mailbox_id)
    .where(
        _MESSAGE.id.in_(union(_NAMED, _IN_THREADS)),
        _MESSAGE.direction == Direction.INCOMING,
        _MESSAGE.kind.in_([kind.value for kind in CORRESPONDENCE]),
        _MESSAGE.date > bindparam("since"),
        _PLACE.is_new,
        _MAILBOX.only_written_to,
        ~exists().where(Activity.message_id == _MESSAGE.id),
    )
    .distinct()
    .order_by(_PLACE.message_id, _PLACE.mailbox_id)
)


class Waiting(NamedTuple):
    """A mail that may make something in a mailbox, once a letter of ours is there."""

    message_id: int
    mailbox_id: int
    date: datetime


def of_message(session: ReadSession, message_id: int, mailbox_id: int) -> list[StoredPlace]:
    """The places of a message in a mailbox that were news."""
    return _places(
        session, _STORED.where(_PLACE.message_id == message_id, _PLACE.mailbox_id == mailbox_id, _PLACE.is_new)
    )


def of_ids(session: ReadSession, place_ids: Collection[int]) -> list[StoredPlace]:
    """These places, as far as they are there."""
    return _places(session, _STORED.where(among(_PLACE.id, place_ids))) if place_ids else []


def newest(session: ReadSession, mailbox_id: int, since: datetime, until: datetime, limit: int) -> list[StoredPlace]:
    """The newest places that were news in a mailbox, and came between the two moments."""
    query = _of_span(_STORED, mailbox_id, since, until)
    return _places(session, query.order_by(_PLACE.internal_date.desc(), _PLACE.id.desc()).limit(limit))


def count(session: ReadSession, mailbox_id: int, since: datetime, until: datetime) -> int:
    """How many there are."""
    found: int = session.execute(
        _of_span(select(func.count()).select_from(Place), mailbox_id, since, until)
    ).scalar_one()
    return found


def following(
    session: ReadSession, mailbox_id: int, after: tuple[datetime, int], until: datetime, limit: int
) -> list[tuple[datetime, int]]:
    """When the next places came that were news, behind the one that came `after`, and their ids."""
    at, place_id = after
    query = _of_span(select(_PLACE.internal_date, _PLACE.id), mailbox_id, at, until)
    behind = or_(_PLACE.internal_date > at, (_PLACE.internal_date == at) & (_PLACE.id > place_id))
    rows = session.execute(query.where(behind).order_by(_PLACE.internal_date, _PLACE.id).limit(limit))
    return [(row.internal_date, row.id) for row in rows]


def waiting_for_letters(
    session: ReadSession, keys: Collection[str], threads: Collection[int], since: datetime
) -> list[Waiting]:
    """Mail on no record, of these people or in these threads, in mailboxes that make something only where we wrote first."""
    given = {"keys": keys, "threads": threads, "since": since}
    return [Waiting(*row) for row in session.execute(_WAITING, given)]


def _of_span(query: Select[*tuple[Any, ...]], mailbox_id: int, since: datetime, until: datetime) -> Any:
    inside = _PLACE.internal_date.between(since, until)
    return query.where(_PLACE.mailbox_id == mailbox_id, inside, _PLACE.is_new)


def _places(session: ReadSession, query: Select[*tuple[Any, ...]]) -> list[StoredPlace]:
    rows = session.execute(query).all()
    return [
        StoredPlace(row.id, row.message_id, row.folder_id, row.role, row.internal_date, row.is_new, tuple(row.decision))
        for row in rows
    ]
