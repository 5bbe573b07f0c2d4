"""Places go, then messages that lie nowhere any more, then what only they had: search, threads, blobs."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, exists, func, or_, select, update

from core.clock import utcnow
from mailsync.actions.repository.forgetting import blobs_of_drafts
from mailsync.removal.repository.planning import stands_on_records
from storage.blobs import forget_unnamed
from storage.last_copies import forget_last_copies
from storage.models import (
    Activity,
    ActivityKind,
    Comment,
    IntakeDelivery,
    LastCopy,
    Message,
    Outgoing,
    Place,
    Post,
    Quarantine,
    SendState,
    Task,
    Thread,
    Variant,
)
from storage.search import forget_message
from storage.sessions import WriteSession

REMOVED = "A mail that was removed with its mailbox"
ON_ITS_WAY = (SendState.CLAIMED, SendState.ATTEMPTED)


def forget_places(session: WriteSession, place_ids: Sequence[int], *, keep_mail: bool) -> None:
    """Forget these places, and everything that is left without one. With `keep_mail`, not those of mail on records."""
    columns = select(Place.id, Place.message_id, Place.variant_id, Place.head_blob_id)
    found = session.execute(columns.where(Place.id.in_(place_ids))).all()
    messages = {row.message_id for row in found}
    _hold(session, messages)
    staying = _on_records(session, messages) if keep_mail else set()
    going = [row for row in found if row.message_id not in staying]
    _delete(session, Place, {row.id for row in going})
    blobs = {row.head_blob_id for row in going}
    blobs |= _forget_variants(session, {row.variant_id for row in going if row.variant_id is not None})
    blobs |= _forget_messages(session, {row.message_id for row in going})
    forget_unnamed(session, blobs)


def forget_unplaced(session: WriteSession, message_ids: Sequence[int]) -> int:
    """Forget those of the messages that lie in no folder and stand on no record; how many there were."""
    _hold(session, message_ids)
    going = set(message_ids) - _on_records(session, message_ids)
    left = select(func.count()).where(Message.id.in_(going))
    before = session.execute(left).scalar_one()
    forget_unnamed(session, _forget_messages(session, going))
    return before - session.execute(left).scalar_one()


def forget_last_copies_in(session: WriteSession, mailbox_id: int, limit: int, *, keep_mail: bool) -> int:
    """Forget up to `limit` messages that lie nowhere any more and lay in this mailbox last; how many there were.

    With `keep_mail`, not those that stand on records.
    """
    query = select(LastCopy.message_id).where(LastCopy.mailbox_id == mailbox_id)
    if keep_mail:
        query = query.where(~stands_on_records(LastCopy.message_id))
    found = set(session.execute(query.order_by(LastCopy.message_id).limit(limit)).scalars())
    _hold(session, found)
    going = found - _on_records(session, found) if keep_mail else found
    blobs = _forget_messages(session, going)
    forget_last_copies(session, going)  # Of those that were brought back meanwhile.
    forget_unnamed(session, blobs)
    return len(found)


def _hold(session: WriteSession, message_ids: Collection[int]) -> None:
    """On PostgreSQL no other process may put a place on these messages until we have decided about them."""
    if session.on_postgresql and message_ids:
        session.execute(select(Message.id).where(Message.id.in_(message_ids)).order_by(Message.id).with_for_update())


def _on_records(session: WriteSession, message_ids: Collection[int]) -> set[int]:
    query = select(Message.id).where(Message.id.in_(message_ids), stands_on_records(Message.id))
    return set(session.execute(query).scalars())


def _forget_variants(session: WriteSession, variant_ids: Collection[int]) -> set[int]:
    """Variants that no place shows any more, nor did a last one; returns the blobs they had."""
    shown = [exists().where(table.variant_id == Variant.id) for table in (Place, LastCopy)]
    unused = Variant.id.in_(variant_ids), ~or_(*shown)
    rows = session.execute(select(Variant.id, Variant.body_blob_id).where(*unused)).all()
    _delete(session, Variant, {row.id for row in rows})
    return {row.body_blob_id for row in rows}


def _forget_messages(session: WriteSession, message_ids: Collection[int]) -> set[int]:
    """Those of the messages that lie nowhere any more; returns the blobs they had."""
    nowhere = Message.id.in_(message_ids), ~exists().where(Place.message_id == Message.id)
    rows = session.execute(select(Message.id, Message.thread_id, Message.body_blob_id).where(*nowhere)).all()
    if not rows:
        return set()
    ids = {row.id for row in rows}
    blobs = {row.body_blob_id for row in rows}
    copies = delete(LastCopy).where(LastCopy.message_id.in_(ids)).returning(LastCopy.head_blob_id)
    blobs |= set(session.execute(copies).scalars())
    variants = session.execute(select(Variant.id, Variant.body_blob_id).where(Variant.message_id.in_(ids))).all()
    _delete(session, Variant, {row.id for row in variants})
    drafts = blobs_of_drafts(session, ids)
    _let_go(session, ids)
    for message_id in ids:
        forget_message(session, message_id)
    _delete(session, Message, ids)
    _settle_threads(session, {row.thread_id for row in rows})
    return blobs | drafts | {row.body_blob_id for row in variants}


def _let_go(session: WriteSession, message_ids: Collection[int]) -> None:
    """Tasks, posts and answers keep their text; entries of timelines that were the mail itself go, unless discussed."""
    for table in (Task, Post):
        _unset(session, table, "message_id", message_ids)
    _unset(session, Outgoing, "in_reply_to_id", message_ids)
    session.execute(delete(IntakeDelivery).where(IntakeDelivery.message_id.in_(message_ids)))
    discussed = exists().where(Comment.subject_type == "activity", Comment.subject_id == Activity.id)
    mail = Activity.message_id.in_(message_ids), Activity.kind == ActivityKind.MAIL
    session.execute(delete(Activity).where(*mail, ~discussed).execution_options(synchronize_session=False))
    emptied = {"title": REMOVED, "text": "", "completed_at": func.coalesce(Activity.completed_at, utcnow())}
    session.execute(update(Activity).where(*mail).values(emptied).execution_options(synchronize_session=False))
    _unset(session, Activity, "message_id", message_ids)


def _settle_threads(session: WriteSession, thread_ids: Collection[int]) -> None:
    """Threads count what is left of them; one without messages goes, and those that were joined into it."""
    rows = session.execute(
        select(Message.thread_id, func.count(), func.min(Message.date), func.max(Message.date))
        .where(Message.thread_id.in_(thread_ids))
        .group_by(Message.thread_id)
    ).all()
    for thread_id, count, first, last in rows:
        values = {"message_count": count, "first_at": first, "last_at": last}
        session.execute(update(Thread).where(Thread.id == thread_id).values(values))
    empty = set(thread_ids) - {row[0] for row in rows}
    layers = [empty]
    while layers[-1]:
        joined = select(Thread.id).where(Thread.merged_into_id.in_(layers[-1]))
        layers.append(set(session.execute(joined).scalars()))
    for layer in reversed(layers):
        _unset(session, Activity, "thread_id", layer)
        _delete(session, Thread, layer)


def forget_quarantine(session: WriteSession, mailbox_id: int, limit: int) -> int:
    """Forget up to `limit` quarantined messages of the mailbox, with their bytes; how many there were."""
    columns = select(Quarantine.id, Quarantine.raw_blob_id).where(Quarantine.mailbox_id == mailbox_id)
    rows = session.execute(columns.limit(limit)).all()
    _delete(session, Quarantine, {row.id for row in rows})
    forget_unnamed(session, {row.raw_blob_id for row in rows})
    return len(rows)


def forget_sent(session: WriteSession, mailbox_id: int, limit: int) -> int:
    """Forget up to `limit` mails that we sent through the mailbox, with their bytes and files; how many there were.

    One that is on its way at this moment stays.
    """
    mine = Outgoing.mailbox_id == mailbox_id, Outgoing.state.not_in(ON_ITS_WAY)
    rows = session.execute(select(Outgoing.id, Outgoing.raw_blob_id, Outgoing.attachments).where(*mine).limit(limit))
    found = rows.all()
    ids = {row.id for row in found}
    _unset(session, Message, "outgoing_id", ids)
    _delete(session, Outgoing, ids)
    blobs = {row.raw_blob_id for row in found if row.raw_blob_id is not None}
    blobs |= {file["blob_id"] for row in found for file in row.attachments if "blob_id" in file}
    forget_unnamed(session, blobs)
    return len(found)


Table = type[Activity] | type[Message] | type[Outgoing] | type[Place] | type[Post] | type[Quarantine] | type[Task]
Deletable = Table | type[Thread] | type[Variant]


def _delete(session: WriteSession, table: Deletable, ids: Collection[int]) -> None:
    if ids:
        session.execute(delete(table).where(table.id.in_(ids)).execution_options(synchronize_session=False))


def _unset(session: WriteSession, table: Table, column: str, ids: Collection[int]) -> None:
    if ids:
        statement = update(table).where(getattr(table, column).in_(ids)).values({column: None})
        session.execute(statement.execution_options(synchronize_session=False))
