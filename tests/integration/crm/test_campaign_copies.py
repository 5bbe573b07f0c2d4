"""Copies of campaign mail in Sent, through batches on either database: answers find them, records do not."""

from crm_world import World, known_contact, mail
from delivery.message_ids import CAMPAIGN, MessageIds
from storage.models import FolderRole
from storage.store import Store


def test_copies_stay_off_records_whatever_comes_later(store: Store) -> None:
    world = World(store)
    contact = known_contact(world)
    ids = [MessageIds(store.keys, CAMPAIGN).make(number, "ours.example") for number in (1, 2)]
    readers = ["carl@client.example", "dora@other.example"]
    copies = [
        world.deliver(
            mail("sales@ours.example", to, "Spring", message_id=each), role=FolderRole.SENT, gmail_thread_id=7
        )
        for to, each in zip(readers, ids, strict=True)
    ]

    answers = [
        world.deliver(mail(by, "sales@ours.example", "Re: Spring", message_id=f"re-{by}", references=[each]))
        for by, each in zip(readers, ids, strict=True)
    ]

    threads = [world.message(each).thread_id for each in (*copies, *answers)]
    assert threads[:2] == threads[2:]
    assert threads[0] != threads[1]
    assert [world.activity(each) for each in copies] == [None, None]
    assert contact in [record_id for _, record_id in world.bindings(answers[0])]
    assert world.activity(answers[1]) is not None
