"""Places that wait for their UID, and what tells which message they are. A place that waits has minus its id for a UID."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select, update

from crm.intake.repository.tables import update_rows
from mailsync.actions.repository.server_flags import flags_of
from mailsync.imap.fetch import Fetched
from mailsync.imap.uidset import MAX_UID
from mailsync.matching.keys import MailKey, WaitingPlace
from storage.last_copies import remove_places
from storage.models import UNTOLD, Folder, Message, Place, Variant
from storage.sessions import ReadSession, WriteSession

VALUES_AT_ONCE = 500
WAITS = (Place.uid < 0, Place.uid > UNTOLD)


def forget_uidvalidity(session: WriteSession, folder_id: int) -> None:
    """The marks and UIDs of the folder mean nothing until it is begun again."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(uidvalidity=None, highestmodseq=None))


def take_uids(session: WriteSession, folder_id: int, limit: int) -> int:
    """Let up to `limit` places wait. Returns how many did not before."""
    some = select(Place.id).where(Place.folder_id == folder_id, Place.uid > 0).limit(limit)
    statement = update(Place).where(Place.id.in_(some)).values(uid=-Place.id).returning(Place.id)
    return len(session.execute(statement.execution_options(synchronize_session=False)).all())


def is_waiting(session: ReadSession, folder_id: int) -> bool:
    """Whether some place of the folder waits."""
    statement = select(Place.id).where(Place.folder_id == folder_id, *WAITS).limit(1)
    return session.execute(statement).first() is not None


def waiting_places(
    session: ReadSession, mailbox_id: int, folder_id: int, dates: Collection[datetime]
) -> list[WaitingPlace]:
    """Places of the folder that wait and came at one of `dates`."""
    found: list[WaitingPlace] = []
    wanted = sorted(dates)
    for start in range(0, len(wanted), VALUES_AT_ONCE):
        statement = (
            select(Place.id, Place.internal_date, Place.size, Message.message_id)
            .join(Message, Message.id == Place.message_id)
            .where(
                Place.mailbox_id == mailbox_id,
                Place.internal_date.in_(wanted[start : start + VALUES_AT_ONCE]),
                Place.folder_id == folder_id,
                *WAITS,
                Message.message_id.is_not(None),
            )
            .order_by(Place.id.desc())
        )
        rows = session.execute(statement)
        found += [WaitingPlace(row.id, MailKey(row.internal_date, row.size, row.message_id)) for row in rows]
    return found


def give_uids(session: WriteSession, pairs: Mapping[int, Fetched]) -> None:
    """Give places, by their ids, the UIDs and flags that the server has for them now."""
    rows = []
    for place_id, one in pairs.items():
        flags = flags_of(one.flags)
        values = {"seen": flags.seen, "flagged": flags.flagged, "answered": flags.answered, "draft": flags.draft}
        rows.append({"key": place_id, "uid": one.uid, **values})
    update_rows(session, Place, rows)


def remove_waiting(session: WriteSession, folder_id: int, limit: int) -> int:
    """Forget up to `limit` places that still wait. Returns how many."""
    some = select(Place.id).where(Place.folder_id == folder_id, *WAITS).limit(limit)
    return remove_places(session, session.execute(some).scalars())


def stored_among(session: ReadSession, folder_id: int, uids: Sequence[int]) -> set[int]:
    """Which of `uids` are places."""
    found: set[int] = set()
    for start in range(0, len(uids), VALUES_AT_ONCE):
        chunk = uids[start : start + VALUES_AT_ONCE]
        found.update(
            session.execute(select(Place.uid).where(Place.folder_id == folder_id, Place.uid.in_(chunk))).scalars()
        )
    return found


class KnownCopy(NamedTuple):
    """A place whose bytes are stored, and what the server calls them."""

    object_id: str | None
    size: int
    head_blob_id: int
    body_blob_id: int


def copies_of(session: ReadSession, mailbox_id: int, object_ids: Collection[str]) -> list[KnownCopy]:
    """Places of the mailbox with one of these ids."""
    body = func.coalesce(Variant.body_blob_id, Message.body_blob_id)
    statement = (
        select(Place.object_id, Place.size, Place.head_blob_id, body)
        .join(Message, Message.id == Place.message_id)
        .outerjoin(Variant, Variant.id == Place.variant_id)
        .where(Place.mailbox_id == mailbox_id, Place.object_id.is_not(None), Place.object_id.in_(object_ids))
    )
    return [KnownCopy(*row) for row in session.execute(statement)]


def sample_of(session: ReadSession, folder_id: int, size: int, *, up_to: int = MAX_UID) -> dict[int, MailKey]:
    """Keys of up to `size` places of the folder by UID: the newest below `up_to` and the oldest of those that have one."""
    found: dict[int, MailKey] = {}
    for order in (Place.uid.desc(), Place.uid.asc()):
        found |= _keys(session, _known_in(folder_id).where(Place.uid <= up_to).order_by(order).limit((size + 1) // 2))
    return found


def keys_of(session: ReadSession, folder_id: int, uids: Collection[int]) -> dict[int, MailKey]:
    """Keys of places of the folder, of those of `uids` that have one."""
    return _keys(session, _known_in(folder_id).where(Place.uid.in_(uids)))


Keys = Select[int, datetime, int, str | None]


def _known_in(folder_id: int) -> Keys:
    columns = select(Place.uid, Place.internal_date, Place.size, Message.message_id)
    known = columns.join(Message, Message.id == Place.message_id)
    return known.where(Place.folder_id == folder_id, Place.uid > 0, Message.message_id.is_not(None))


def _keys(session: ReadSession, known: Keys) -> dict[int, MailKey]:
    return {row.uid: MailKey(row.internal_date, row.size, row.message_id) for row in session.execute(known)}
