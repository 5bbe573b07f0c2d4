"""Steps 0 and 1: what is stored, once, and where it is new."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.intake.arrival import Flags
from crm_world import HISTORY, NOW, World, mail
from storage.models import FolderRole, Message, MessageAddress, Part, Place, Quarantine, Variant
from storage.search import find_messages

CLIENT = "Carl Client <carl@client.example>"
SALES = "sales@ours.example"


def test_raw_mail_can_be_put_together_again(world: World) -> None:
    raw = mail(CLIENT, SALES, message_id="a@client", Delivered_To=SALES, Cc="Dora <dora@client.example>")

    message_id = world.deliver(raw)

    (place,), message = world.all(Place), world.message(message_id)
    with world.store.database.reading() as session:
        head = world.store.blobs.read(session, place.head_blob_id)
        body = world.store.blobs.read(session, message.body_blob_id)
    assert head + body == raw
    assert (place.size, place.is_new, message.from_key) == (len(raw), True, "carl@client.example")
    assert [(row.role, row.key) for row in world.all(MessageAddress)] == [
        ("from", "carl@client.example"),
        ("to", SALES),
        ("cc", "dora@client.example"),
    ]


def test_the_same_place_again_only_changes_its_flags(world: World) -> None:
    raw = mail(CLIENT, SALES, message_id="a@client")
    world.take([world.arrival(raw, uid=7)])

    taken = world.take([world.arrival(raw, uid=7, flags=Flags(seen=True, answered=True))])

    (place,) = world.all(Place)
    assert (taken.stored, taken.updated, taken.places) == (0, 1, {(place.folder_id, 7): place.id})
    assert (place.seen, place.answered, place.flagged) == (True, True, False)
    assert world.jobs() == ["message.received"]


@pytest.mark.parametrize("together", [True, False])
def test_a_second_folder_is_a_second_place_of_one_message(world: World, together: bool) -> None:
    raw = mail(CLIENT, SALES, message_id="a@client")
    arrivals = [world.arrival(raw), world.arrival(raw, role=FolderRole.ARCHIVE)]

    for group in [arrivals] if together else [[each] for each in arrivals]:
        world.take(group)

    assert len(world.all(Message)) == 1
    assert [place.is_new for place in world.all(Place)] == [True, False]
    assert world.jobs() == ["message.received"]


def test_the_same_message_id_of_another_author_or_date_is_another_message(world: World) -> None:
    first = world.deliver(mail(CLIENT, SALES, message_id="a@client"))
    other_author = world.deliver(mail("Eve <eve@evil.example>", SALES, message_id="a@client"))
    other_date = world.deliver(mail(CLIENT, SALES, message_id="a@client", date=NOW - timedelta(minutes=5)))

    assert len({first, other_author, other_date}) == 3


def test_mail_without_message_id_is_known_by_its_content(world: World) -> None:
    first = world.deliver(mail(CLIENT, SALES, X_Trace="1"))
    again = world.deliver(mail(CLIENT, SALES, X_Trace="2"), role=FolderRole.ARCHIVE)
    other = world.deliver(mail(CLIENT, SALES, text="Something else.\n"))

    assert first == again != other


def test_another_body_under_one_identity_is_a_variant_of_its_place(world: World) -> None:
    ann = world.add_mailbox("ann@ours.example")
    raw = mail(CLIENT, f"{SALES}, ann@ours.example", message_id="a@client")
    banner = mail(CLIENT, f"{SALES}, ann@ours.example", message_id="a@client", text="EXTERNAL!\n\nHello there.\n")

    first = world.deliver(raw)
    second = world.deliver(banner, ann)
    third = world.deliver(banner, ann, FolderRole.ARCHIVE)

    assert first == second == third
    (variant,) = world.all(Variant)
    assert [place.variant_id for place in world.all(Place)] == [None, variant.id, variant.id]
    with world.store.database.reading() as session:
        assert b"EXTERNAL" in world.store.blobs.read(session, variant.body_blob_id)
    assert len(world.kinds(first)) == 2


@pytest.mark.parametrize("role", [FolderRole.JUNK, FolderRole.TRASH, FolderRole.DRAFTS])
def test_junk_trash_and_drafts_are_stored_and_nothing_else_until_moved(world: World, role: FolderRole) -> None:
    raw = mail(CLIENT, SALES, "Cheap pills", message_id="a@client")
    message_id = world.deliver(raw, role=role)

    assert world.activity(message_id) is None
    assert world.jobs() == []
    assert world.decision(message_id)["folder"] == "stored only"
    with world.store.database.reading() as session:
        assert find_messages(session, "pills") == [message_id]

    assert world.deliver(raw) == message_id
    assert world.kinds(message_id) == ["deal", "contact"]
    assert world.jobs() == ["message.received"]


def test_junk_joins_its_thread_only_when_it_is_moved(world: World) -> None:
    reply = mail(CLIENT, SALES, "Re: Offer", message_id="b@client", references=["a@client"])
    world.deliver(mail(CLIENT, SALES, message_id="a@client"))
    world.deliver(reply, role=FolderRole.JUNK)
    assert world.threads() == {frozenset({"a@client"}), frozenset({"b@client"})}

    world.deliver(reply)

    assert world.threads() == {frozenset({"a@client", "b@client"})}


def test_history_creates_nothing_and_says_nothing(world: World) -> None:
    old = world.deliver(mail(CLIENT, SALES, message_id="a@client", date=HISTORY), internal_date=HISTORY)

    assert world.jobs() == []
    assert world.activity(old) is None
    assert world.decision(old)["folder"] == "not new"


def test_a_mailbox_restored_with_new_dates_is_no_news(world: World) -> None:
    raw = mail(CLIENT, SALES, message_id="a@client", date=HISTORY)
    message_id = world.deliver(raw, internal_date=HISTORY)

    world.deliver(raw, internal_date=NOW)

    assert world.jobs() == []
    assert world.activity(message_id) is None
    assert not any(place.is_new for place in world.all(Place))


def test_an_absurd_or_missing_date_gives_way_to_the_servers(world: World) -> None:
    future = world.deliver(mail(CLIENT, SALES, message_id="a@client", date=NOW + timedelta(days=4000)))
    missing = world.deliver(mail(CLIENT, SALES, message_id="b@client").replace(b"Date:", b"X-Date:"))

    assert world.message(future).date == world.message(missing).date == NOW


def test_one_message_that_can_not_be_stored_is_quarantined_and_the_rest_goes_on(world: World) -> None:
    raws = [mail(CLIENT, SALES, message_id=f"{n}@client") for n in range(3)]
    arrivals = [world.arrival(raw, uid=uid) for uid, raw in enumerate(raws, start=1)]
    with world.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON place WHEN NEW.uid = 2 BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    taken = world.take(arrivals)

    (kept,) = world.all(Quarantine)
    assert (taken.stored, taken.quarantined, kept.uid) == (2, [(arrivals[1].folder_id, 2)], 2)
    with world.store.database.reading() as session:
        assert world.store.blobs.read(session, kept.raw_blob_id) == raws[1]
    assert sorted(place.uid for place in world.all(Place)) == [1, 3]
    assert len(world.all(Message)) == 2

    with world.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("DROP TRIGGER refuse")
    world.take([arrivals[1]])

    assert world.all(Quarantine) == []
    assert len(world.all(Place)) == 3


def test_attachments_are_counted_and_found_by_name(world: World) -> None:
    raw = (
        b"From: carl@client.example\r\nTo: sales@ours.example\r\nMessage-ID: <a@client>\r\nSubject: Plan\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHi\r\n"
        b"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=blueprint.pdf\r\n\r\nPDF\r\n--x--\r\n"
    )
    message_id = world.deliver(raw)

    assert world.message(message_id).attachment_count == 1
    assert world.rows(select(Part.filename)) == ["blueprint.pdf"]
    with world.store.database.reading() as session:
        assert find_messages(session, "blueprint") == [message_id]


def test_bcc_of_a_sent_copy_is_shown_to_nobody_else(world: World) -> None:
    message_id = world.deliver(
        mail(SALES, CLIENT, message_id="s@ours", Bcc="secret@partner.example"), role=FolderRole.SENT
    )

    assert not world.rows(select(MessageAddress).where(MessageAddress.key == "secret@partner.example"))
    with world.store.database.reading() as session:
        assert find_messages(session, "partner") == []
        assert find_messages(session, "carl") == [message_id]


def test_a_quoted_id_is_the_same_with_one_blank_or_two(world: World) -> None:
    """It was stored with one until ids kept their blanks; what is known must not come a second time."""
    raw = mail(CLIENT, SALES).replace(b"Subject:", b'Message-ID: <"c=fr;a=  atlas;p=client"@client.example>\nSubject:')
    stored = world.deliver(raw.replace(b"  atlas", b" atlas"))

    again = world.deliver(raw, role=FolderRole.ARCHIVE)
    answer = mail(SALES, CLIENT, "Something").replace(
        b"Subject:", b'In-Reply-To: <"c=fr;a=  atlas;p=client"@client.example>\nSubject:'
    )
    answered = world.deliver(answer, role=FolderRole.SENT)

    assert again == stored
    assert world.message(answered).thread_id == world.message(stored).thread_id
    assert len(world.all(Place)) == 3
