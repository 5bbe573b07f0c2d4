"""Mail on a record is read when every mailbox has deleted it, by those who could read it before, and by nobody else."""

import threading
from email.message import EmailMessage

import pytest
from sqlalchemy import delete, func, select, update

from core.config import load_settings
from core.errors import Forbidden, NotFound
from crm.access.viewer import Viewer
from crm.conversations.contents import read_content, read_original, read_part
from crm.conversations.reading import open_thread
from crm.outgoing.composing import start_forward, start_reply
from crm.stream.timeline.repository import timeline
from crm_world import World, mail
from mailsync import repository
from mailsync.labels import repository as labels
from mailsync.matching import repository as matching
from mailsync.removal.asking import ask_to_remove, plan_removal
from mailsync.removal.steps import Removing
from mailsync.removal.unnamed import forget_unnamed_blobs
from mailsync.removal.unplaced import forget_deleted_mail
from mailsync.repository import uids
from mailsync.repository.uids import remove_uids
from storage import last_copies
from storage.models import (
    Activity,
    Blob,
    FolderRole,
    LastCopy,
    Mailbox,
    Message,
    Place,
    Quarantine,
    RecordType,
    Role,
    ShareLevel,
    Variant,
)

SYSTEM = Viewer.system()
FROM_CARL = "carl@client.example"
SETTINGS = load_settings(keep_deleted_mail_days=30)


@pytest.fixture
def world(store) -> World:
    found = World(store)
    found.change(found.sales, share_level=ShareLevel.EVERYTHING)
    return found


def offer(**headers: str) -> bytes:
    """A mail with a file, as a customer writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = FROM_CARL, "sales@ours.example", "Offer"
    message["Date"], message["Message-ID"] = "Mon, 02 Mar 2026 10:00:00 +0000", "<1@client.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Could you send us an offer?\n")
    message.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()


def vanish(world: World, message_id: int, mailbox_id: int | None = None) -> None:
    """Its owner deletes it on the server, in one mailbox or in all of them."""
    for place in [one for one in world.all(Place) if one.message_id == message_id]:
        if mailbox_id in (None, place.mailbox_id):
            with world.store.database.unit_of_work() as session:
                remove_uids(session, place.folder_id, [place.uid])


def says(world: World, user_id: int, message_id: int) -> str:
    """What this person reads there; the name of the error where they may not."""
    try:
        with world.store.database.reading() as session:
            return read_content(world.store, session, Viewer(user_id, Role.SELLER), message_id).text
    except (NotFound, Forbidden) as error:
        return type(error).__name__


def count(world: World, table) -> int:
    return world.rows(select(func.count()).select_from(table))[0]


def loose_blobs(world: World) -> int:
    """Stored pieces that no row names."""
    columns = (Place.head_blob_id, LastCopy.head_blob_id, Message.body_blob_id, Variant.body_blob_id)
    named = {blob_id for column in (*columns, Quarantine.raw_blob_id) for blob_id in world.rows(select(column))}
    return len(set(world.rows(select(Blob.id))) - named)


def test_it_is_read_answered_and_passed_on_by_those_who_work_with_it(world) -> None:
    support = world.add_mailbox("support@ours.example", shared=True, share_level=ShareLevel.EVERYTHING)
    message = world.deliver(offer(Delivered_To="sales@ours.example"))
    assert world.deliver(offer(Delivered_To="support@ours.example"), support) == message
    vanish(world, message, world.sales.id)
    assert count(world, LastCopy) == 0, "it lies in another mailbox still"
    vanish(world, message)

    assert (count(world, Place), count(world, LastCopy), loose_blobs(world)) == (0, 1, 0)
    bob = Viewer(world.bob, Role.SELLER)
    (_, deal_id) = next(key for key in world.bindings(message) if key[0] is RecordType.DEAL)
    with world.store.database.reading() as session:
        (entry,) = [
            entry for entry in timeline(session, bob, (RecordType.DEAL, deal_id)).planned if entry.mail is not None
        ]
        assert (entry.title, entry.mail.attachments, entry.mail.gone) == ("Offer", 1, False)
        opened = open_thread(world.store, session, bob, entry.mail.thread_id)
        assert [item.content and item.content.text for item in opened.messages] == ["Could you send us an offer?"]
        (part,) = opened.messages[0].message.parts
        assert read_part(world.store, session, bob, message, part.index).data == b"%PDF-1.4 plan"
        original = read_original(world.store, session, bob, message)
        assert b"Delivered-To: support@ours.example" in original
        assert b"Delivered-To: sales@ours.example" not in original
    reply = start_reply(world.store, bob, support.id, message)
    assert ("Could you send us an offer?" in reply.text, reply.to[0].address) == (True, FROM_CARL)
    assert start_forward(world.store, bob, support.id, message).stored_files[0].filename == "plan.pdf"


def test_its_last_mailbox_decides_what_colleagues_read_and_its_owner_reads_it_on_the_record(world) -> None:
    message = world.deliver(offer())
    said = "Could you send us an offer?"
    levels = {
        ShareLevel.EVERYTHING: said,
        ShareLevel.SUBJECT: "Forbidden",
        ShareLevel.METADATA: "Forbidden",
        ShareLevel.PRIVATE: "NotFound",
    }
    for deleted in (False, True):
        if deleted:
            vanish(world, message)
        for level, read in levels.items():
            world.change(world.sales, share_level=level)
            assert (says(world, world.bob, message), says(world, world.ann, message)) == (read, said), (level, deleted)
    with world.store.database.unit_of_work() as session:
        session.execute(delete(Activity).where(Activity.message_id == message))
    assert {says(world, user, message) for user in (world.ann, world.bob)} == {"NotFound"}, "it stands nowhere"


def test_a_banner_that_a_gateway_added_is_read_with_the_head_that_it_came_with(world) -> None:
    """The head names the boundary of the body; that of another copy fits no body but its own."""
    support = world.add_mailbox("support@ours.example", shared=True)
    message = world.deliver(offer())
    bannered = offer().replace(b"Could you", b"EXTERNAL Could you")
    assert world.deliver(bannered.replace(b"=====", b"-----"), support) == message
    assert count(world, Variant) == 1
    vanish(world, message, world.sales.id)
    vanish(world, message)
    assert says(world, world.ann, message) == "EXTERNAL Could you send us an offer?"


def test_however_the_last_place_goes_and_comes_again(world) -> None:
    ways = {
        "folder": lambda session, place: remove_uids(session, place.folder_id, [place.uid]),
        "waiting": lambda session, place: matching.remove_waiting(session, place.folder_id, 10),
        "label": lambda session, place: labels.clear_places(session, place.folder_id, 10),
        "labels": lambda session, place: _all_labels(session, place.folder_id),
        "acted": lambda session, place: last_copies.remove_places(session, [place.id]),
    }
    for way, gone in ways.items():
        message = world.deliver(offer())
        assert (count(world, Message), count(world, LastCopy), loose_blobs(world)) == (1, 0, 0), way
        (place,) = world.all(Place)
        if way == "waiting":
            with world.store.database.unit_of_work() as session:
                matching.take_uids(session, place.folder_id, 10)
        with world.store.database.unit_of_work() as session:
            assert gone(session, place) == 1, way
        assert count(world, Place) == 0
        assert says(world, world.ann, message) == "Could you send us an offer?", way


def _all_labels(session, folder_id: int) -> int:
    """As Gmail's, whose All Mail is another folder."""
    repository.folder(session, folder_id).labels_of_id = folder_id + 1
    session.flush()
    return labels.empty_labels(session, folder_id + 1, 10)


def test_it_is_kept_where_the_process_dies_in_the_midst_and_the_sweep_leaves_it(world, monkeypatch) -> None:
    message = world.deliver(offer())
    for step in ("insert_rows", "forget_unnamed"):

        def dies(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(last_copies, step, dies)
            vanish(world, message)
        assert (count(world, Place), count(world, LastCopy)) == (1, 0)
    vanish(world, message)
    forget_unnamed_blobs(world.store)
    assert says(world, world.ann, message) == "Could you send us an offer?"

    with world.store.database.unit_of_work() as session:
        session.execute(delete(LastCopy))
    assert loose_blobs(world) == 1
    forget_unnamed_blobs(world.store)
    assert loose_blobs(world) == 0


def test_two_mailboxes_that_lose_it_at_the_same_moment_do_not_both_leave_it_to_the_other(world) -> None:
    support = world.add_mailbox("support@ours.example", shared=True)
    message = world.deliver(offer())
    world.deliver(offer(), support)
    other = threading.Thread(target=vanish, args=(world, message, support.id))
    with world.store.database.unit_of_work() as session:
        remove_uids(session, world.sales.folders[FolderRole.INBOX], [1])
        other.start()
        other.join(
            0.3
        )  # It waits for this unit of work; where it does not, it must not take this place for one that stays.
        assert other.is_alive()
    other.join(20)
    assert (count(world, Place), count(world, LastCopy), loose_blobs(world)) == (0, 1, 0)
    assert says(world, world.ann, message) == "Could you send us an offer?"


@pytest.mark.parametrize("all_at_once", [True, False])
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_two_mailboxes_that_lose_the_same_mails_do_not_wait_for_each_other(world, all_at_once, monkeypatch) -> None:
    """Their places have opposite orders: one had the newest mail first. Chunks are of two places."""
    support = world.add_mailbox("support@ours.example", shared=True)
    raws = [mail(FROM_CARL, "sales@ours.example", message_id=f"{number}@c") for number in range(4)]
    messages = [world.deliver(raw) for raw in raws]
    assert [world.deliver(raw, support) for raw in reversed(raws)] == messages[::-1]
    monkeypatch.setattr(last_copies, "AT_ONCE", 2)
    monkeypatch.setattr(uids, "MAX_PARAMETERS", 4 if all_at_once else 2)
    other, remove = threading.Thread(target=lose_all, args=(world, support)), last_copies._remove

    def remove_and_let_the_other_begin(session, place_ids) -> int:
        count = remove(session, place_ids)
        if other.ident is None:
            other.start()
            other.join(0.3)  # Within it the other has held its first chunk, or waits for this one.
        return count

    monkeypatch.setattr(last_copies, "_remove", remove_and_let_the_other_begin)
    lose_all(world, world.sales)
    other.join(20)
    assert (count(world, Place), count(world, LastCopy)) == (0, 4)


def lose_all(world: World, mailbox) -> None:
    with world.store.database.unit_of_work() as session:
        assert remove_uids(session, mailbox.folders[FolderRole.INBOX], range(1, 5)) == 4


def test_a_place_that_came_while_the_last_one_went_needs_no_copy(world) -> None:
    message = world.deliver(offer())
    vanish(world, message)
    row = world.rows(select(LastCopy))[0]
    values = {"message_id": message, "mailbox_id": row.mailbox_id, "head_blob_id": row.head_blob_id}
    world.deliver(offer())
    with world.store.database.unit_of_work() as session:
        head = world.all(Place)[0].head_blob_id
        session.add(LastCopy(**{**values, "head_blob_id": head}))
    forget_deleted_mail(world.store, SETTINGS)
    assert (count(world, LastCopy), count(world, Place)) == (0, 1)
    assert says(world, world.ann, message) == "Could you send us an offer?"


@pytest.mark.parametrize("keep_mail", [True, False])
def test_when_its_last_mailbox_is_removed_it_goes_as_mail_in_folders_does(world, keep_mail, monkeypatch) -> None:
    monkeypatch.setattr("mailsync.removal.steps.AT_ONCE", 1)
    on_record = world.deliver(offer())
    parcels = [
        world.deliver(mail("no-reply@shop.example", world.sales.email, "Parcel", message_id=f"{number}@s"))
        for number in range(3)
    ]
    with world.store.database.unit_of_work() as session:
        session.execute(delete(Activity).where(Activity.message_id.in_(parcels)))
    for message in (on_record, *parcels):
        vanish(world, message)
    with world.store.database.reading() as session:
        plan = plan_removal(session, SYSTEM, world.sales.id)
    assert (plan.places, plan.only_here, plan.on_records, plan.shared) == (0, 4, 1, 0)

    ask_to_remove(world.store, SYSTEM, world.sales.id, keep_mail=keep_mail, at_once=True)
    removing = Removing(world.store, world.sales.id, "test")
    removing.empty()
    removing.empty()  # As after a crash.
    with world.store.database.unit_of_work() as session:
        removing.end(session)

    assert world.rows(select(Message.id)) == ([on_record] if keep_mail else [])
    assert count(world, Mailbox) == count(world, LastCopy) == int(keep_mail)
    assert loose_blobs(world) == 0
    if keep_mail:
        assert says(world, world.bob, on_record) == "Could you send us an offer?"


def test_mail_whose_head_was_lost_before_last_copies_were_kept_is_told_of_and_not_opened(world) -> None:
    message = world.deliver(offer())
    vanish(world, message)
    with world.store.database.unit_of_work() as session:
        session.execute(delete(LastCopy))
    for user in (world.ann, world.bob):
        viewer = Viewer(user, Role.SELLER)
        with world.store.database.reading() as session:
            opened = open_thread(world.store, session, viewer, world.message(message).thread_id)
            (item,) = opened.messages
            assert (item.message.gone, item.message.subject, item.content) == (True, "", None)
            assert item.message.from_address == FROM_CARL
            with pytest.raises(NotFound, match="deleted in every mailbox"):
                read_content(world.store, session, viewer, message)
    with world.store.database.unit_of_work() as session:
        session.execute(update(Activity).values(message_id=None))
    assert says(world, world.ann, message) == "NotFound"
    with world.store.database.reading() as session, pytest.raises(NotFound, match="no such conversation"):
        open_thread(world.store, session, Viewer(world.ann, Role.SELLER), world.message(message).thread_id)
