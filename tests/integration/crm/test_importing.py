"""Files become contacts on both databases: what becomes of each row, and that a trial says so before."""

import random
from typing import Any

import pytest

from crm.records.contacts import create_company, create_contact
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.history import history_of
from crm.records.importing.choices import Choices
from crm.records.importing.fields import BuiltIn
from crm.records.importing.kinds import OnKnown
from crm.records.importing.steering import ask_for_trial
from crm.records.importing.trying import try_run
from crm.records.importing.views import Counts, RowError
from crm_world import World
from imports import (
    SYSTEM,
    any_rows,
    budget_field,
    contacts,
    errors,
    imported,
    made,
    snapshot,
    tried,
    undone,
    uploaded,
    values_of,
    view,
)
from storage.models import (
    Company,
    Contact,
    FieldKind,
    ImportState,
    RecordType,
)
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_row_becomes_a_contact_with_all_that_it_tells(world: World) -> None:
    # given a company that is known by another capitalisation, and one that is known by its domain
    with world.store.database.unit_of_work() as session:
        create_company(session, "ROMASHKA Сад")
        create_company(session, "Acme Holding", domain="acme.example")
    # when
    _, counts = imported(
        world,
        "First name;Last name;E-mail;E-mail 2;Phone;Company;Website;Position;Tags;Responsible;Source;Known since\n"
        "Ann;Lee;ann@acme.example;a@home.example;+1 555 0100;Acme;https://www.acme.example/about;CEO;vip, fair;"
        "bob@ours.example;fair 2025;2020-05-01\n"
        "Оксана;;oks@gmail.com;;;Romashka САД;;;;Ann;;\n"
        ";;info@new.example;;;New & Sons;;;;;;\n",
    )
    # then
    assert counts == Counts(new=3, companies=1)
    people = contacts(world)
    assert values_of(people["Ann Lee"]) == {
        "position": "CEO",
        "company": "Acme Holding",
        "responsible": "Bob",
        "tags": ("vip", "fair"),
        "source": "fair 2025",
        "channels": ["ann@acme.example", "a@home.example", "+1 555 0100"],
    }
    assert people["Ann Lee"].created_at.date().isoformat() == "2020-05-01"
    assert values_of(people["Оксана"])["company"] == "ROMASHKA Сад"
    assert values_of(people["Оксана"])["responsible"] == "Ann"
    assert values_of(people["info@new.example"])["source"] == "import"
    assert [(row.name, row.domain) for row in world.all(Company)][-1] == ("New & Sons", "new.example")


FILE = "Name,E-mail,Phone,Position,Company,Tags,Source\nAnn Lee,ann@x.example,+1 555 0100,CEO,New Inc,new,fair\n"


@pytest.mark.parametrize(
    ("known", "outcome", "expected"),
    [
        (
            OnKnown.SKIP,
            "unchanged",
            {"position": "", "company": "Old Inc", "tags": ("old",), "source": "web", "channels": ["ann@x.example"]},
        ),
        (
            OnKnown.COMPLETE,
            "changed",
            {
                "position": "CEO",
                "company": "Old Inc",
                "tags": ("old", "new"),
                "source": "web",
                "channels": ["ann@x.example", "+1 555 0100"],
            },
        ),
        (
            OnKnown.OVERWRITE,
            "changed",
            {
                "position": "CEO",
                "company": "New Inc",
                "tags": ("new",),
                "source": "fair",
                "channels": ["ann@x.example", "+1 555 0100"],
            },
        ),
    ],
)
def test_who_is_known_is_skipped_completed_or_overwritten(
    world: World, known: OnKnown, outcome: str, expected: dict[str, Any]
) -> None:
    with world.store.database.unit_of_work() as session:
        old = create_company(session, "Old Inc")
        create_contact(session, "A. Lee", emails=["ann@x.example"], company_id=old, tags=["old"], source="web")
    run_id, counts = imported(world, FILE, known)
    assert getattr(counts, outcome) == counts.rows == 1
    (contact,) = contacts(world).values()
    assert contact.name == ("Ann Lee" if known is OnKnown.OVERWRITE else "A. Lee")
    told = values_of(contact)
    assert {name: told[name] for name in expected} == expected
    # and again: nothing is left to do
    assert imported(world, FILE, known)[1].unchanged == 1
    assert view(world, run_id).state is ImportState.DONE


def test_a_phone_tells_who_it_is_unless_the_names_speak_against_it(world: World) -> None:
    # given a colleague behind the number of a switchboard, and somebody of whom only an address is known
    made(world, "Ann Lee", emails=["ann@x.example"], phones=["+1 (555) 0100"])
    made(world, "nick@y.example", emails=["nick@y.example"], phones=["+1 555 0200"])
    # when
    _, counts = imported(
        world,
        "Name,E-mail,Phone\nBob Ray,bob@x.example,+15550100\nLee,lee@home.example,+1-555-0100\nNick Fox,,+1 555 0200\n"
        ",carl@y.example,+1 555 0200\n",
    )
    # then
    assert counts == Counts(new=2, changed=2)
    people = contacts(world)
    assert set(people) == {"Ann Lee", "Bob Ray", "Nick Fox", "carl@y.example"}
    assert [channel.value for channel in people["Ann Lee"].channels] == [
        "ann@x.example",
        "+1 (555) 0100",
        "lee@home.example",
    ]


def test_rows_about_one_person_are_one_contact(world: World) -> None:
    for known in set(OnKnown) - {OnKnown.ADD}:
        start = len(world.all(Contact))
        who = f"{known.value}@x.example"
        text = f"Name,E-mail,Position\n,{who},\nAnn,{who.upper()};b{who},CEO\nAnn,b{who},CTO\n"
        _, counts = imported(world, text, known)
        assert counts == Counts(new=1, joined=2)
        (contact,) = world.all(Contact)[start:]
        assert (contact.name, contact.position) == ("Ann", "CEO")


def test_addresses_of_two_contacts_are_not_put_on_one(world: World) -> None:
    made(world, "Ann", emails=["ann@x.example"])
    made(world, "Bob", emails=["bob@x.example"])
    before = snapshot(world)
    run_id, counts = imported(world, "Name,E-mail\nAnn,ann@x.example; bob@x.example\n", OnKnown.OVERWRITE)
    assert counts.refused == 1
    assert errors(world, run_id) == [RowError(2, "", "Its addresses belong to 2 contacts here: merge these first.")]
    assert snapshot(world) == before


def test_each_row_that_is_refused_says_why_and_the_others_come(world: World) -> None:
    rows = [
        "Ann,ann@x.example,1,,,",
        ",,,CEO,,",
        "Bob,bob at x,2,,,",
        "Carl,carl@x.example,none,,,",
        "Dora,dora@x.example,,,nobody@x.example,",
        "=HYPERLINK(1),e@x.example,,,,",
        "'=Eve,eve@x.example,,,,",
        "Fay,fay@x.example,,,,yesterday",
        f"Gus,gus@x.example,,{'x' * 501},,",
    ]
    run_id, counts = imported(
        world, "\n".join(["Name,E-mail,Phone,Position,Responsible,Known since", *rows, ""]), OnKnown.COMPLETE
    )
    assert (counts.new, counts.refused) == (2, 7)
    assert set(contacts(world)) == {"Ann", "=Eve"}
    told = {error.row: (error.column, error.reason) for error in errors(world, run_id)}
    assert {row: column for row, (column, _) in told.items()} == {
        3: "",
        4: "E-mail",
        5: "Phone",
        6: "Responsible",
        7: "Name",
        9: "Known since",
        10: "Position",
    }
    assert all(reason.endswith((".", "?")) for _, reason in told.values())


def test_a_trial_after_a_change_of_the_mapping_forgets_the_old_errors(world: World) -> None:
    run_id = uploaded(world, "Name,E-mail,Reach\nAnn,x,ann@x.example\nBob,y,bob@x.example\n")
    assert tried(world, run_id) == Counts(refused=2)
    with world.store.database.unit_of_work() as session:
        ask_for_trial(session, SYSTEM, run_id, Choices((BuiltIn.NAME, BuiltIn.SKIP, BuiltIn.EMAIL)))
    try_run(world.store, run_id)
    assert view(world, run_id).trial == Counts(new=2)
    assert errors(world, run_id) == []


@pytest.mark.parametrize("known", [OnKnown.SKIP, OnKnown.COMPLETE, OnKnown.OVERWRITE])
@pytest.mark.parametrize("seed", range(4))
def test_the_trial_says_what_the_run_does_and_undoing_brings_all_back(world: World, seed: int, known: OnKnown) -> None:
    # given some who are known already
    chance = random.Random(seed)
    budget_field(world)
    imported(world, any_rows(chance, 15))
    before = snapshot(world)
    # when (`imported` compares the numbers)
    run_id, counts = imported(world, any_rows(chance, 120), known)
    # then
    assert counts.rows >= 100
    assert snapshot(world) != before
    done = undone(world, run_id)
    assert snapshot(world) == before
    assert (done.state, done.undo.kept) == (ImportState.UNDONE, 0)
    assert done.undo.removed == counts.new


def test_custom_fields_are_filled_in_and_what_can_not_stand_in_them_is_told(world: World) -> None:
    # given
    budget = budget_field(world)
    with world.store.database.unit_of_work() as session:
        kind = NewField(RecordType.CONTACT, "Size", FieldKind.CHOICE, choices=("small", "large"))
        size = f"field_{create_field(session, SYSTEM, kind)}"
    made(world, "Ann", emails=["ann@x.example"])
    # when
    text = "Name,E-mail,BUDGET,size\nAnn,ann@x.example,1 200.50,large\nBob,bob@x.example,,huge\nCarl,,much,\nDora,,,small\n"
    text += 'Eve,,1e999999,\n"Fay",,"1,200",\n'
    run_id, counts = imported(world, text)
    # then
    assert counts == Counts(new=1, changed=1, refused=4)
    people = contacts(world)
    assert people["Ann"].fields == {budget: 120_050, size: "large"}
    assert people["Dora"].fields == {size: "small"}
    assert [(error.column, error.reason) for error in errors(world, run_id)] == [
        ("size", "Size is one of: small, large."),
        ("BUDGET", "“much” is no number: write it as 1200 or 1200.50."),
        ("BUDGET", "“1e999999” is no number: write it as 1200 or 1200.50."),
        ("BUDGET", "“1,200” may be 1200 or 1.2: write it in one of these ways."),
    ]
    # and the contact's history tells it, as it tells that it was taken back
    undone(world, run_id)
    assert contacts(world)["Ann"].fields == {}
    with world.store.database.reading() as session:
        edits = history_of(session, SYSTEM, (RecordType.CONTACT, people["Ann"].id))
    told = [{change.field.name: (change.before, change.after) for change in edit.changes} for edit in edits]
    assert told == [
        {"Budget": (120_050, None), "Size": ("large", None)},
        {"Budget": (None, 120_050), "Size": (None, "large")},
    ]
