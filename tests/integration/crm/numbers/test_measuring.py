"""How soon mail is answered, counted on both databases from mails as they come."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from crm.access.viewer import Viewer
from crm.conversations.numbers import repository
from crm.conversations.numbers.measuring import Numbers, Period, numbers, times
from crm.records.deals import change_stage
from crm.records.repository import reading
from crm_world import NOW, World, mail
from storage.models import Activity, Deal, Direction, FolderRole, Role, StageKind
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


def test_a_past_time_is_counted_however_much_came_since(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST_MAILS", 3)
    they_write(world, "carla", NOW, "c1")
    they_write(world, "dora", NOW, "d1")
    for number in range(4):
        they_write(world, "eve", NOW + (30 + number) * HOUR, f"e{number}")
    we_answer(world, "carla", NOW + 50 * HOUR, "a1", "c1")

    found = counted(world, Period(NOW - HOUR, NOW + HOUR, WEEK.zone))

    assert (found.received, found.waiting, found.more_there) == (2, 1, False)
    assert (found.responses.count, found.responses.median) == (1, 50 * 3600)
    assert counted(world).more_there


def test_entries_without_a_conversation_do_not_hide_that_there_are_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MOST_MAILS", 2)
    for number in range(3):
        they_write(world, f"carla{number}", NOW + number * HOUR, f"c{number}")
    with world.store.database.unit_of_work() as session:
        newest = session.execute(select(func.max(Activity.id))).scalar()
        session.execute(update(Activity).values(thread_id=None).where(Activity.id == newest))

    assert (counted(world).received, counted(world).more_there) == (2, True)


def test_of_a_shared_conversation_others_count_their_own_part(world: World) -> None:
    they_write(world, "carla", NOW, "c1")
    we_answer(world, "carla", NOW + HOUR, "a1", "c1")
    they_write(world, "carla", NOW + 2 * HOUR, "c2", "c1", "a1")
    we_answer(world, "carla", NOW + 5 * HOUR, "a2", "c1", "c2")
    they_write(world, "dora", NOW, "d1")
    with world.store.database.unit_of_work() as session:
        session.execute(update(Activity).values(responsible_id=world.ann))
        last = select(func.max(Activity.at)).where(Activity.direction == Direction.OUTGOING).scalar_subquery()
        session.execute(update(Activity).values(author_id=world.bob).where(Activity.at == last))

    his = counted(world, viewer=Viewer(world.bob, Role.SELLER))
    assert (his.received, his.sent, his.responses.count, his.responses.median) == (0, 1, 1, 3 * 3600)
    assert [one.user_id for one in his.people] == [world.bob]
    hers = counted(world, viewer=Viewer(world.bob, Role.SELLER), person_id=world.ann)
    assert (hers.received, hers.sent, hers.responses.count, hers.waiting, hers.people) == (0, 0, 0, 0, ())
    anns = counted(world, viewer=Viewer(world.ann, Role.SELLER))
    assert (anns.received, anns.sent, anns.waiting, anns.responses.median) == (3, 1, 1, 3600)
    everybody = counted(world)
    assert (everybody.received, everybody.sent, len(everybody.people)) == (3, 2, 2)


def test_ten_years_of_conversations_are_asked_for_at_once(world: World) -> None:
    they_write(world, "carla", NOW, "c1")
    with world.store.database.reading() as session:
        many = range(1, 70_000)
        assert repository.begun_before(session, SYSTEM, many, NOW + HOUR) == {1}
        assert len(repository.later_mails(session, SYSTEM, many, NOW, mailbox_ids=None)) == 1


def test_times_in_classes() -> None:
    assert times([]).median is None
    assert times([60, 3600, 3601, 4 * 3600, 86_400, 86_401, 10**7]).classes == (2, 2, 1, 1, 1)
    assert times([1, 2, 9]).median == 2
    assert times([1, 2, 9]).mean == 4
