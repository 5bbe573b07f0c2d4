"""Duplicates proposed, on both databases: who is found, who is not, and what a person decided stays decided."""

import pytest

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records import duplicates
from crm.records.already_known import AlreadyKnown, require_unknown
from crm.records.duplicates import dismiss, find_duplicates, groups
from crm.records.gone import Record
from crm.records.leads import create_lead, put_aside
from crm.records.on_behalf import name_client
from crm.records.repository import duplicates as duplicate_rows
from crm.records.repository import reading
from crm.records.repository.leads_of_clients import leads_of_clients
from crm_world import World
from integration.crm.merging.same_people import SYSTEM, company, contact, merged
from recycling_world import delete, restore
from storage.models import DuplicatePair, RecordType, Role


def found(world: World, kind: RecordType = RecordType.CONTACT) -> dict[tuple[int, ...], tuple[str, ...]]:
    """Reasons by the ids of each group."""
    find_duplicates(world.store)
    with world.store.database.reading() as session:
        return {group.ids: group.reasons for group in groups(session, SYSTEM, kind)}


def ids(*records: Record) -> tuple[int, ...]:
    return tuple(sorted(record[1] for record in records))


def not_same(world: World, *records: Record, viewer: Viewer = SYSTEM) -> None:
    with world.store.database.unit_of_work() as session:
        dismiss(session, viewer, records[0][0], [record[1] for record in records])


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"emails": ["a@x.example", "anna@home.example"]}, {"emails": ["ANNA@home.example"]}, "email"),
        ({"phones": ["+48 601 234 567"]}, {"phones": ["601-234-567"]}, "phone"),
        ({"phones": ["0601 234 567"]}, {"phones": ["+48601234567"]}, "phone"),
        ({"phones": ["123 45 67"]}, {"phones": ["1234567"]}, "phone"),
        ({"phones": ["112"]}, {"phones": ["112"]}, None),
        ({"phones": ["+48 601 234 567"]}, {"phones": ["+48 601 234 568"]}, None),
    ],
)
def test_an_address_or_a_phone_however_it_is_written(world: World, one: dict, other: dict, reason: str | None) -> None:
    anna, twin = contact(world, "Anna", **one), contact(world, "Somebody", **other)
    assert found(world) == ({ids(anna, twin): (reason,)} if reason else {})


def test_a_number_that_many_share_is_a_switchboard(world: World) -> None:
    for number in range(9):
        contact(world, f"{'abcdefghi'[number] * 4}", phones=["+48 22 100 20 30"], emails=["office@big.example"])
    assert found(world) == {}


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Kowalska, Anna", True),
        ("Dr. Anna KOWALSKA", True),
        ("A. Kowalska", True),
        ("Jan Kowalski", False),
        ("Anna", False),
    ],
)
@pytest.mark.parametrize("where", ["company", "domain", "free mail", "nowhere"])
def test_a_similar_name_counts_at_the_same_company_or_domain(world: World, name: str, same: bool, where: str) -> None:
    firm = company(world)[1] if where == "company" else None
    domain = {"domain": "client.example", "free mail": "gmail.com"}.get(where)
    records = [
        contact(world, called, company_id=firm, emails=[f"{n}@{domain}"] if domain else [])
        for n, called in enumerate(("Anna Kowalska", name))
    ]
    assert found(world) == ({ids(*records): ("name",)} if same and where in ("company", "domain") else {})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ziarno Sp. z o.o.", "ZIARNO spółka z o.o.", True),
        ("Müller GmbH & Co. KG", "Mueller", True),
        ("ТОВ Ромашка", "Ромашка", True),
        ("Acme Corporation", "Acme, Inc.", True),
        ("Alfa S.A.", "Alfa s.r.o.", True),
        ("Brightwater Coffee Ltd", "Brightwater Cofee", True),
        ("Area 51", "Area 52", False),
        ("Hotel Europa", "Hotel Roma", False),
        ("S.A.", "Ltd", False),
        ("!!!", "???", False),
    ],
)
def test_companies_of_nearly_one_name(world: World, one: str, other: str, same: bool) -> None:
    firms = company(world, one), company(world, other)
    assert found(world, RecordType.COMPANY) == ({ids(*firms): ("name",)} if same else {})


def test_companies_of_one_domain(world: World) -> None:
    firms = company(world, "Ziarno", domain="ziarno.example"), company(world, "Roastery", domain="www.ziarno.example")
    assert found(world, RecordType.COMPANY) == {ids(*firms): ("domain",)}


def test_pairs_that_hang_together_are_one_group(world: World) -> None:
    a = contact(world, "Anna", emails=["a@x.example"])
    b = contact(world, "Beata", emails=["a@x.example"], phones=["601 234 567"])
    c = contact(world, "Celina", phones=["+48 601 234 567"])
    with world.store.database.reading() as session:
        assert groups(session, SYSTEM, RecordType.CONTACT) == []
    assert found(world) == {ids(a, b, c): ("email", "phone")}
    assert len(world.all(DuplicatePair)) == 2
    assert found(world) == {ids(a, b, c): ("email", "phone")}, "found again, they are not proposed again"
    assert len(world.all(DuplicatePair)) == 2


def test_who_was_dismissed_is_not_proposed_again_whatever_becomes_of_them(world: World) -> None:
    a, b, c = (contact(world, emails=["a@x.example"]) for _ in range(3))
    not_same(world, a, b)
    assert found(world) == {ids(a, b, c): ("email",)}, "both look like the third"
    not_same(world, b, c, viewer=Viewer(world.ann, Role.SELLER))
    assert found(world) == {ids(a, c): ("email",)}

    merged(world, a, c)

    assert found(world) == {}, "who was not c is not a either"


def test_deleted_ones_are_not_proposed_and_come_back_with_them(world: World) -> None:
    a, b = (contact(world, emails=["a@x.example"]) for _ in range(2))
    assert found(world) == {ids(a, b): ("email",)}
    delete(world, b)
    with world.store.database.reading() as session:
        assert groups(session, SYSTEM, RecordType.CONTACT) == []
    assert found(world) == {}
    assert world.all(DuplicatePair) == []
    restore(world, b)
    assert found(world) == {ids(a, b): ("email",)}


def test_only_who_may_write_dismisses_and_only_what_is_there(world: World) -> None:
    a, b = contact(world), contact(world)
    with pytest.raises(Forbidden):
        not_same(world, a, b, viewer=Viewer(world.bob, Role.GUEST))
    for wrong in ((a,), (a, a), (a, (RecordType.CONTACT, 999)), ((RecordType.DEAL, 1), (RecordType.DEAL, 2))):
        with pytest.raises(UsageError):
            not_same(world, *wrong)
    assert world.all(DuplicatePair) == []


def test_whoever_is_added_by_hand_is_looked_for_first(world: World) -> None:
    anna = contact(world, "Anna", emails=["anna@x.example"], phones=["+48 601 234 567"])
    with world.store.database.reading() as session:
        for emails, phones in ((["ANNA@x.example"], []), ([], ["601234567"])):
            with pytest.raises(AlreadyKnown, match="There is Anna") as told:
                require_unknown(session, SYSTEM, emails=emails, phones=phones)
            assert [(each.type, each.id) for each in told.value.known] == [anna]
        require_unknown(session, SYSTEM, emails=["other@x.example"], phones=["602 000 000", ""])
    delete(world, anna)
    with world.store.database.reading() as session:
        require_unknown(session, SYSTEM, emails=["anna@x.example"])


def test_behind_as_many_dismissed_pairs_as_are_proposed_at_once_others_are_proposed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "MOST_FOUND", 2)
    pairs = [
        [contact(world, f"{name} {n}", emails=[f"{name}@x{n}.example"], phones=[f"+48 601 00 00 {n}"]) for name in "ab"]
        for n in range(10, 14)
    ]
    assert len(found(world)) == 2, "as many as are proposed at once"
    for pair in pairs[:2]:
        not_same(world, *pair)

    assert set(found(world)) == {ids(*pair) for pair in pairs[2:]}


def test_active_leads_of_one_address_or_phone_and_those_of_known_clients(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        one, other, third, old = (
            create_lead(session, title, emails=emails, phones=phones)
            for title, emails, phones in (
                ("Cups", ["ann@cafe.example"], []),
                ("Forty cups", ["ANN@cafe.example"], ["601 234 567"]),
                ("Saucers", [], ["+48 601 234 567"]),
                ("Cups of last year", ["ann@cafe.example"], []),
            )
        )
        put_aside(session, old)
        earlier = [create_lead(session, f"Earlier {n}", emails=["ann@cafe.example"]) for n in range(5)]
        for each in earlier:
            put_aside(session, each)
    ann = contact(world, "Ann", emails=["ann@cafe.example"])
    twin = contact(world, "Ann again", emails=["ann@cafe.example"])

    assert found(world, RecordType.LEAD) == {(one, other, third): ("email", "phone")}, "what is junk does not count"
    with world.store.database.reading() as session:
        beside = duplicate_rows.proposed_beside(session, SYSTEM, (RecordType.LEAD, other), 5)
        theirs = leads_of_clients(session, SYSTEM, 10)
    assert [each.id for each in beside] == [one, third]
    assert [(each.lead.id, each.client.id) for each in theirs] == [(other, ann[1]), (one, ann[1])]
    assert twin[1] not in {each.client.id for each in theirs}, "the oldest one is named"

    with world.store.database.unit_of_work() as session:
        name_client(session, SYSTEM, one, ann[1])
    with world.store.database.reading() as session:
        lead = reading.lead(session, SYSTEM, one)
        assert (lead.repeat, lead.contact and lead.contact.id) == (True, ann[1])
        assert [each.lead.id for each in leads_of_clients(session, SYSTEM, 10)] == [other]
    for wrong, raised in ((old, Conflict), (10**6, NotFound)):
        with pytest.raises(raised), world.store.database.unit_of_work() as session:
            name_client(session, SYSTEM, wrong, ann[1])
    with world.store.database.unit_of_work() as session:
        name_client(session, SYSTEM, one, None)
        dismiss(session, SYSTEM, RecordType.LEAD, [one, other, third])
        assert reading.lead(session, SYSTEM, one).repeat is False
    assert found(world, RecordType.LEAD) == {}
