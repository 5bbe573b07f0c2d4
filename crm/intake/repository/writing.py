"""The rows of a batch, one statement per table (Core inserts: a third of the cost of the ORM's)."""

from typing import Any

from sqlalchemy import func, update

from crm.intake.batch import Batch, Entry, Item, Letter
from crm.intake.repository.second_looks import write_second_looks
from crm.intake.repository.tables import Rows, insert_rows, update_rows
from crm.intake.repository.tallies import write_tallies
from crm.intake.repository.threads import complete_answered, write_threads
from storage import jobs
from storage.blobs import record
from storage.last_copies import forget_last_copies
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Channel,
    Company,
    Contact,
    Deal,
    Direction,
    Effect,
    IntakeDelivery,
    Lead,
    Message,
    MessageAddress,
    Outgoing,
    Part,
    Place,
    Reference,
    Row,
    SendState,
    ThreadBinding,
    Variant,
)
from storage.packing import PreparedBlob
from storage.search import indexing
from storage.sessions import WriteSession

Tables = dict[type[Row], Rows]
"""Rows by table, in the order that foreign keys ask for."""
CREATED = (Company, Contact, Deal, Lead, Channel, Effect)
"""In the order that foreign keys ask for; what steps wrote with `batch.write`."""


def write_batch(session: WriteSession, batch: Batch) -> None:
    """Write everything that the steps decided."""
    thread_ids = write_threads(session, batch)
    fresh, heads = _messages(session, batch, thread_ids)
    # PostgreSQL takes its time over the words: meanwhile the other rows are made.
    with indexing(session, [_search_row(item) for item in fresh], [item.mail.date for item in fresh]):
        of_messages, on_records = _rows_of_messages(batch, fresh, heads), _rows_on_records(batch, thread_ids)
    _insert_all(session, of_messages)
    _update_known(session, [letter for letter in batch.letters.values() if not letter.fresh])
    _insert_all(session, on_records)
    insert_rows(session, ThreadBinding, _by_hand_rows(batch, thread_ids))
    write_second_looks(session, batch)
    _deliveries(session, batch)
    _sent_copies(session, batch)
    complete_answered(session, batch, thread_ids)
    write_tallies(session, batch, thread_ids)
    batch.queue.write()
    jobs.enqueue_many(session, batch.orders)


def write_on_records(session: WriteSession, batch: Batch) -> None:
    """Write what stored mail that was judged anew has made, and where it stands now; nobody is told of it as of new mail."""
    _insert_all(session, _rows_on_records(batch, {}))
    write_second_looks(session, batch)
    complete_answered(session, batch, {})
    write_tallies(session, batch, {})
    batch.queue.write()


def update_flags(session: WriteSession, rows: Rows) -> None:
    """Flags of places that are stored already: rows of `key` (place id) and the four flags."""
    update_rows(session, Place, rows)


def _messages(session: WriteSession, batch: Batch, thread_ids: dict[int, int]) -> tuple[list[Item], list[int]]:
    """Messages, and the bytes of them and of their places. Items of fresh messages, and ids of the heads of all items."""
    first_items = {item.letter.id: item for item in reversed(batch.items) if item.letter.fresh}
    fresh = [first_items[letter.id] for letter in batch.letters.values() if letter.fresh]
    blobs: list[PreparedBlob] = [item.prepared.head for item in batch.items]
    blobs += [item.prepared.body for item in fresh] + [body for _, _, _, body in batch.new_variants]
    blob_ids = record(session, blobs)
    heads, bodies = blob_ids[: len(batch.items)], blob_ids[len(batch.items) :]
    forest = batch.conversations.forest
    rows = []
    for item, body_id in zip(fresh, bodies, strict=False):
        root = forest.root(item.letter.voice.node)
        rows.append(_message_row(item, thread_ids.get(root, root), body_id))
    insert_rows(session, Message, rows)
    variant_rows = [
        {"id": variant_id, "message_id": message_id, "fingerprint": name, "body_blob_id": blob_id}
        for (variant_id, message_id, name, _), blob_id in zip(batch.new_variants, bodies[len(fresh) :], strict=True)
    ]
    insert_rows(session, Variant, variant_rows)
    return fresh, heads


def _insert_all(session: WriteSession, tables: Tables) -> None:
    for table, rows in tables.items():
        insert_rows(session, table, rows)


def _rows_of_messages(batch: Batch, fresh: list[Item], heads: list[int]) -> Tables:
    return {
        Place: [_place_row(batch, item, head) for item, head in zip(batch.items, heads, strict=True)],
        MessageAddress: [row for item in fresh for row in _address_rows(item)],
        Part: [row for item in fresh for row in _part_rows(item)],
        Reference: [{"message_id": owner, "target_hash": target} for owner, target in batch.references],
    }


def _rows_on_records(batch: Batch, thread_ids: dict[int, int]) -> Tables:
    return {
        **{table: batch.rows.get(table, []) for table in CREATED},
        Activity: [_activity_row(batch, entry, thread_ids) for entry in batch.entries],
        ActivityBinding: [
            {
                "activity_id": entry.id,
                "record_type": record_type,
                "record_id": record_id,
                "owner": not position,
                # The database would look both up, row by row.
                "at": entry.letter.voice.date,
                "planned": entry.deadline is not None,
            }
            for entry in batch.entries
            for position, (record_type, record_id) in enumerate(entry.bindings)
        ],
    }


def _message_row(item: Item, thread_id: int, body_blob_id: int) -> dict[str, Any]:
    mail, letter = item.mail, item.letter
    author = mail.author
    return {
        "id": letter.id,
        "identity": mail.identity,
        "fingerprint": mail.fingerprint,
        "message_id": mail.message_id,
        "message_id_hash": mail.id_hash,
        "thread_id": thread_id,
        "direction": letter.direction,
        "kind": letter.kind.value,
        "date": mail.date,
        "subject": mail.subject,
        "base_subject_hash": mail.subject_hash,
        "from_name": author.name if author else "",
        "from_address": author.address if author else "",
        "from_key": author.key if author else "",
        "snippet": mail.snippet,
        "body_blob_id": body_blob_id,
        "attachment_count": sum(1 for part in mail.attachments if not part.inline),
        "authenticated": letter.authenticated,
        "outgoing_id": letter.outgoing_id,
        "arrived_in": tuple(letter.arrived_in),
    }


def _place_row(batch: Batch, item: Item, head_blob_id: int) -> dict[str, Any]:
    prepared = item.prepared
    return {
        "id": item.place_id,
        "mailbox_id": batch.context.mailbox_id,
        "folder_id": prepared.folder_id,
        "message_id": item.letter.id,
        "variant_id": item.variant_id,
        "uid": prepared.uid,
        "object_id": prepared.object_id,
        "seen": prepared.flags.seen,
        "flagged": prepared.flags.flagged,
        "answered": prepared.flags.answered,
        "draft": prepared.flags.draft,
        "modseq": prepared.modseq,
        "internal_date": prepared.internal_date,
        "size": len(prepared.raw),
        "sha256": prepared.sha256,
        "head_blob_id": head_blob_id,
        "is_new": item.is_new,
        "decision": tuple(item.decision),
    }


def _address_rows(item: Item) -> Rows:
    positions: dict[str, int] = {}
    rows = []
    for person in item.mail.people:
        if person.role == "bcc":
            continue  # Known to one place only; others who see the message must not learn it.
        positions[person.role] = position = positions.get(person.role, -1) + 1
        rows.append(
            {
                "message_id": item.letter.id,
                "role": person.role,
                "position": position,
                "name": person.name,
                "address": person.address,
                "key": person.key,
            }
        )
    return rows


def _part_rows(item: Item) -> Rows:
    return [
        {
            "message_id": item.letter.id,
            "index": part.index,
            "filename": part.filename,
            "content_type": part.content_type,
            "size": part.size,
            "sha256": part.sha256,
            "content_id": part.content_id,
            "inline": part.inline,
        }
        for part in item.mail.attachments
    ]


def _search_row(item: Item) -> dict[str, object]:
    row = {"id": item.letter.id, **item.mail.search._asdict()}
    return row if item.mail.vector is None else row | {"vector": item.mail.vector}


def _update_known(session: WriteSession, letters: list[Letter]) -> None:
    """In the order of ids, as whoever takes their places away holds them: neither waits for the other (PostgreSQL)."""
    forget_last_copies(session, [letter.id for letter in letters])
    ordered = sorted(letters, key=lambda letter: letter.id)
    rows = [
        {
            "key": each.id,
            "arrived_in": each.arrived_in,
            "outgoing_id": each.outgoing_id,
            "authenticated": each.authenticated,
            "kind": each.kind.value,
        }
        for each in ordered
    ]
    update_rows(session, Message, rows)


def _activity_row(batch: Batch, entry: Entry, thread_ids: dict[int, int]) -> dict[str, Any]:
    letter = entry.letter
    root = batch.conversations.forest.root(letter.voice.node)
    is_ours = letter.direction is Direction.OUTGOING
    return {
        "id": entry.id,
        "kind": ActivityKind.MAIL,
        "direction": letter.direction,
        "title": letter.subject,
        "text": letter.snippet,
        "at": letter.voice.date,
        "created_at": batch.now,
        "author_id": batch.context.users.get(letter.voice.circle.author) if is_ours else None,
        "responsible_id": entry.responsible_id,
        "message_id": letter.id,
        "thread_id": thread_ids.get(root, root),
        "task_id": None,
        "post_id": None,
        "deadline": entry.deadline,
        "completed_at": None,
    }


def _by_hand_rows(batch: Batch, thread_ids: dict[int, int]) -> Rows:
    rows = []
    for node, (kind, record_id) in batch.new_by_hand:
        root = batch.conversations.forest.root(node)
        named = {"thread_id": thread_ids.get(root, root), "record_type": kind, "record_id": record_id}
        rows.append({**named, "bound": True, "change_id": None})
    return rows


def _deliveries(session: WriteSession, batch: Batch) -> None:
    rows = [
        {
            "id": delivery.id,
            "intake_address_id": delivery.address_id,
            "message_id": delivery.message_id,
            "state": delivery.state,
            "reason": delivery.reason,
            "created_at": batch.now,
        }
        for delivery in batch.intake_arrivals
    ]
    insert_rows(session, IntakeDelivery, rows)


def _sent_copies(session: WriteSession, batch: Batch) -> None:
    """A mail of ours that came back was sent: that settles doubt, and in Sent it needs no copy of ours."""
    for outgoing_id, in_sent in batch.sent_copies:
        ours = (Outgoing.id == outgoing_id, Outgoing.mailbox_id == batch.context.mailbox_id)
        settled = update(Outgoing).where(*ours, Outgoing.state == SendState.IN_DOUBT)
        settled = settled.values(state=SendState.SENT, sent_at=func.coalesce(Outgoing.sent_at, batch.now), reason="")
        session.execute(settled.execution_options(synchronize_session=False))
        if in_sent:
            stored = update(Outgoing).where(*ours, Outgoing.stored_in_sent_at.is_(None))
            session.execute(
                stored.values(stored_in_sent_at=batch.now, no_copy_reason="").execution_options(
                    synchronize_session=False
                )
            )
