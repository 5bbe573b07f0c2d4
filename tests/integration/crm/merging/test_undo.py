"""A merge taken back, on both databases: what moved goes back, what came since stays."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.merge_jobs import forget_old_merges
from crm.records.recycling import remove_for_ever
from crm.records.repository import moving, reading
from crm.stream.follows import follow
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm_world import World, mail
from integration.crm.merging.same_people import SYSTEM, contact, merged, owners_of, standing_on, undone
from recycling_world import delete
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Channel,
    Contact,
    Deal,
    Follow,
    MergePart,
    RecordMerge,
    Role,
)


def rows_of(world: World, table: Any, *names: str) -> set[Any]:
    return {tuple(getattr(row, name) for name in names) for row in world.all(table)}


def everything(world: World) -> Any:
    """All that a merge moves, without the entries that tell of merges."""
    told = {row.id for row in world.all(Activity) if row.kind is ActivityKind.MERGED}
    bound = rows_of(world, ActivityBinding, "activity_id", "record_type", "record_id", "owner")
    return (
        {row for row in bound if row[0] not in told},
        rows_of(world, Channel, "kind", "key", "value", "record_type", "record_id"),
        rows_of(world, Follow, "user_id", "record_type", "record_id"),
        rows_of(world, Deal, "id", "contact_id"),
        [(row.id, row.name, row.position, row.tags, row.created_at, row.deleted_at) for row in world.all(Contact)],
    )


@pytest.mark.parametrize("at_once", [2, 4_000])
def test_all_is_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", at_once)
    ann = Viewer(world.ann, Role.SELLER)
    twin = contact(world, "A. Kowalska", emails=["ak@x.example", "both@x.example"], position="Buyer", tags=["b"])
    anna = contact(world, "Anna Kowalska", emails=["anna@x.example", "both@x.example"], tags=["a"])
    for number in range(5):
        world.deliver(mail("ak@x.example", world.sales.email, f"Question {number}", message_id=f"q{number}"))
    with world.store.database.unit_of_work() as session:
        create_deal(session, "Grinders", contact_id=twin[1])
        add_entry(session, ann, NewEntry(ActivityKind.CALL, "Both", (twin, anna)))
        add_entry(session, ann, NewEntry(ActivityKind.CALL, "Both again", (anna, twin)))
        follow(session, ann, anna)
        follow(session, ann, twin)
    before = everything(world)
    merge_id = merged(world, anna, twin, name=twin[1])
    assert everything(world) != before

    assert undone(world, merge_id) == anna

    assert everything(world) == before
    assert world.all(MergePart) == []
    with world.store.database.reading() as session:
        assert reading.contact(session, SYSTEM, twin[1]).name == "A. Kowalska"
    with pytest.raises(Conflict, match="already"):
        undone(world, merge_id)


def test_what_came_since_stays_with_the_survivor(world: World) -> None:
    anna, twin = contact(world, emails=["anna@x.example"]), contact(world, "Ania", emails=["ania@x.example"])
    old = world.deliver(mail("ania@x.example", world.sales.email, "Old", message_id="o"))
    merge_id = merged(world, anna, twin, name=twin[1])
    new = world.deliver(mail("ania@x.example", world.sales.email, "New", message_id="n"))
    with world.store.database.unit_of_work() as session:
        session.execute(update(Contact).where(Contact.id == anna[1]).values(name="Anna Maria"))

    undone(world, merge_id)

    assert world.bindings(old) == [twin]
    assert world.bindings(new) == [anna]
    assert [row.name for row in world.all(Contact)] == ["Anna Maria", "Ania"], "what somebody wrote since stays written"
    later = world.deliver(mail("ania@x.example", world.sales.email, "Later", message_id="l"))
    assert world.bindings(later) == [twin]


def test_the_last_merge_is_taken_back_first(world: World) -> None:
    first, second, third = (contact(world, f"Anna {n}", emails=[f"a{n}@x.example"]) for n in range(3))
    one, two = merged(world, second, first), merged(world, third, second)
    with pytest.raises(Conflict, match="first"):
        undone(world, one)

    undone(world, two)
    undone(world, one)

    for number, record in enumerate((first, second, third)):
        message = world.deliver(mail(f"a{number}@x.example", world.sales.email, f"Q{number}", message_id=f"q{number}"))
        assert world.bindings(message) == [record]


def test_a_survivor_that_was_removed_takes_all_that_were_merged_along(world: World) -> None:
    anna, twin, third = contact(world), contact(world, "Ania"), contact(world, "Ana")
    merge_id, last = merged(world, anna, twin), merged(world, third, anna)
    delete(world, third)

    remove_for_ever(world.store, SYSTEM, third)

    assert world.all(Contact) == [], "nobody's name is left"
    assert world.all(RecordMerge) == []
    for each in (merge_id, last):
        with pytest.raises(NotFound):
            undone(world, each)


def test_after_thirty_days_it_can_not_be_taken_back_and_what_moved_is_forgotten(world: World) -> None:
    anna, twin = contact(world, emails=["a@x.example"]), contact(world, "Ania", emails=["b@x.example"])
    merge_id = merged(world, anna, twin)
    with world.store.database.unit_of_work() as session:
        session.execute(update(RecordMerge).values(at=utcnow() - timedelta(days=31)))
    with pytest.raises(NotFound):
        undone(world, merge_id)

    forget_old_merges(world.store)

    assert world.all(RecordMerge) == []
    assert world.all(MergePart) == []
    assert world.rows(select(Contact.merged_into_id).where(Contact.id == twin[1])) == [anna[1]], "it leads there still"


def test_an_entry_that_was_dropped_meanwhile_does_not_come_back(world: World) -> None:
    ann = Viewer(world.ann, Role.SELLER)
    anna, twin = contact(world), contact(world, "Ania")
    with world.store.database.unit_of_work() as session:
        both = add_entry(session, ann, NewEntry(ActivityKind.CALL, "Both", (twin, anna)))
    merge_id = merged(world, anna, twin)
    assert owners_of(world, [both]) == [1]
    with world.store.database.unit_of_work() as session:
        session.delete(session.get_one(Activity, both))

    undone(world, merge_id)

    assert both not in standing_on(world, twin)


def test_the_survivor_is_known_since_the_older_of_both_was_until_it_is_taken_back(world: World) -> None:
    old, young = contact(world, "Old"), contact(world, "Young")
    before = [row.created_at for row in world.all(Contact)]
    merge_id = merged(world, young, old)
    assert world.rows(select(Contact.created_at).where(Contact.id == young[1])) == [before[0]]

    assert undone(world, merge_id) == young

    assert [row.created_at for row in world.all(Contact)] == before
