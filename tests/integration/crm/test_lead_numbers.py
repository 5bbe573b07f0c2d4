"""Conversions counted on both databases: by month, source and person, and the mean time that they took."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from crm.access.viewer import Viewer
from crm.records.conversions import convert_lead
from crm.records.leads import create_lead, put_aside
from crm.records.repository import lead_numbers
from crm.records.repository.lead_numbers import Conversions, Month, months_between
from crm_world import World
from storage.models import Lead
from storage.store import Store

SYSTEM = Viewer.system()
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
FEBRUARY_ENDS = datetime(2026, 2, 28, 22, 59, tzinfo=UTC)
ALL = datetime(2000, 1, 1, tzinfo=UTC)
WARSAW = months_between(JANUARY, FEBRUARY_ENDS, ZoneInfo("Europe/Warsaw"))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def lead(world: World, came: datetime, took: timedelta | None, source: str, responsible: int | None) -> int:
    with world.store.database.unit_of_work() as session:
        lead_id = create_lead(session, "Lead", name="P", source=source, responsible_id=responsible)
        if took is not None:
            convert_lead(session, lead_id)
        session.flush()
        converted = None if took is None else came + took
        session.execute(update(Lead).where(Lead.id == lead_id).values(created_at=came, converted_at=converted))
        return lead_id


def test_conversions_are_counted_where_they_belong(world: World) -> None:
    lead(world, JANUARY + timedelta(days=30, hours=23), timedelta(hours=2), "email", world.ann)
    lead(world, JANUARY + timedelta(days=3), timedelta(days=3), "fair", world.ann)
    lead(world, JANUARY + timedelta(days=33), timedelta(days=1), "email", world.bob)
    lead(world, JANUARY + timedelta(days=33), None, "email", None)
    lead(world, JANUARY - timedelta(days=1), timedelta(days=3), "email", None)
    junk = lead(world, JANUARY + timedelta(days=34), None, "", None)
    gone = lead(world, JANUARY + timedelta(days=34), timedelta(days=9), "email", world.ann)
    with world.store.database.unit_of_work() as session:
        put_aside(session, junk)
        session.execute(update(Lead).where(Lead.id == gone).values(deleted_at=JANUARY))

    with world.store.database.reading() as session:
        total = lead_numbers.in_total(session, SYSTEM, JANUARY)
        months = lead_numbers.by_month(
            session, SYSTEM, JANUARY, months_between(JANUARY, FEBRUARY_ENDS, ZoneInfo("UTC"))
        )
        sources = lead_numbers.by_source(session, SYSTEM, JANUARY)
        people = lead_numbers.by_person(session, SYSTEM, JANUARY)
        earlier = lead_numbers.in_total(session, SYSTEM, ALL)

    hours, days = timedelta(hours=2), timedelta(days=1)
    assert total == Conversions("", 5, 4, (hours + 7 * days) / 4)
    assert months == {
        "2026-01": Conversions("2026-01", 2, 2, 3 * days),
        "2026-02": Conversions("2026-02", 3, 2, (hours + days) / 2),
    }
    assert sources == {
        "": Conversions("", 1, 0, None),
        "email": Conversions("email", 3, 3, timedelta(seconds=round((hours + 4 * days).total_seconds() / 3))),
        "fair": Conversions("fair", 1, 1, 3 * days),
    }
    assert {one.name: one for one in people.values()} == {
        "": Conversions("", 2, 1, 3 * days),
        "Ann": Conversions("Ann", 2, 2, (hours + 3 * days) / 2),
        "Bob": Conversions("Bob", 1, 1, days),
    }
    assert (earlier.came, earlier.converted) == (6, 4)


def test_without_leads_there_are_no_numbers(world: World) -> None:
    with world.store.database.reading() as session:
        assert lead_numbers.in_total(session, SYSTEM, ALL) == Conversions("", 0, 0, None)
        assert lead_numbers.by_month(session, SYSTEM, ALL, WARSAW) == lead_numbers.by_person(session, SYSTEM, ALL) == {}


def test_a_month_begins_where_the_company_is(world: World) -> None:
    lead(world, datetime(2026, 1, 31, 22, 59, tzinfo=UTC), timedelta(minutes=2), "email", None)
    lead(world, datetime(2026, 1, 31, 23, 0, tzinfo=UTC), None, "email", None)

    with world.store.database.reading() as session:
        months = lead_numbers.by_month(session, SYSTEM, ALL, WARSAW)

    assert months == {
        "2026-01": Conversions("2026-01", 1, 0, None),
        "2026-02": Conversions("2026-02", 1, 1, timedelta(minutes=2)),
    }


def test_months_follow_the_clocks_of_a_zone() -> None:
    summer = months_between(FEBRUARY_ENDS, datetime(2026, 4, 5, tzinfo=UTC), ZoneInfo("Europe/Warsaw"))

    assert summer == [
        Month("2026-02", datetime(2026, 1, 31, 23, tzinfo=UTC)),
        Month("2026-03", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        Month("2026-04", datetime(2026, 3, 31, 22, tzinfo=UTC)),
    ]
