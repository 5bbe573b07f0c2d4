"""Counts tell nothing of hidden records, and what is not theirs to change is not changed by a way around."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from core.errors import Forbidden, NotFound
from crm.access.rights import Act, FieldAccess, Rights, Scope
from crm.access.rights.built_in import reach
from crm.records import pipelines, stage_lists
from crm.records.contacts import create_company
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.merging import merge, undo_merge
from crm.records.products.catalogue import NewProduct, add_product, retire_product
from crm.records.products.lines import NewLine, put_lines
from crm.records.recycling import delete_record
from crm.records.repository import fields, products, reading
from crm.records.repository.recycling import hanging
from crm.records.views import RecordFilter
from integration.crm.rights.house import SYSTEM, WORKS, House, records
from storage.models import Contact, Deal, FieldKind, Product, RecordType, StageKind

OWN = records(reach(Scope.OWN, Scope.OWN))


def test_what_is_hidden_is_not_counted(house: House) -> None:
    company = house.do(create_company, "Client Ltd", responsible_id=house.ann)
    for table in (Contact, Deal):
        house.do(lambda session, table=table: session.execute(update(table).values(company_id=company)))
    custom = house.do(create_field, SYSTEM, NewField(RecordType.CONTACT, "Passport", FieldKind.TEXT))
    for number in house.contacts.values():
        house.do(edit_record, SYSTEM, (RecordType.CONTACT, number), {f"field_{custom}": "zq"})
    ann, all_of_it = house.give(house.ann, OWN), house.give(house.cat, WORKS)

    for viewer, number in ((ann, 1), (all_of_it, 2), (SYSTEM, 2)):
        hangs = house.ask(hanging, viewer, (RecordType.COMPANY, company))
        assert (hangs.people, hangs.deals) == (number, number)
        assert house.ask(fields.count_values, viewer, [custom]) == {custom: number}
    blind = house.give(house.dan, replace(WORKS, fields={RecordType.CONTACT: {f"field_{custom}": FieldAccess.HIDDEN}}))
    assert house.ask(fields.count_values, blind, [custom]) == {}


def test_products_are_counted_for_who_sees_all_deals_and_no_further_than_anybody_reads(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    beans, tea = (house.do(add_product, SYSTEM, NewProduct(name, 100)) for name in ("Beans", "Tea"))
    for number in (*house.deals.values(), house.do(create_deal, "Third", stage_id=house.home.id)):
        house.do(put_lines, SYSTEM, number, [NewLine(product_id=beans), NewLine(product_id=beans)])
    house.do(delete_record, SYSTEM, (RecordType.DEAL, house.deals["bob"]))

    assert house.ask(products.on_deals, SYSTEM, [beans, tea]) == {beans: 2, tea: 0}
    assert house.ask(products.on_deals, house.give(house.ann, OWN), [beans, tea]) == {}
    monkeypatch.setattr(products, "MOST_COUNTED", 1)
    assert house.ask(products.on_deals, SYSTEM, [beans, tea]) == {beans: 1, tea: 0}


def test_a_merge_is_taken_back_by_who_could_have_made_it(house: House) -> None:
    one, other = house.contacts["ann"], house.contacts["bob"]
    done = house.do(merge, SYSTEM, (RecordType.CONTACT, one), [other], {})
    kept = {Act.SEE: Scope.ALL, Act.EDIT: Scope.ALL}
    hides = replace(WORKS, fields={RecordType.CONTACT: {"notes": FieldAccess.HIDDEN}})
    for rights, words in ((records(reach(Scope.ALL, Scope.ALL), contact=kept), "delete"), (hides, "every field")):
        with pytest.raises(Forbidden, match=words):
            house.do(undo_merge, house.give(house.cat, rights), done)
    with pytest.raises(NotFound):
        house.do(undo_merge, house.give(house.cat, OWN), done)
    assert len(house.ask(reading.contacts, SYSTEM)) == 1
    house.do(undo_merge, house.give(house.cat, WORKS), done)
    assert len(house.ask(reading.contacts, SYSTEM)) == 2


def test_nothing_is_changed_without_works_whatever_else_is_given(house: House) -> None:
    sees = dict.fromkeys(RecordType, reach(Scope.ALL, Scope.ALL))
    ann = house.give(house.ann, Rights(sees, settings=True, oversees=True))
    stage = house.home.id
    acts: list[tuple[Any, ...]] = [
        (pipelines.create_pipeline, "Mine"),
        (stage_lists.add_stage, house.home.pipeline_id, "Mine", StageKind.OPEN),
        (create_field, NewField(RecordType.CONTACT, "Mine", FieldKind.TEXT)),
        (add_product, NewProduct("Mine", 100)),
        (retire_product, 1),
    ]
    for act, *given in acts:
        with pytest.raises(Forbidden):
            house.do(act, ann, *given)
    assert (house.all(Product), len(house.ask(reading.pipelines, SYSTEM)), stage) == ([], 2, house.home.id)
    working = house.give(house.ann, Rights({}, works=True, settings=True, oversees=True))
    for act, *given in acts[:-1]:
        house.do(act, working, *given)
    assert house.ask(reading.deals, working, RecordFilter()) == []
