"""Places go by this one door, so that a message whose last place went can still be read by whoever works with it.

Raw mail is a place's head and its message's body. Mail on records stays when every mailbox has deleted it
(docs/decisions/0014-deleted-mail.md), and a body without a head can not be understood.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, exists, select

from storage.blobs import forget_unnamed
from storage.bulk import insert_rows
from storage.models import LastCopy, Message, Place
from storage.sessions import ReadSession, WriteSession

AT_ONCE = 500


def remove_places(session: WriteSession, place_ids: Iterable[int]) -> int:
    """Take these places away; their messages stay. Returns how many there were.

    The head of the last place of a message becomes its `LastCopy`; a head that nothing names any more goes.
    """
    ids = _in_order_of_messages(session, sorted(place_ids))
    return sum(_remove(session, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def _in_order_of_messages(session: ReadSession, place_ids: Sequence[int]) -> list[int]:
    """Two mailboxes that lose the same messages hold them in one order through all chunks: neither waits for the other."""
    places: list[tuple[int, int]] = []
    for start in range(0, len(place_ids), AT_ONCE):
        some = Place.id.in_(place_ids[start : start + AT_ONCE])
        places += [(row.message_id, row.id) for row in session.execute(select(Place.message_id, Place.id).where(some))]
    return [place_id for _, place_id in sorted(places)]


def _remove(session: WriteSession, place_ids: Collection[int]) -> int:
    _hold_messages(session, place_ids)
    columns = (Place.id, Place.message_id, Place.mailbox_id, Place.variant_id, Place.head_blob_id)
    statement = delete(Place).where(Place.id.in_(place_ids)).returning(*columns)
    gone = session.execute(statement.execution_options(synchronize_session="fetch")).all()
    messages = {row.message_id for row in gone}
    placed = set(session.execute(select(Place.message_id).where(Place.message_id.in_(messages))).scalars())
    placed |= _kept(session, messages - placed)
    last = {row.message_id: row for row in sorted(gone, reverse=True) if row.message_id not in placed}
    names = ("message_id", "mailbox_id", "variant_id", "head_blob_id")
    insert_rows(session, LastCopy, [{name: getattr(row, name) for name in names} for row in last.values()])
    forget_unnamed(session, {row.head_blob_id for row in gone} - {row.head_blob_id for row in last.values()})
    return len(gone)


def _hold_messages(session: WriteSession, place_ids: Collection[int]) -> None:
    """On PostgreSQL two mailboxes may lose one message at the same moment: the later one sees that its place is the last."""
    if session.on_postgresql and place_ids:
        theirs = select(Place.message_id).where(Place.id.in_(place_ids))
        held = select(Message.id).where(Message.id.in_(theirs)).order_by(Message.id)
        session.execute(held.with_for_update(key_share=True))


def _kept(session: ReadSession, message_ids: Collection[int]) -> set[int]:
    return set(session.execute(select(LastCopy.message_id).where(LastCopy.message_id.in_(message_ids))).scalars())


def forget_last_copies(session: WriteSession, message_ids: Collection[int]) -> None:
    """These messages have a place again, with a head of its own."""
    if message_ids:
        statement = delete(LastCopy).where(LastCopy.message_id.in_(message_ids)).returning(LastCopy.head_blob_id)
        forget_unnamed(session, set(session.execute(statement).scalars()))


def with_place_and_copy(session: ReadSession) -> list[int]:
    """Messages of which a place came, on PostgreSQL, in the very moment when their last one went."""
    both = exists().where(Place.message_id == LastCopy.message_id)
    return list(session.execute(select(LastCopy.message_id).where(both)).scalars())
