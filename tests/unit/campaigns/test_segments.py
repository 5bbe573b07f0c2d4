"""Rules of a segment: what they select, and what is said about those that mean nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from campaigns import commands
from campaigns.segments import Comparison, Group, Op, read_rules
from core.clock import utcnow
from core.config import load_settings
from core.errors import Conflict, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.pipelines import ensure_defaults
from crm.records.repository import reading
from migrated import open_copy
from storage.models import Contact, StageKind
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Ana of Acme with an open deal and a won one, Ben without anything, Old Cleo of 400 days ago."""
    opened = open_copy(load_settings(data_dir=tmp_path))
    with opened.database.unit_of_work() as session:
        acme = create_company(session, "Acme Ltd")
        ana = create_contact(
            session, "Ana Pires", emails=["Ana@Acme.example"], company_id=acme, position="Buyer", tags=["News", "vip"]
        )
        create_contact(session, "Ben 100%", emails=[])
        cleo = create_contact(session, "Cleo", emails=["cleo@free.example"], tags=["news"])
        session.execute(update(Contact).where(Contact.id == cleo).values(created_at=utcnow() - timedelta(days=400)))
        ensure_defaults(session)
        stages = {stage.kind: stage.id for stage in reading.pipelines(session, SYSTEM)[0].stages}
        create_deal(session, "Tables", stage_id=stages[StageKind.OPEN], contact_id=ana)
        create_deal(session, "Chairs", stage_id=stages[StageKind.WON], contact_id=ana)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ({"all": []}, ["Ana", "Ben", "Cleo"]),
        ({"any": []}, []),
        ({"field": "tag", "op": "is", "value": "NEWS"}, ["Ana", "Cleo"]),
        ({"field": "tag", "op": "has", "value": "vip"}, ["Ana"]),
        ({"field": "tag", "op": "is_not", "value": "vip"}, ["Ben", "Cleo"]),
        ({"field": "tags", "op": "empty"}, ["Ben"]),
        ({"field": "name", "op": "contains", "value": "0%"}, ["Ben"]),
        ({"field": "name", "op": "contains", "value": "%"}, ["Ben"]),
        ({"field": "name", "op": "starts_with", "value": "ana"}, ["Ana"]),
        ({"field": "email", "op": "ends_with", "value": "@acme.example"}, ["Ana"]),
        ({"field": "email", "op": "is", "value": "ANA@acme.example"}, ["Ana"]),
        ({"field": "email", "op": "empty"}, ["Ben"]),
        ({"field": "email", "op": "is_not", "value": "ana@acme.example"}, ["Ben", "Cleo"]),
        ({"field": "company", "op": "is", "value": "acme ltd"}, ["Ana"]),
        ({"field": "company", "op": "empty"}, ["Ben", "Cleo"]),
        ({"field": "position", "op": "not_empty"}, ["Ana"]),
        ({"field": "created", "op": "within_days", "value": 30}, ["Ana", "Ben"]),
        ({"field": "created", "op": "older_than_days", "value": 30}, ["Cleo"]),
        ({"field": "created", "op": "after", "value": "2020-01-01"}, ["Ana", "Ben", "Cleo"]),
        ({"field": "has open deal", "op": "is", "value": True}, ["Ana"]),
        ({"field": "won_deal", "op": "is", "value": False}, ["Ben", "Cleo"]),
        ({"not": [{"field": "tag", "op": "is", "value": "vip"}, {"field": "email", "op": "empty"}]}, ["Cleo"]),
        ({"all": [{"field": "tag", "op": "=", "value": "news"}, {"not": {"field": "won_deal"}}]}, ["Cleo"]),
        ({"any": [{"field": "name", "op": "is", "value": "cleo"}, {"field": "won_deal"}]}, ["Ana", "Cleo"]),
    ],
)
def test_a_rule_selects(store: Store, rule: dict[str, object], names: list[str]) -> None:
    found = commands.count_rules(store, SYSTEM, rule)
    assert [member.name.split()[0] for member in found.sample] == names
    assert found.contacts == len(names)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ([], "must be an object"),
        ({"field": "shoe", "op": "is", "value": "41"}, "no field “shoe”"),
        ({"field": "name", "op": "before", "value": "x"}, "can not be compared by “before”"),
        ({"field": "name", "op": "is", "value": 7}, "needs a text"),
        ({"field": "created", "op": "after", "value": "soon"}, "is a date here"),
        ({"field": "created", "op": "within_days", "value": "3"}, "number of days"),
        ({"field": "open_deal", "op": "is", "value": "yes"}, "true or false"),
        ({"all": [{"any": [{"field": "name", "op": "is", "value": ""}]}]}, "Rule 1 in “any” (Rule 1 in “all”)"),
        ({"all": [], "any": []}, "nothing else in it"),
        ({"all": "x"}, "needs a list"),
        ({"op": "is"}, "names no field"),
        ({"field": "name", "value": "x", "case": True}, "does not know “case”"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(rule: object, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read_rules(rule)
    assert words in str(error.value)


def test_rules_are_nested_only_so_deep() -> None:
    rule: object = {"field": "name", "op": "is", "value": "x"}
    assert read_rules({"all": [rule]}) == Group("all", (Comparison("name", Op.IS, "x"),))
    for _ in range(40):
        rule = {"not": [rule]}
    with pytest.raises(UsageError):
        read_rules(rule)


def test_a_segment_is_saved_once_and_counted_live(store: Store) -> None:
    rules = {"field": "tag", "op": "is", "value": "news"}
    commands.create_segment(store, SYSTEM, "readers", rules)
    with pytest.raises(Conflict):
        commands.create_segment(store, SYSTEM, " readers ", rules)
    with pytest.raises(NotFound):
        commands.count_segment(store, SYSTEM, "nobody")
    assert commands.count_segment(store, SYSTEM, "readers").contacts == 2
    with store.database.unit_of_work() as session:
        create_contact(session, "Dora", emails=[], tags=["news"])
    assert commands.count_segment(store, SYSTEM, "readers").contacts == 3
