"""Files become leads and deals on both databases: stages, contacts and companies by their names, and nothing that is guessed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, NotFound
from crm.access.rights import BUILT_IN, Act, Scope
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.importing.kinds import Missing, OnKnown
from crm.records.importing.repository import runs
from crm.records.importing.running import Running, run_all
from crm.records.importing.steering import ask_to_go_on, ask_to_run
from crm.records.importing.values import Reader, Refusal, Values
from crm.records.importing.views import Counts
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.pipelines import create_pipeline, ensure_defaults
from crm.records.products.lines import NewLine, put_lines
from crm.records.repository import lead_stages, reading
from crm_world import World
from imports import SYSTEM, errors, imported, snapshot, undone, uploaded, view
from parsers.tables.model import TableRow
from storage.models import (
    Activity,
    Company,
    Contact,
    Deal,
    FieldKind,
    ImportState,
    Lead,
    LeadState,
    RecordType,
    Role,
    Stage,
    StageKind,
)
from storage.store import Store

DEAL, LEAD = RecordType.DEAL, RecordType.LEAD


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    with store.database.unit_of_work() as session:
        ensure_defaults(session)
        write_mode(session, CrmMode(mode=Mode.CLASSIC))
    return world


def living(world: World, table: Any) -> list[Any]:
    return world.rows(select(table).where(table.deleted_at.is_(None)).order_by(table.id))


def stage_names(world: World) -> dict[int, str]:
    return {row.id: row.name for row in world.all(Stage)}


def told(world: World, run_id: int) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.reason) for error in errors(world, run_id)]


def test_the_first_deals_of_an_installation_find_its_pipeline(store: Store) -> None:
    world = World(store)
    assert world.all(Stage) == []
    assert imported(world, "Title,Stage\nA,\nB,Proposal\n", kind=DEAL)[1] == Counts(new=2)


def test_rows_become_deals_with_all_that_they_tell(world: World) -> None:
    # given
    with world.store.database.unit_of_work() as session:
        acme = create_company(session, "Acme", domain="acme.example")
        ann = create_contact(session, "Ann Lee", emails=["ann@acme.example"], company_id=acme)
        create_contact(session, "Ann Lee", emails=["other@x.example"])
        create_pipeline(session, SYSTEM, "Services")
        field_id = create_field(session, SYSTEM, NewField(DEAL, "Margin", FieldKind.MONEY))
    before = snapshot(world)
    # when
    run_id, counts = imported(
        world,
        "Deal;Amount;Currency;Pipeline;Stage;Close date;Contact;Company;Owner;Tags;Margin\n"
        "Website;1 200,50;usd;Sales;proposal;2026-12-01;Ann Lee;ACME;bob@ours.example;web;10\n"
        "Shop;;;;;31.01.2027;other@x.example;;;;\n"
        "Old one;99;;Sales;Won;;;acme.example;;;\n"
        "Care;5;;Services;;;;;;;\n",
        kind=DEAL,
    )
    # then
    assert counts == Counts(new=4)
    website, shop, old, care = living(world, Deal)
    names = stage_names(world)
    assert (website.title, website.amount, website.currency, website.closes_on) == (
        "Website",
        120_050,
        "USD",
        date(2026, 12, 1),
    )
    assert (names[website.stage_id], website.stage_kind, website.contact_id, website.company_id) == (
        "Proposal",
        StageKind.OPEN,
        ann,
        acme,
    )
    assert (website.responsible_id, website.tags, website.source) == (world.bob, ["web"], "import")
    assert (shop.closes_on, names[shop.stage_id], shop.company_id) == (date(2027, 1, 31), "New", None)
    assert (old.stage_kind, old.closed_at is not None, old.company_id) == (StageKind.WON, True, acme)
    assert (care.pipeline_id != website.pipeline_id, names[care.stage_id]) == (True, "New")
    with world.store.database.reading() as session:
        assert reading.deal(session, SYSTEM, website.id).fields == {f"field_{field_id}": 1_000}
    assert undone(world, run_id).undo.removed == 4
    assert snapshot(world) == before


GARBAGE = (
    (
        "No stage,1,,Nowhere,,",
        "Stage",
        "There is no stage “Nowhere”; there are: New, Qualified, Proposal, Negotiation, Won",
    ),
    ("Two stages,1,,Proposal,,", "Stage", "2 pipelines have a stage “Proposal”: add a column with the pipeline."),
    ("No pipeline,1,Nix,Won,,", "Pipeline", "There is no pipeline “Nix”; there are: Sales, Services."),
    ("Not there,1,Sales,Nowhere,,", "Stage", "There is no stage “Nowhere” in the pipeline “Sales”"),
    (
        "Nobody,1,,,Zed,",
        "",
        "There is no contact “Zed” here: add them first, have them made, or leave this column out.",
    ),
    ("Nobody,1,,,zed@x.example,", "", "There is no contact “zed@x.example” here"),
    ("Several,1,,,Ann,", "", "There are 2 contacts called “Ann”: add a column with the e-mail address."),
    ("No company,1,,,,Zed Inc", "", "There is no company “Zed Inc” here"),
    ("Twice,1,,,,Acme", "", "There are 2 companies called “Acme”: add a column with the domain."),
    ("Much,a lot,,,,", "Amount", "“a lot” is no number"),
    ("Either,'1.200',,,,", "Amount", "no number"),
    ("Less,-5,,,,", "Amount", "The amount of a deal is nothing or more"),
    ("More,99999999999,,,,", "Amount", "at most ten billion"),
    (",5,,,,", "", "The row has no title: a deal needs one."),
    ("=1+1,5,,,,", "Title", "The cell is a formula without a value"),
    (f"{'x' * 501},5,,,,", "Title", "longer than 500 characters"),
    ("Dup,1,,,,", "", "There are 2 such deals here: give its Mailsync ID."),
)


def test_what_a_row_names_and_is_not_here_is_its_error(world: World) -> None:
    # given
    with world.store.database.unit_of_work() as session:
        for _ in range(2):
            create_contact(session, "Ann")
            create_company(session, "Acme")
            create_deal(session, "Dup")
        create_pipeline(session, SYSTEM, "Services")
    before = snapshot(world)
    # when
    rows = "".join(f"{row}\n" for row, _, _ in GARBAGE)
    run_id, counts = imported(world, "Title,Amount,Pipeline,Stage,Contact,Company\n" + rows, kind=DEAL)
    # then
    assert counts == Counts(refused=len(GARBAGE))
    for (number, column, reason), (row, wanted, sentence) in zip(told(world, run_id), GARBAGE, strict=True):
        assert column == wanted, (number, row)
        assert sentence in reason, (number, row)
    assert snapshot(world) == before
    # and dates and currencies
    text = "Title,Currency,Close date\nA,EURO,\nB,,12/31/2026\nC,,31.02.2026\nD,,soon\n"
    run_id, counts = imported(world, text, kind=DEAL)
    assert counts == Counts(refused=4)
    assert [column for _, column, _ in told(world, run_id)] == ["Currency", "Close date", "Close date", "Close date"]


def test_who_is_not_here_is_made_where_somebody_chose_so_and_goes_with_an_undo(world: World) -> None:
    # given
    with world.store.database.unit_of_work() as session:
        create_company(session, "Acme")
        create_company(session, "ACME")
    before = snapshot(world)
    text = (
        "Title,Contact,Contact email,Company\n"
        "One,Ann,ann@neu.example,Neu\nTwo,Ann,ann@neu.example,NEU\nThree,,carl@x.example,\nFour,Dora,,bolt.example\n"
        "Five,,,Acme\n"
    )
    # when
    run_id, counts = imported(world, text, kind=DEAL, missing=Missing.MAKE)
    # then each once, of several still nobody
    assert counts == Counts(new=4, refused=1, companies=2, contacts=3)
    assert [(one.name, one.company_id is None) for one in living(world, Contact)] == [
        ("Ann", False),
        ("carl@x.example", True),
        ("Dora", False),
    ]
    assert [(one.name, one.domain) for one in living(world, Company)][2:] == [
        ("Neu", None),
        ("bolt.example", "bolt.example"),
    ]
    one, two, *_ = living(world, Deal)
    assert (one.contact_id, one.company_id) == (two.contact_id, two.company_id)
    # and the same file again finds them all, also when they may not be made
    _, counts = imported(world, text, kind=DEAL)
    assert counts == Counts(unchanged=4, refused=1)
    # and of them only who is used by nobody else goes
    with world.store.database.unit_of_work() as session:
        create_deal(session, "By hand", contact_id=two.contact_id)
    done = undone(world, run_id)
    assert (done.undo.removed, done.undo.contacts_kept, done.undo.companies_kept) == (4, 1, 1)
    with world.store.database.unit_of_work() as session:
        session.get_one(Deal, living(world, Deal)[0].id).deleted_at = one.created_at
    assert [contact.name for contact in living(world, Contact)] == ["Ann"]
    assert len(snapshot(world)[1]) == len(before[1]) + 1


def test_known_deals_are_completed_overwritten_moved_and_put_back(world: World) -> None:
    # given deals of one client, one without an amount, one that has products, and one of somebody else
    with world.store.database.unit_of_work() as session:
        acme = create_company(session, "Acme")
        site = create_deal(session, "Website", company_id=acme, amount=0, currency="USD")
        shop = create_deal(session, "Shop", company_id=acme, amount=500)
        with_lines = create_deal(session, "Kit", company_id=acme, amount=500)
        put_lines(session, SYSTEM, with_lines, [NewLine(name="Kit", price=500)])
        create_deal(session, "Website")
    before = snapshot(world)
    text = "Deal,Company,Amount,Currency,Stage\nwebsite,Acme,10,EUR,Won\nShop,acme,20,EUR,Won\n"
    of_products = "Kit,Acme,7,EUR,New\n"
    # when they are completed: an amount comes with its currency, or not at all; no deal is moved
    run_id, counts = imported(world, text, kind=DEAL)
    assert counts == Counts(changed=1, unchanged=1)
    rows = {row.id: row for row in world.all(Deal)}
    assert (rows[site].amount, rows[site].currency, rows[site].stage_kind) == (1_000, "EUR", StageKind.OPEN)
    assert (rows[shop].amount, rows[shop].currency) == (500, "EUR")
    undone(world, run_id)
    assert snapshot(world) == before
    # and overwritten: they are moved, and their timelines tell it; what products come to stays
    run_id, counts = imported(world, text + of_products, OnKnown.OVERWRITE, kind=DEAL)
    assert counts == Counts(changed=2, refused=1)
    assert "The amount is the sum of this deal's products" in told(world, run_id)[0][2]
    rows = {row.id: row for row in world.all(Deal)}
    assert (rows[shop].amount, rows[shop].stage_kind, rows[shop].closed_at is None) == (2_000, StageKind.WON, False)
    assert [row.title for row in world.all(Activity) if "→" in row.title] == ["New → Won"] * 2
    undone(world, run_id)
    assert snapshot(world) == before
    assert all(row.closed_at is None for row in world.all(Deal))
    # and overwritten, the currency of one and the amount of another changed since: these stay as they are together
    run_id, _ = imported(world, text, OnKnown.OVERWRITE, kind=DEAL)
    with world.store.database.unit_of_work() as session:
        for deal, since in ((site, {"amount": 3_000}), (shop, {"currency": "USD"})):
            edit_record(session, SYSTEM, (DEAL, deal), since)
    done = undone(world, run_id)
    assert done.undo.kept == 2
    rows = {row.id: row for row in world.all(Deal)}
    assert (rows[site].amount, rows[site].currency) == (3_000, "EUR"), (
        "the currency stood as it was left, and was USD before"
    )
    assert (rows[shop].amount, rows[shop].currency) == (2_000, "USD"), "the amount stood as it was left, and was of EUR"
    # and added
    assert imported(world, text, OnKnown.ADD, kind=DEAL)[1] == Counts(new=2)


def test_rows_become_leads_in_classic_mode(world: World) -> None:
    # given one who is known by address, one who became a client, and one that was called junk
    with world.store.database.unit_of_work() as session:
        acme = create_company(session, "Acme")
        create_lead(session, "Old inquiry", name="Ann", emails=["ann@x.example"])
        client = create_lead(session, "Client", emails=["carl@x.example"])
        session.get_one(Lead, client).state = LeadState.CONVERTED
    before = snapshot(world)
    # when
    run_id, counts = imported(
        world,
        "Title;Name;E-mail;Phone;Stage;Company;Source;Tags;Owner\n"
        "New inquiry;Ann Lee;ann@x.example;+1 555;;;fair;hot;bob@ours.example\n"
        ";Bob;bob@x.example;;;Acme;;;\n"
        ";;carl@x.example;;;;;;\n"
        "A call;;;;;;;;\n"
        "X;;;;Nowhere;;;;\n"
        "Y;;;;Converted;;;;\n"
        "Z;;;;;Zed;;;\n"
        ";;;;;;fair;;\n",
        kind=LEAD,
    )
    # then
    reasons = told(world, run_id)
    assert counts == Counts(new=3, changed=1, refused=4), reasons
    assert "There is no stage “Nowhere”" in reasons[0][2]
    assert "are leads that became clients" in reasons[1][2]
    assert "There is no company “Zed” here" in reasons[2][2]
    assert "neither a title nor a name" in reasons[3][2]
    ann, _, bob, carl, call = living(world, Lead)
    assert (ann.title, ann.name, ann.tags, ann.source, ann.responsible_id) == (
        "Old inquiry",
        "Ann",
        ["hot"],
        "fair",
        world.bob,
    )
    assert (bob.title, bob.company_id, bob.repeat, bob.state) == ("Bob", acme, True, LeadState.ACTIVE)
    assert (carl.title, call.title) == ("carl@x.example", "A call")
    done = undone(world, run_id)
    assert (done.undo.removed, done.undo.put_back) == (3, 1)
    assert snapshot(world) == before
    # and in Simple mode there are none, not even of a run that has begun
    run_id = uploaded(world, "Title\n" + "A\n" * 30, kind=LEAD)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    Running(world.store, run_id, at_once=10).step()
    with world.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(mode=Mode.SIMPLE))
    stopped = run_all(world.store, run_id)
    assert (stopped.state, stopped.dealt_with, stopped.unfinished) == (ImportState.DONE, 10, True)
    assert "there are no leads in Simple mode" in stopped.stopped
    with pytest.raises(Conflict, match="no leads in Simple mode"), world.store.database.unit_of_work() as session:
        ask_to_go_on(session, SYSTEM, run_id)
    with pytest.raises(Conflict, match="no leads in Simple mode"):
        uploaded(world, "Title\nA\n", kind=LEAD)


def test_a_known_lead_is_moved_among_stages_of_its_state(world: World) -> None:
    # given a lead in the first stage, and the names of all stages
    with world.store.database.unit_of_work() as session:
        create_lead(session, "Inquiry", emails=["ann@x.example"])
        stages = [(stage.name, stage.kind) for stage in lead_stages.lead_stages(session, SYSTEM)]
    first, second = [name for name, kind in stages if kind is LeadState.ACTIVE][:2]
    junk = next(name for name, kind in stages if kind is LeadState.JUNK)
    before = snapshot(world)
    # when
    run_id, counts = imported(
        world,
        f"E-mail,Stage\nann@x.example,{second}\nann@x.example,{junk}\nbob@x.example,{junk}\n",
        OnKnown.OVERWRITE,
        kind=LEAD,
    )
    # then what would call it junk is done by hand; a new one may be junk
    assert counts == Counts(new=1, changed=1, refused=1)
    assert f"The lead stands in “{second}”, and “{junk}” is for junk leads" in told(world, run_id)[0][2]
    ann, bob = living(world, Lead)
    assert (ann.state, bob.state) == (LeadState.ACTIVE, LeadState.JUNK)
    assert [row.title for row in world.all(Activity)] == [f"{first} → {second}"]
    undone(world, run_id)
    assert snapshot(world) == before


def test_who_may_not_change_all_deals_imports_none(world: World) -> None:
    # given somebody who changes only their own deals
    all_of = BUILT_IN[Role.MANAGER]
    own = replace(all_of, records={**all_of.records, DEAL: {**all_of.records[DEAL], Act.EDIT: Scope.OWN}})
    ann = Viewer(world.ann, Role.MANAGER, own)
    # then they import contacts and see imports of contacts, and none of deals
    with pytest.raises(Forbidden, match="contacts and companies and deals"):
        uploaded(world, "Title\nA\n", ann, DEAL)
    theirs = uploaded(world, "Name\nA\n", ann)
    others = uploaded(world, "Title\nA\n", kind=DEAL)
    with world.store.database.reading() as session:
        assert [one.id for one in runs.run_views(session, ann)] == [theirs]
        with pytest.raises(NotFound):
            runs.run_view(session, ann, others)
    with pytest.raises(NotFound), world.store.database.unit_of_work() as session:
        ask_to_run(session, ann, others)


def test_a_stage_that_goes_while_deals_come_in_is_the_error_of_the_rows_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a run that has read its next rows
    run_id = uploaded(world, "Title,Stage\n" + "".join(f"Deal {number},Qualified\n" for number in range(20)), kind=DEAL)
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    process = Running(world.store, run_id, at_once=10)
    process.step()
    (stage,) = [row for row in world.all(Stage) if row.name == "Qualified"]
    read, renamed = Reader.read, []

    def read_then_renamed(reader: Reader, row: TableRow) -> Values | Refusal:
        values = read(reader, row)
        if not renamed:
            renamed.append(stage.id)
            with world.store.database.unit_of_work() as session:
                session.get_one(Stage, stage.id).name = "Called otherwise"
        return values

    # when somebody calls the stage otherwise before they are written
    monkeypatch.setattr(Reader, "read", read_then_renamed)
    while process.step().state is ImportState.RUNNING:
        pass
    # then
    assert renamed
    assert view(world, run_id).counts == Counts(new=10, refused=10)
    assert view(world, run_id).dealt_with == 20
