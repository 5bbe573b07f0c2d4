"""How soon mail is answered, counted on both databases from mails as they come."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from crm.access.viewer import Viewer
from crm.conversations.numbers.measuring import Numbers, Period, numbers, times
from crm.records.deals import change_stage
from crm.records.repository import reading
from crm_world import NOW, World, mail
from storage.models import Activity, Deal, FolderRole, Role, StageKind
from storage.store import Store

SYSTEM = Viewer.system()
HOUR = timedelta(hours=1)
WEEK = Period(NOW - timedelta(days=3), NOW + timedelta(days=4), ZoneInfo("UTC"))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def they_write(world: World, who: str, at: datetime, message_id: str, *references: str, **options: Any) -> int:
    raw = mail(
        f"{who}@{who}.example", world.sales.email, "Offer", message_id=message_id, references=references, date=at
    )
    return world.deliver(raw, internal_date=at, **options)


def we_answer(world: World, who: str, at: datetime, message_id: str, *references: str) -> int:
    raw = mail(
        world.sales.email, f"{who}@{who}.example", "Re: Offer", message_id=message_id, references=references, date=at
    )
    return world.deliver(raw, role=FolderRole.SENT, internal_date=at)


def counted(world: World, period: Period = WEEK, viewer: Viewer = SYSTEM, **chosen: Any) -> Numbers:
    with world.store.database.reading() as session:
        return numbers(session, viewer, period, **{"mailbox_ids": None, "person_id": None, **chosen})


def test_responses_are_counted_from_the_first_mail_that_waits(world: World) -> None:
    they_write(world, "carla", NOW, "c1")
    they_write(world, "carla", NOW + HOUR, "c2", "c1")
    we_answer(world, "carla", NOW + 3 * HOUR, "a1", "c1", "c2")
    we_answer(world, "carla", NOW + 4 * HOUR, "a2", "c1", "c2")
    they_write(world, "carla", NOW + 30 * HOUR, "c3", "c1", "a1")
    we_answer(world, "carla", NOW + 35 * HOUR, "a3", "c1", "c3")
    they_write(world, "dora", NOW + 2 * HOUR, "d1")

    found = counted(world)
    assert (found.received, found.sent, found.waiting) == (4, 3, 1)
    assert found.responses.count == 2
    assert (found.responses.median, found.responses.mean) == (4 * 3600, 4 * 3600)
    assert found.responses.classes == (0, 1, 1, 0, 0), "three hours, and five"
    assert (found.first_responses.count, found.first_responses.median) == (1, 3 * 3600)
    days = {day.isoformat(): (received, sent) for day, received, sent in found.days if received or sent}
    assert days == {"2026-03-02": (3, 2), "2026-03-03": (1, 1)}
    assert len(found.days) == 8


def test_what_began_before_has_no_first_response(world: World) -> None:
    they_write(world, "carla", NOW - timedelta(days=9), "c1")
    they_write(world, "carla", NOW, "c2", "c1")
    we_answer(world, "carla", NOW + HOUR, "a1", "c1", "c2")
    found = counted(world)
    assert (found.first_responses.count, found.responses.count, found.responses.median) == (0, 1, 3600)


def test_an_answer_that_came_after_the_time_counts_for_mail_within(world: World) -> None:
    until = NOW + 2 * HOUR
    they_write(world, "carla", NOW, "c1")
    we_answer(world, "carla", NOW + 5 * HOUR, "a1", "c1")
    they_write(world, "dora", NOW + 3 * HOUR, "d1")
    found = counted(world, Period(WEEK.since, until, WEEK.zone))
    assert (found.received, found.sent, found.waiting, found.responses.count) == (1, 0, 0, 1)


def test_a_day_begins_where_the_reader_is(world: World) -> None:
    they_write(world, "carla", datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "c1")
    found = counted(world, Period(WEEK.since, WEEK.until, ZoneInfo("Europe/Warsaw")))
    assert [day.isoformat() for day, received, _ in found.days if received] == ["2026-03-03"]


def test_by_mailbox_and_person_and_what_came_of_it(world: World) -> None:
    they_write(world, "carla", NOW, "c1")
    they_write(world, "dora", NOW, "d1", box=world.add_mailbox("support@ours.example", owner_id=world.bob))
    with world.store.database.unit_of_work() as session:
        carla = reading.deals(session, SYSTEM)[-1]
        won = next(stage for stage in reading.pipelines(session, SYSTEM)[0].stages if stage.kind is StageKind.WON)
        change_stage(session, carla.id, won.id)
        session.execute(update(Deal).values(responsible_id=world.ann).where(Deal.id == carla.id))
        session.execute(update(Deal).values(created_at=NOW))
        session.execute(update(Activity).values(responsible_id=world.ann).where(Activity.thread_id == 1))
        session.execute(update(Activity).values(responsible_id=world.bob).where(Activity.thread_id == 2))
    sales = counted(world, mailbox_ids=[world.sales.id])
    assert (sales.received, sales.deals, sales.won) == (1, 1, 1)
    assert (counted(world, mailbox_ids=[]).received, counted(world, mailbox_ids=[]).deals) == (0, 0)
    assert counted(world, person_id=world.bob).received == 1
    people = {one.user_id: one for one in counted(world).people}
    assert (people[world.ann].received, people[world.ann].won, people[world.bob].received) == (1, 1, 1)

    for role, seen in ((Role.MANAGER, 2), (Role.SELLER, 1), (Role.GUEST, 1)):
        assert counted(world, viewer=Viewer(world.bob, role)).received == seen
    his = counted(world, viewer=Viewer(world.bob, Role.SELLER))
    assert (his.deals, his.won) == (1, 0), "his own, which is open"


def test_times_in_classes() -> None:
    assert times([]).median is None
    assert times([60, 3600, 3601, 4 * 3600, 86_400, 86_401, 10**7]).classes == (2, 2, 1, 1, 1)
    assert times([1, 2, 9]).median == 2
    assert times([1, 2, 9]).mean == 4
