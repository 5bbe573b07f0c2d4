"""Amounts of records in different currencies, each with its own decimals: written for many at once, and what they were."""

from typing import Any

import pytest

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.office.formats import USUAL
from crm.office.settings import change_formats
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.deals import create_deal
from crm.records.fields.editing import edit_record
from crm.records.fields.history import history_of
from crm.records.leads import create_lead
from crm_world import World
from storage.models import BulkEdit, Deal, Lead, RecordType
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_an_amount_is_so_many_of_each_record_s_own_currency(world: World) -> None:
    # given deals in three currencies, and leads of which one has none yet, in a company in yen
    with world.store.database.unit_of_work() as session:
        change_formats(session, SYSTEM, USUAL, "JPY")
        deals = [create_deal(session, currency, currency=currency) for currency in ("EUR", "JPY", "KWD")]
        leads = [create_lead(session, currency) for currency in ("None", "EUR", "KWD")]
        for lead in leads[1:]:
            currency = session.get_one(Lead, lead).title
            edit_record(session, SYSTEM, (RecordType.LEAD, lead), {"amount": 5000, "currency": currency})

    def changed(kind: RecordType, ids: list[int], **wanted: Any) -> list[tuple[int, str]]:
        with world.store.database.unit_of_work() as session:
            edit = ask_for_edit(session, SYSTEM, kind, ids, wanted)
        edit_all(world.store, edit)
        table = Deal if kind is RecordType.DEAL else Lead
        with world.store.database.reading() as session:
            return [(row.amount, row.currency) for row in (session.get_one(table, one) for one in ids)]

    # when one amount is written for all, then each has as much, with what is below its smallest unit rounded
    each = [(120_050, "EUR"), (1201, "JPY"), (1_200_500, "KWD")]
    assert changed(RecordType.DEAL, deals, amount="1200.50") == each
    assert changed(RecordType.LEAD, leads, amount="1200.5") == [each[1], each[0], each[2]]
    # with a currency beside it, in that; and a program's whole number is of the smallest unit, as everywhere
    assert changed(RecordType.DEAL, deals, amount="1.1254", currency="kwd") == [(1125, "KWD")] * 3
    assert changed(RecordType.LEAD, leads, amount="7", currency="") == [(7, "JPY")] * 3
    assert changed(RecordType.DEAL, deals, amount=99) == [(99, "KWD")] * 3
    # what is too large for one is told of that one, and what is no amount is refused at once
    assert changed(RecordType.DEAL, deals[:1], currency="JPY") == [(0, "JPY")]
    assert changed(RecordType.DEAL, deals, amount=str(2**52)) == [(2**52, "JPY"), *[(99, "KWD")] * 2]
    row = world.all(BulkEdit)[-1]
    assert (row.changed, [one["why"] for one in row.refused]) == (
        1,
        ["Amount takes a number that is not so large."] * 2,
    )
    for wrong in ("much", "1,200", "1e99"):
        with world.store.database.unit_of_work() as session, pytest.raises(UsageError, match="Amount"):
            ask_for_edit(session, SYSTEM, RecordType.DEAL, deals, {"amount": wrong})


def test_the_history_tells_each_amount_in_the_currency_of_its_time(world: World) -> None:
    # given a deal and a lead that were in euros, in yen, and are in dinars
    edits = [
        {"amount": 120_050, "currency": "EUR"},
        {"amount": 200_000, "notes": "more"},
        {"currency": "JPY"},
        {"amount": 1201},
        {"notes": "less"},
        {"amount": 5000, "currency": "KWD"},
        {"amount": 6000, "currency": "USD"},
        {"currency": "EUR"},
    ]
    with world.store.database.unit_of_work() as session:
        records = [
            (RecordType.DEAL, create_deal(session, "Press", amount=120_049, currency="PLN")),
            (RecordType.LEAD, create_lead(session, "Press")),
        ]
        for record in records:
            for wanted in edits:
                edit_record(session, SYSTEM, record, wanted)

    told = [
        (6000, "USD", 5000, "KWD"),
        (5000, "KWD", 1201, "JPY"),
        (1201, "JPY", 2000, "JPY"),
        (2000, "JPY", 200_000, "EUR"),
        (200_000, "EUR", 120_050, "EUR"),
    ]
    first = {RecordType.DEAL: (120_050, "EUR", 120_049, "PLN"), RecordType.LEAD: (120_050, "EUR", 0, "")}
    for record in records:
        # when it is read at once, or page by page
        for limit in (50, 1, 2, 3):
            with world.store.database.reading() as session:
                found = history_of(session, SYSTEM, record, limit=limit)
                while page := history_of(session, SYSTEM, record, before=found[-1].id, limit=limit):
                    found += page
            assert len(found) == len(edits)
            amounts = [one for edit in found for one in edit.changes if one.field.key == "amount"]
            # then each is so many of what it was then
            said = [(one.after, one.after_currency, one.before, one.before_currency) for one in amounts]
            assert said == [*told, first[record[0]]], (record, limit)
            assert not any(one.after_currency for edit in found for one in edit.changes if one.field.key != "amount")
