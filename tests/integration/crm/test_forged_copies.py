"""Copies of one mail whose servers judge its sender differently: what is stored, whichever comes first, on both databases."""

from crm_world import World, known_contact, mail
from storage.models import FolderRole
from storage.store import Store

SALES, CARL = "sales@ours.example", "carl@client.example"
SERVER = "mx.ours.example"
SAYS = {True: "pass header.from=client.example", False: "fail header.from=client.example"}


def test_a_copy_that_failed_marks_the_mail_and_none_takes_the_mark_away(store: Store) -> None:
    # given a mailbox whose server is believed, and one whose is not
    world = World(store)
    world.create_nothing()
    judged, other = world.sales, world.add_mailbox("bob@ours.example")
    world.change(judged, authserv_id=SERVER)
    world.change(other, authserv_id=None)
    known_contact(world, CARL)

    def copy(number: int, verdict: bool | None, text: str = "Pay to the old account.\n") -> bytes:
        headers = {} if verdict is None else {"Authentication_Results": f"{SERVER}; dmarc={SAYS[verdict]}"}
        return mail(CARL, SALES, f"Offer {number}", message_id=f"m{number}", text=text, **headers)

    changed = "Pay to the new account.\n"
    cases = [
        # a forger sends it to a mailbox that says nothing first, or has it lie in junk
        ((other, copy(1, None), FolderRole.INBOX), (judged, copy(1, False), FolderRole.INBOX), False),
        ((other, copy(2, None), FolderRole.INBOX), (judged, copy(2, False), FolderRole.JUNK), False),
        ((judged, copy(3, False), FolderRole.INBOX), (other, copy(3, None), FolderRole.INBOX), False),
        # the genuine one, passed on; and one with other words, under its name
        ((judged, copy(4, True), FolderRole.INBOX), (judged, copy(4, False), FolderRole.ARCHIVE), True),
        ((judged, copy(5, True), FolderRole.INBOX), (judged, copy(5, False, changed), FolderRole.ARCHIVE), False),
        ((judged, copy(6, False, changed), FolderRole.INBOX), (judged, copy(6, True), FolderRole.ARCHIVE), False),
        ((other, copy(7, None), FolderRole.INBOX), (judged, copy(7, True), FolderRole.INBOX), None),
    ]
    for first, second, verdict in cases:
        # when both copies come, one after the other
        ids = {world.deliver(raw, box, role) for box, raw, role in (first, second)}

        # then they are one mail, which has the verdict of both
        [message_id] = ids
        assert world.message(message_id).authenticated is verdict, world.message(message_id).subject

    # when both come in one batch, then it is the same
    both = [world.arrival(copy(8, True), judged), world.arrival(copy(8, False, changed), judged)]
    taken = world.take(both, judged)
    assert [world.message(each).authenticated for each in taken.new_message_ids] == [False]


def test_our_own_mail_that_is_sent_back_to_us_stays_ours(store: Store) -> None:
    world = World(store)
    world.create_nothing()
    world.change(world.sales, authserv_id=SERVER)
    failed = {"Authentication_Results": f"{SERVER}; dmarc=fail header.from=ours.example"}
    ours = mail(SALES, CARL, message_id="ours")

    message_id = world.deliver(ours, world.sales, FolderRole.SENT)
    again = world.deliver(mail(SALES, CARL, message_id="ours", **failed), world.sales)

    assert again == message_id
    assert world.message(message_id).authenticated is None
    assert world.decision(message_id)["sender"] == "not confirmed"
