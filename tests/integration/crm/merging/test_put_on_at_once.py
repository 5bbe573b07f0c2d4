"""What is put on a record in the very moment of a merge stands on the one that is left, without waiting for a job."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records import on_behalf
from crm.records.deals import create_deal
from crm.records.fields.editing import edit_record
from crm.records.gone import Record
from crm.records.leads import create_lead
from crm.records.merging import merge
from crm.stream.feed.posting import create_post
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry, NewPost
from crm.work.tasks import create_task
from crm.work.views import NewTask
from crm_world import World
from integration.crm.merging.same_people import SYSTEM, company, contact
from lock_waits import until_somebody_waits
from recycling_world import delete, nothing_names
from storage.models import ActivityKind, Deal, Lead, RecordType, Role
from storage.store import Store


def put_something_on(world: World, person: Record, firm: Record) -> None:
    """Everything that people put on records, each in a unit of its own."""
    ann = Viewer(world.ann, Role.SELLER)
    named = {"contact_id": person[1], "company_id": firm[1]}
    for put in (
        lambda session: add_entry(session, ann, NewEntry(ActivityKind.COMMENT, "", (person, firm), text="Nice")),
        lambda session: create_post(session, ann, NewPost("News", "of her", about=(person,))),
        lambda session: create_task(session, ann, NewTask("Call", world.ann, records=(person, firm))),
        lambda session: on_behalf.add(session, ann, RecordType.DEAL, create_deal, title="Deal", **named),
        lambda session: on_behalf.add(session, ann, RecordType.LEAD, create_lead, title="Lead", **named),
    ):
        with world.store.database.unit_of_work() as session:
            put(session)


def test_what_is_meant_for_a_merged_record_stands_on_the_one_that_is_left(world: World) -> None:
    anna, twin, firm, other = contact(world), contact(world, "Ania"), company(world), company(world, "Other")
    for survivor, gone in ((anna, twin), (firm, other)):
        with world.store.database.unit_of_work() as session:
            merge(session, SYSTEM, survivor, [gone[1]], {})

    put_something_on(world, twin, other)  # From pages that were opened before.

    assert nothing_names(world, twin)
    assert nothing_names(world, other)
    assert [(row.contact_id, row.company_id) for table in (Deal, Lead) for row in world.all(table)] == [
        (anna[1], firm[1]),
        (anna[1], firm[1]),
    ]
    delete(world, anna)
    for gone in (anna, twin):
        with pytest.raises(NotFound), world.store.database.unit_of_work() as session:
            on_behalf.add(session, SYSTEM, RecordType.DEAL, create_deal, title="Deal", contact_id=gone[1])


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_who_puts_something_on_a_record_waits_for_the_merge_of_another_process(world: World, store: Store) -> None:
    anna, twin, firm, other = contact(world), contact(world, "Ania"), company(world), company(world, "Other")
    carl = contact(world, "Carl")
    merged, go_on = threading.Event(), threading.Event()

    def merge_both() -> None:
        with store.database.unit_of_work() as session:
            for survivor, gone in ((anna, twin), (firm, other)):
                merge(session, SYSTEM, survivor, [gone[1]], {})
            merged.set()
            assert go_on.wait(10)

    def move_carl() -> str:
        with store.database.unit_of_work() as session:
            try:
                edit_record(session, SYSTEM, carl, {"company_id": other[1]})
            except Exception as error:  # noqa: BLE001 - told to the test
                return str(error)
        return ""

    with ThreadPoolExecutor(3) as pool:
        merging = pool.submit(merge_both)
        assert merged.wait(10)
        putting, moving = pool.submit(put_something_on, world, twin, other), pool.submit(move_carl)
        until_somebody_waits(store)
        go_on.set()
        for each in (merging, putting):
            each.result(10)

        assert moving.result(10) == "Company: choose one from the list."
    assert nothing_names(world, twin)
    assert nothing_names(world, other)
