"""Merges, and what takes them back, each before the job of the one before has run: every story ends where it began."""

import random

import pytest
from sqlalchemy import select

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.merge_jobs import finish_merge
from crm.records.merging import merge, undo_merge
from crm.records.repository import moving
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm_world import World
from integration.crm.merging.same_people import SYSTEM, company, contact
from storage.models import Activity, ActivityBinding, ActivityKind, Contact, MergePart, RecordMerge, Role

ENTRIES = 7


def merged_alone(world: World, survivor: Record, *others: Record) -> int:
    """A merge of which the job has not run yet."""
    with world.store.database.unit_of_work() as session:
        return merge(session, SYSTEM, survivor, [other[1] for other in others], {})


def undone_alone(world: World, merge_id: int) -> None:
    with world.store.database.unit_of_work() as session:
        undo_merge(session, SYSTEM, merge_id)


def stories(world: World) -> set[tuple[int, int, bool]]:
    """Which entry stands on whom, without those that tell of merges."""
    told = {row.id for row in world.all(Activity) if row.kind is ActivityKind.MERGED}
    bound = [row for row in world.all(ActivityBinding) if row.activity_id not in told]
    return {(row.activity_id, row.record_id, row.owner) for row in bound}


def people_with_stories(world: World, count: int) -> list[Record]:
    """Each with entries of their own, and some that stand on two of them."""
    people = [contact(world, f"Anna {n}", emails=[f"a{n}@x.example"]) for n in range(count)]
    ann = Viewer(world.ann, Role.SELLER)
    with world.store.database.unit_of_work() as session:
        for one, other in zip(people, people[1:] + people[:1], strict=True):
            for number in range(ENTRIES):
                records = (one, other) if number % 3 == 0 else (one,)
                add_entry(session, ann, NewEntry(ActivityKind.CALL, f"{one[1]} {number}", records))
    return people


@pytest.mark.parametrize("job_between", ["never", "after both merges", "after the first undo"])
def test_two_merges_before_the_first_job_are_taken_back_whole(
    world: World, monkeypatch: pytest.MonkeyPatch, job_between: str
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    first, second, third = people_with_stories(world, 3)
    before = stories(world)
    one = merged_alone(world, second, first)
    two = merged_alone(world, third, second)
    if job_between == "after both merges":
        finish_merge(world.store, one)
        assert {record for _, record, _ in stories(world)} == {third[1]}, (
            "nothing waits for the job of the second merge"
        )
        finish_merge(world.store, two)

    undone_alone(world, two)
    if job_between == "after the first undo":
        finish_merge(world.store, one)
    undone_alone(world, one)
    finish_merge(world.store, one)

    finish_merge(world.store, two)
    assert stories(world) == before
    assert world.all(MergePart) == []


@pytest.mark.parametrize("seed", range(3))
def test_whenever_the_jobs_run_nothing_is_lost(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Merges and undos of five people, made up; jobs run when chance has it, some of them twice, in any order."""
    monkeypatch.setattr(moving, "AT_ONCE", 3)
    draw = random.Random(seed)
    people = people_with_stories(world, 5)
    before = stories(world)
    done: list[int] = []
    for _ in range(25):
        act = draw.choice(["merge", "merge", "undo", "job"])
        if act == "merge":
            survivor, other = draw.sample(people, 2)
            try:
                done.append(merged_alone(world, survivor, other))
            except Conflict:
                continue
        elif act == "undo" and done:
            try:
                undone_alone(world, draw.choice(done))
            except Conflict:
                continue
        elif done:
            finish_merge(world.store, draw.choice(done))
    left = world.rows(select(RecordMerge.id).where(RecordMerge.undone_at.is_(None)).order_by(RecordMerge.id.desc()))
    for merge_id in left:
        undone_alone(world, merge_id)
    for merge_id in done:
        finish_merge(world.store, merge_id)

    assert stories(world) == before


def test_a_company_with_many_people_is_merged_and_taken_back_some_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 5)
    client, twin, third = company(world), company(world, "Client Ltd"), company(world, "Client PLC")
    people = [contact(world, f"Person {n}", company_id=of[1]) for of in (twin, third) for n in range(6)]

    def at(record: Record) -> int:
        return len(world.rows(select(Contact.id).where(Contact.company_id == record[1])))

    merge_id = merged_alone(world, client, twin, third)
    assert [at(each) for each in (client, twin, third)] == [5, 1, 6], "as many as one unit may"
    finish_merge(world.store, merge_id)
    assert [at(each) for each in (client, twin, third)] == [12, 0, 0]

    undone_alone(world, merge_id)
    assert 0 < at(client) < len(people), "some at a time here too"
    finish_merge(world.store, merge_id)
    assert [at(each) for each in (client, twin, third)] == [0, 6, 6]
