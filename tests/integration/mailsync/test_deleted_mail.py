"""Mail that was deleted in every mailbox goes after a while; what the company works with stays."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select

from core.clock import utcnow
from core.config import load_settings
from crm_world import World, mail
from mailsync.removal import unnamed
from mailsync.removal.unnamed import forget_unnamed_blobs
from mailsync.removal.unplaced import forget_deleted_mail
from mailsync.repository.uids import remove_uids
from storage.blobs import record
from storage.models import Activity, Blob, LastCopy, Message, MessageText, Outgoing, Place, Thread

SETTINGS = load_settings(keep_deleted_mail_days=30)


@pytest.fixture
def world(store) -> World:
    return World(store)


def count(world: World, table) -> int:
    return world.rows(select(func.count()).select_from(table))[0]


def after(world: World, days: float, settings=SETTINGS) -> set[int]:
    """The messages that are left when the errand has run so many days from now."""
    with time_machine.travel(utcnow() + timedelta(days=days), tick=False):
        forget_deleted_mail(world.store, settings)
    return set(world.rows(select(Message.id)))


def vanish(world: World, *message_ids: int) -> None:
    for place in [one for one in world.all(Place) if one.message_id in message_ids]:
        with world.store.database.unit_of_work() as session:
            remove_uids(session, place.folder_id, [place.uid])


def heads(world: World) -> int:
    """How many stored pieces say who wrote to whom about what."""
    with world.store.database.reading() as session:
        pieces = [world.store.blobs.read(session, blob_id) for blob_id in session.execute(select(Blob.id)).scalars()]
    return sum(b"Subject:" in piece for piece in pieces)


def test_it_goes_after_its_time_and_what_stands_on_a_record_stays(world) -> None:
    client = world.deliver(mail("ann@client.example", world.sales.email, "Offer", message_id="1@c"))
    with world.store.database.reading() as session:
        assert session.execute(select(Activity.id).where(Activity.message_id == client)).first() is not None
    private = world.deliver(mail("no-reply@shop.example", world.sales.email, "Your parcel", message_id="2@s"))
    stays = world.deliver(mail("no-reply@shop.example", world.sales.email, "Another", message_id="3@s"))
    with world.store.database.unit_of_work() as session:
        session.execute(delete(Activity).where(Activity.message_id.in_((private, stays))))
    vanish(world, client, private)
    assert heads(world) == 3, "a last copy keeps its head"

    assert after(world, 0) == {client, private, stays}, "its time begins when it is seen"
    assert after(world, 29) == {client, private, stays}
    assert after(world, 400, load_settings(keep_deleted_mail_days="never")) == {client, private, stays}
    blobs = count(world, Blob)
    assert after(world, 31) == {client, stays}
    assert count(world, Blob) == blobs - 2
    assert heads(world) == 2
    assert count(world, MessageText) == 2
    assert count(world, Thread) == len(world.threads())
    assert after(world, 400) == {client, stays}


def test_what_came_back_to_a_folder_has_its_whole_time_again(world) -> None:
    raw = mail("no-reply@shop.example", world.sales.email, "Moved", message_id="1@s")
    message = world.deliver(raw)
    with world.store.database.unit_of_work() as session:
        session.execute(delete(Activity).where(Activity.message_id == message))
    vanish(world, message)
    assert after(world, 0) == {message}
    assert world.deliver(raw) == message
    assert (count(world, LastCopy), heads(world)) == (0, 1), "it has a head of its own again"
    assert after(world, 40) == {message}
    vanish(world, message)
    assert after(world, 41) == {message}
    assert after(world, 72) == set()
    assert [count(world, table) for table in (LastCopy, Blob)] == [0, 0]


def test_bytes_that_an_older_version_left_unnamed_go_in_rounds_and_files_of_mails_stay(world, monkeypatch) -> None:
    sent = {"kind": "mail", "mailbox_id": world.sales.id, "to": [], "cc": [], "bcc": [], "subject": "", "text": ""}
    with world.store.database.unit_of_work() as session:
        left = record(session, world.store.blobs.prepare([b"Subject: Left\r\n\r\n"]))
        (file,) = record(session, world.store.blobs.prepare([b"%PDF"]))
        files = [{"filename": "a.pdf", "content_type": "application/pdf", "blob_id": file}]
        session.add(Outgoing(**sent, attachments=files, due_at=utcnow(), created_at=utcnow()))
    kept = world.deliver(mail("no-reply@shop.example", world.sales.email, "Stays", message_id="1@s"))
    with world.store.database.unit_of_work() as session:
        left += record(session, world.store.blobs.prepare([b"Subject: Left too\r\n\r\n"]))
    monkeypatch.setattr(unnamed, "LOOKED_A_RUN", 3)
    monkeypatch.setattr(unnamed, "LOOKED_AT_ONCE", 2)

    forget_unnamed_blobs(world.store)
    assert set(left) & set(world.rows(select(Blob.id))) == set(left[1:]), "one round looks at a few"
    forget_unnamed_blobs(world.store)
    assert not set(left) & set(world.rows(select(Blob.id)))
    forget_unnamed_blobs(world.store)
    forget_unnamed_blobs(world.store)
    named = {world.message(kept).body_blob_id, file, *(place.head_blob_id for place in world.all(Place))}
    assert set(world.rows(select(Blob.id))) == named
