"""Lists sorted by their columns, up and down, page by page: the same on both databases, and by an index."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from crm.access.rights import FieldAccess
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.editing import edit_record
from crm.records.leads import create_lead, put_aside
from crm.records.pipelines import create_pipeline
from crm.records.repository import narrowing, reading
from crm.records.repository.sorting import ORDERS
from crm.records.views import DealView, Order, RecordFilter, StandardCondition
from crm_world import NOW, World
from integration.crm.rights.house import WORKS
from plans import plans_of, scans_of
from storage.bulk import insert_rows
from storage.models import Deal, LeadState, RecordType, Role, Stage
from storage.store import Store

SYSTEM = Viewer.system()
DEALS = 60
LATEST = date(2999, 1, 1)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def add_deals(world: World, number: int) -> RecordFilter:
    """So many deals over all stages, some without responsible person and day; what shows them."""
    with world.store.database.unit_of_work() as session:
        row = session.get_one(Deal, create_deal(session, "Last", amount=3))
        create_deal(session, "Elsewhere", stage_id=_first_stage(session, create_pipeline(session, SYSTEM, "Other")))
        stages = session.execute(select(Stage).where(Stage.pipeline_id == row.pipeline_id)).scalars().all()
        people = (world.ann, world.bob, None)
        rows = [
            {
                "title": f"Deal {n * 7 % number:05}",
                "pipeline_id": row.pipeline_id,
                "stage_id": (stage := stages[n * 5 % len(stages)]).id,
                "stage_kind": stage.kind,
                "amount": n * 37 % 11 * 100,
                "closes_on": date(2026, 1, 1) + timedelta(days=n * 13 % 17) if n % 3 else None,
                "responsible_id": people[n * 11 % 3],
                "created_at": NOW,
                "updated_at": NOW + timedelta(seconds=n * 19 % 23, microseconds=n % 2 * 500),
                "currency": "EUR",
                "repeat": False,
                "tags": [],
                "source": "",
            }
            for n in range(number - 1)
        ]
        insert_rows(session, Deal, rows)
        return RecordFilter(pipeline_id=row.pipeline_id)


def _first_stage(session: Any, pipeline_id: int) -> int:
    return session.execute(select(Stage.id).where(Stage.pipeline_id == pipeline_id)).scalars().first()


def walked(world: World, wanted: RecordFilter, viewer: Viewer = SYSTEM, read: Any = reading.deals) -> list[Any]:
    """All pages, one behind the other."""
    found: list[Any] = []
    with world.store.database.reading() as session:
        while page := read(session, viewer, wanted):
            assert len(page) <= wanted.limit
            found += page
            wanted = wanted.behind(page[-1])
    return found


def test_deals_are_sorted_by_each_column_page_by_page(world: World) -> None:
    assert walked(world, RecordFilter(order=Order.AMOUNT)) == [], "where there is no pipeline yet"
    everything = replace(add_deals(world, DEALS), limit=13)
    places = {world.ann: 0, world.bob: 1, None: 2}

    def person(deal: DealView) -> int:
        return places[deal.responsible.id if deal.responsible else None]

    up: dict[Order, Callable[[DealView], Any]] = {
        Order.NAME: lambda deal: deal.title,
        Order.AMOUNT: lambda deal: deal.amount,
        Order.UPDATED_AT: lambda deal: deal.updated_at,
        Order.STAGE: lambda deal: deal.stage.position,
        Order.RESPONSIBLE: person,
        Order.CLOSES_ON: lambda deal: deal.closes_on or LATEST,
    }
    for order, key in up.items():
        for way in (order, Order(f"{order.value}_down")):
            found = walked(world, replace(everything, order=way))
            assert len({deal.id for deal in found}) == len(found) == DEALS, way
            assert "Elsewhere" not in {deal.title for deal in found}
            if order is Order.CLOSES_ON:
                dated = [deal for deal in found if deal.closes_on]
                assert all(deal.closes_on is None for deal in found[len(dated) :]), "what has no day stands last"
                found = dated
            keys = [key(deal) for deal in found]
            assert keys == sorted(keys, reverse=way.down), way
            if not order.of_groups:
                whole = walked(world, replace(everything, pipeline_id=None, order=way))
                assert len({deal.id for deal in whole}) == len(whole) == DEALS + 1, way
                assert [deal for deal in whole if deal.closes_on or order is not Order.CLOSES_ON] == sorted(
                    (deal for deal in whole if deal.closes_on or order is not Order.CLOSES_ON),
                    key=lambda deal, key=key: (key(deal), deal.id),
                    reverse=way.down,
                ), way

    # Where a filter leaves few, or looks at the same column, it is the same order.
    few = replace(everything, responsible_id=world.bob, order=Order.AMOUNT_DOWN)
    amounts = [deal.amount for deal in walked(world, few)]
    assert amounts == sorted(amounts, reverse=True)
    assert len(amounts) > few.limit, "more than a page"
    within = replace(everything, order=Order.CLOSES_ON, standard=(_amounts(3, 5),))
    found = walked(world, within)
    assert {deal.amount for deal in found} <= set(range(300, 501))
    assert len(found) > within.limit, "more than a page"
    stage = replace(everything, stage_id=found[0].stage.id, order=Order.STAGE_DOWN)
    assert {deal.stage.id for deal in walked(world, stage)} == {found[0].stage.id}

    of_stage = replace(stage, pipeline_id=None, order=Order.AMOUNT)
    assert {deal.stage.id for deal in walked(world, of_stage)} == {found[0].stage.id}
    assert walked(world, replace(of_stage, stage_id=404_404)) == []

    # What a page begins behind may be anything.
    with world.store.database.reading() as session:
        for order in Order:
            for odd in ("x", "99999999999999999999", "0001-01-01", "9999-12-31T23:59:59", "", "-5", "٣"):
                reading.deals(session, SYSTEM, replace(everything, order=order, before=3, before_key=odd))
        for listed in (reading.contacts, reading.companies, reading.leads):
            for order in Order:
                listed(session, SYSTEM, RecordFilter(order=order))


def test_a_column_that_somebody_may_not_see_sorts_nothing_for_them(world: World) -> None:
    """Who stands first would tell what it says."""
    everything = add_deals(world, 20)
    blind = Viewer(world.ann, Role.SELLER, replace(WORKS, fields={RecordType.DEAL: {"amount": FieldAccess.HIDDEN}}))
    with world.store.database.reading() as session:
        newest, cheapest, dearest = (
            [deal.id for deal in reading.deals(session, blind, replace(everything, order=order))]
            for order in (Order.NEWEST, Order.AMOUNT, Order.AMOUNT_DOWN)
        )
    assert len(newest) == 20
    assert newest == sorted(newest, reverse=True)
    assert (cheapest, dearest) == (newest, newest)


def test_contacts_companies_and_leads_are_sorted_page_by_page(world: World) -> None:
    """By each order that they have: people by name, then nobody, and whatever stands equal newest first."""
    people = (world.bob, None, world.ann, None, world.bob, world.ann, world.bob)
    for kind, read, create in (
        (RecordType.CONTACT, reading.contacts, create_contact),
        (RecordType.COMPANY, reading.companies, create_company),
        (RecordType.LEAD, reading.leads, create_lead),
    ):
        with world.store.database.unit_of_work() as session:
            ids = [create(session, f"N{n * 3 % 7}", responsible_id=who) for n, who in enumerate(people)]
        newest, by_person = ids[::-1], [ids[n] for n in (5, 2, 6, 4, 0, 3, 1)]
        by_name = sorted(ids, key=lambda one: ids.index(one) * 3 % 7)
        expected = {
            Order.NEWEST: newest,
            Order.OLDEST: ids,
            Order.NAME: by_name,
            Order.NAME_DOWN: by_name[::-1],
            Order.RESPONSIBLE: by_person,
            Order.RESPONSIBLE_DOWN: [ids[n] for n in (3, 1, 6, 4, 0, 5, 2)],
        }
        for order in ORDERS[kind]:
            for limit in (1, 2, 3):
                found = walked(world, RecordFilter(order=order, limit=limit), read=read)
                assert [one.id for one in found] == expected.get(order, newest), (kind, order, limit)


def test_leads_go_by_their_stages_and_by_people(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        ids = [create_lead(session, f"Lead {n}", responsible_id=world.bob if n % 2 else None) for n in range(6)]
        put_aside(session, ids[2])
    with world.store.database.reading() as session:

        def listed(order: Order, **more: Any) -> list[int]:
            return [lead.id - ids[0] for lead in reading.leads(session, SYSTEM, RecordFilter(order=order, **more))]

        assert listed(Order.STAGE) == [5, 4, 3, 1, 0, 2]
        assert listed(Order.STAGE_DOWN) == [2, 5, 4, 3, 1, 0]
        assert listed(Order.STAGE, lead_state=LeadState.ACTIVE) == [5, 4, 3, 1, 0]
        assert listed(Order.RESPONSIBLE) == [5, 3, 1, 4, 2, 0]
        assert listed(Order.RESPONSIBLE_DOWN, limit=4) == [4, 2, 0, 5]
        assert listed(Order.AMOUNT) == [5, 4, 3, 2, 1, 0], "leads have none: newest first"


def test_each_order_and_span_goes_by_an_index(world: World) -> None:
    # PostgreSQL weighs what a table holds; SQLite, never asked to count, goes by the indexes alone.
    embedded = world.store.database.embedded
    everything = replace(add_deals(world, DEALS if embedded else 4000), limit=20)
    if not embedded:
        with world.store.database.unit_of_work() as session:
            session.execute(text("ANALYZE"))
    by = {
        Order.AMOUNT: "ix_deal_pipeline_id_amount_id",
        Order.CLOSES_ON: "ix_deal_pipeline_id_closes_on_id",
        Order.UPDATED_AT: "ix_deal_pipeline_id_updated_at_id",
        Order.STAGE: "ix_deal_stage_id_id",
        Order.RESPONSIBLE: "ix_deal_responsible_id_id",
    }
    keys = {Order.AMOUNT: "500", Order.CLOSES_ON: "2026-01-07", Order.UPDATED_AT: NOW.isoformat()}
    for order, index in by.items():
        for way in (order, Order(f"{order.value}_down")):
            for behind in ({}, {"before": 900, "before_key": keys.get(order, str(world.bob))}):
                wanted = replace(everything, order=way, **behind)
                plan = plans_of(world.store, lambda session, wanted=wanted: reading.deals(session, SYSTEM, wanted))
                # PostgreSQL knows how many a person has, and goes along the ids where these are many.
                assert index in plan or (order.of_groups and not embedded), (way, plan)
                assert scans_of(plan, "deal") == [], (way, plan)
                if not order.of_groups:
                    wanted = replace(wanted, pipeline_id=None)
                    plan = plans_of(world.store, lambda session, wanted=wanted: reading.deals(session, SYSTEM, wanted))
                    assert plan.count(index) >= 2, "each pipeline by it"
                    assert scans_of(plan, "deal", along_an_index=True) == [], (way, plan)
    spans = (
        (_amounts(10, 10), "ix_deal_pipeline_id_amount_id"),
        (StandardCondition("closes_on", most=date(2026, 1, 1)), "ix_deal_pipeline_id_closes_on_id"),
    )
    for span, index in spans:
        wanted = replace(everything, standard=(span,))
        plan = plans_of(world.store, lambda session, wanted=wanted: reading.deals(session, SYSTEM, wanted))
        assert index in plan, plan
        # A small part of all is found by it, and not by looking at all: yen and dinars stand elsewhere.
        assert scans_of(plan, "deal") == [], plan


def test_an_amount_is_the_same_number_in_each_currency(world: World) -> None:
    # given 1,200 of each, and a bit more; and a lead of nothing, in no currency
    stored = {"EUR": 120_000, "JPY": 1_200, "KWD": 1_200_000, "CLF": 12_000_000, "PLN": 120_050}
    with world.store.database.unit_of_work() as session:
        for currency, amount in stored.items():
            create_deal(session, currency, amount=amount, currency=currency)
            lead = create_lead(session, currency)
            edit_record(session, SYSTEM, (RecordType.LEAD, lead), {"amount": amount, "currency": currency})
        create_lead(session, "None")
        large = create_deal(session, "Large", amount=10**12, currency="JPY")
        pipeline_id = session.get_one(Deal, large).pipeline_id

    same = {"EUR", "JPY", "KWD", "CLF"}
    for least, most, found in (
        (1200, 1200, same),
        (1200, None, {*same, "PLN", "Large"}),
        ("1200.001", None, {"PLN", "Large"}),
        ("1200.50", "1200.50", {"PLN"}),
        (None, "1199.999", {"None"}),
        (-5, 1200, {*same, "None"}),
        (10**12, 2**53, {"Large"}),
        (-(2**53), None, {*same, "PLN", "Large", "None"}),
    ):
        for wanted in (RecordFilter(), RecordFilter(pipeline_id=pipeline_id), RecordFilter(order=Order.AMOUNT)):
            asked = replace(wanted, standard=(_amounts(least, most),))
            with world.store.database.reading() as session:
                deals = {deal.title for deal in reading.deals(session, SYSTEM, asked)}
                among = narrowing.few_among(session, Deal, asked, ())
                narrowed = set(session.execute(select(Deal.title).where(Deal.id.in_(among.ids))).scalars())
                leads = {lead.title for lead in reading.leads(session, SYSTEM, asked)}
            assert (deals, leads) == (found - {"None"}, found - {"Large"}), (least, most, wanted)
            assert deals <= narrowed, "of few, those that are meant"
            assert "Large" in deals or "Large" not in narrowed, "each currency by itself"


def _amounts(least: int | str | None, most: int | str | None) -> StandardCondition:
    ends = (None if end is None else Decimal(end) for end in (least, most))
    return StandardCondition("amount", "", "", *ends)
