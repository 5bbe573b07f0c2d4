"""A lead in the console and over the API: called junk, taken up again, converted, and what it became."""

import re
from dataclasses import dataclass

import pytest

from crm.access.api_tokens import Scope
from crm.access.roles.keeping import NewDepartment, save_department
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.stage_lists import change_deal_stage, change_lead_stage
from crm.records.views import StageView
from storage.models import FieldKind, LeadState, RecordType


@pytest.fixture
def lead(console) -> int:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        return create_lead(session, "Forty cups", name="Ann Other", emails=["ann@cafe-nowhere.example"])


def test_one_is_put_aside_taken_up_and_converted_on_its_page(console, csrf, lead) -> None:
    diego = console.browser("diego")
    url = f"/leads/{lead}"
    form = {"csrf": csrf(diego, url)}
    merge = f"/records/lead:{lead}/merge"
    assert merge in diego.get(url).text
    junk = diego.post(f"{url}/junk", data=form)
    assert "Take it up again" in junk.text
    assert (merge in junk.text, diego.get(merge).status_code) == (False, 409), "only active leads are merged"
    assert "New → Junk" in junk.text
    assert "Forty cups" in diego.get("/leads?state=junk").text
    assert diego.post(f"{url}/junk", data=form).status_code == 409
    assert "Take it up again" not in diego.post(f"{url}/take-up", data=form).text

    became = diego.post(f"{url}/convert", data={**form, "contact": "new", "deal": "true"})
    assert (became.url.path, "New → Converted" in became.text) == (url, True)
    assert (merge in became.text, diego.get(merge).status_code) == (False, 409)
    deal = re.search(r'href="(/deals/\d+)">Open the deal', became.text)
    assert deal is not None
    assert "New → Converted" in diego.get(deal[1]).text


def test_a_known_client_is_proposed_and_chosen_or_another_one_made(console, csrf, lead) -> None:
    with console.store.database.unit_of_work() as session:
        company = create_company(session, "Cafe Nowhere Ltd", domain="cafe-nowhere.example")
        ann = create_contact(session, "Ann known long since", emails=["ANN@cafe-nowhere.example"], company_id=company)
        second = create_lead(session, "Ten more cups", name="Ann Other", emails=["ann@cafe-nowhere.example"])
    diego = console.browser("diego")
    asked = diego.get(f"/leads/{lead}/convert").text
    assert f'name="contact" value="{ann}" checked' in asked
    assert f'name="company" value="{company}" checked' in asked

    with console.store.database.reading() as session:
        shown = reading.pipelines(session, Viewer.system())[0]
    chosen = {"contact": str(ann), "company": str(company), "deal": "true", "title": "Cups", "amount": "1,200.50"}
    more = {"stage": str(shown.stages[1].id), "responsible": str(console.seed.people["tom"])}
    diego.post(f"/leads/{lead}/convert", data={"csrf": csrf(diego, f"/leads/{lead}"), **chosen, **more})
    with console.store.database.reading() as session:
        became = reading.lead(session, Viewer.system(), lead)
        deal = reading.deal(session, Viewer.system(), became.deal.id)
    assert (became.contact.id, became.company.id) == (ann, company)
    assert (deal.title, deal.amount, deal.stage.id) == ("Cups", 120050, shown.stages[1].id)
    assert deal.responsible.id == console.seed.people["tom"]
    assert "A lead was handed to you: Forty cups" in console.browser("tom").get("/notifications").text
    assert "A lead was handed to you" not in diego.get("/notifications").text

    form = {"csrf": csrf(diego, f"/leads/{second}"), "contact": "new", "company": "none"}
    diego.post(f"/leads/{second}/convert", data=form)
    with console.store.database.reading() as session:
        other = reading.lead(session, Viewer.system(), second)
    assert (other.deal, other.company, other.contact.id != ann) == (None, None, True)
    assert other.contact.name == "Ann Other"


def test_a_team_gets_it_by_hand_with_many_and_by_program(console, csrf, lead) -> None:
    """Given a department of two, then each of them is offered it in turn on every way, and hears of it."""
    tom, marta = (console.seed.people[who] for who in ("tom", "marta"))
    with console.store.database.unit_of_work() as session:
        sales = save_department(session, Viewer.system(), NewDepartment("Field sales", people=[tom, marta]))
        first, second, third = (create_lead(session, f"Cups {n}", name=f"Ann {n}") for n in range(3))
    diego, in_turn = console.browser("diego"), f"department:{sales}:round_robin"
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    form = {"csrf": csrf(diego, f"/leads/{lead}"), "contact": "new", "responsible": in_turn}
    for path, how in (
        (f"/leads/{lead}/convert", diego.get(f"/leads/{lead}/convert")),
        ("/leads/many", diego.post("/leads/many/convert", data={**form, "id": str(lead)})),
    ):
        assert f'value="{in_turn}">Field sales, in turn</option>' in how.text, path
        assert f'value="department:{sales}:least_busy">Field sales, the least busy</option>' in how.text, path

    diego.post(f"/leads/{lead}/convert", data=form)
    many = {**form, "act": "convert", "client": "contact", "id": [str(first), str(second)]}
    done = re.sub(r"<[^>]+>", " ", diego.post("/leads/many", data=many).text)
    assert "2 leads became clients or deals" in " ".join(done.split())
    team = {"department_id": sales, "method": "least_busy"}
    assert team["department_id"] in [each["department_id"] for each in program.get("/api/v1/teams").json()["items"]]
    made = program.post(f"/api/v1/leads/{third}/convert", json={"client": "contact", "deal": False, "team": team})
    assert made.json()["responsible_id"] in (tom, marta)
    for wrong in (
        {},
        {"department_id": sales, "method": "alphabetically"},
        {"department_id": sales, "mailbox_id": 1},
        7,
    ):
        assert program.post(f"/api/v1/leads/{third}/convert", json={"team": wrong}).status_code == 422
        assert (
            program.post("/api/v1/lead-runs", json={"act": "convert", "leads": [third], "team": wrong}).status_code
            == 422
        )

    with console.store.database.reading() as session:
        got = [reading.lead(session, Viewer.system(), each).responsible.id for each in (lead, first, second)]
    assert got == [min(tom, marta), max(tom, marta), min(tom, marta)]
    heard = " ".join(console.browser(who).get("/notifications").text for who in ("tom", "marta"))
    assert "A lead was handed to you: Forty cups" in heard
    assert heard.count("A lead was handed to you, by a conversion of many") == 2


def test_a_repeat_lead_asks_for_the_deal_alone(console, csrf, lead) -> None:
    with console.store.database.unit_of_work() as session:
        ann = create_contact(session, "Ann", emails=["ann@elsewhere.example"])
        again = create_lead(session, "Ten more cups", contact_id=ann)
        only_phone = create_contact(session, "Zed", phones=["+48 22 123"])
    diego = console.browser("diego")
    assert diego.get(f"/contacts/{only_phone}").status_code == 200
    asked = diego.get(f"/leads/{again}/convert").text
    assert ("It becomes another deal of theirs" in asked, 'name="contact"' in asked) == (True, False)
    token = csrf(diego, f"/leads/{again}")
    assert diego.post(f"/leads/{again}/convert", data={"csrf": token}).status_code == 422
    diego.post(f"/leads/{again}/convert", data={"csrf": token, "deal": "true"})
    with console.store.database.reading() as session:
        became = reading.lead(session, Viewer.system(), again)
        assert reading.deal(session, Viewer.system(), became.deal.id).repeat
    assert again in ids_in(diego.get("/leads?state=converted&repeat=true").text)
    assert lead not in ids_in(diego.get("/leads?repeat=true").text)
    assert f"/deals/{became.deal.id}" in diego.get("/deals?repeat=true").text
    assert f"/deals/{became.deal.id}" in diego.get("/deals?shape=list&repeat=true").text


def test_what_can_not_be_chosen_is_said_and_the_lead_stays(console, csrf, lead) -> None:
    diego = console.browser("diego")
    token = csrf(diego, f"/leads/{lead}")
    for wrong in (
        {"contact": "none"},
        {"contact": "somebody"},
        {"contact": "999999"},
        {"company": "999999"},
        {"deal": "true", "amount": "lots"},
        {"deal": "true", "amount": "-5"},
        {"deal": "true", "amount": "9" * 40},
        {"deal": "true", "stage": "999999"},
        {"contact": "new", "responsible": "999999"},
        {"contact": "new", "into": "999999"},
        {"contact": "new", "responsible": "department:999999:round_robin"},
        {"contact": "new", "responsible": "department:1:alphabetically"},
        {"contact": "new", "responsible": "queue:²"},
        {"contact": "new", "responsible": "queue:1:round_robin"},
        {"contact": "new", "responsible": "everybody"},
    ):
        answer = diego.post(f"/leads/{lead}/convert", data={"csrf": token, **wrong})
        assert answer.status_code in (404, 409, 422), wrong
        assert "Traceback" not in answer.text
    with console.store.database.reading() as session:
        assert reading.lead(session, Viewer.system(), lead).state is LeadState.ACTIVE


def test_a_lead_is_moved_on_the_board_and_where_a_stage_asks_it_is_asked(console, csrf, lead) -> None:
    diego = console.browser("diego")
    with console.store.database.reading() as session:
        there = {stage.name: stage.id for stage in lead_stages(session, Viewer.system())}
    board = "/leads?shape=board&words=cups"
    headers = {"referer": f"{str(diego.base_url).rstrip('/')}{board}"}
    form = {"csrf": csrf(diego, "/leads")}
    moved = diego.post(f"/leads/{lead}/stage", data={**form, "stage": str(there["Qualified"])}, headers=headers)
    assert moved.url.query.decode() == f"shape=board&words=cups&done=moved%3Alead%3A{lead}%3A1&moved={lead}"
    assert re.search(r'aria-label="Move Forty cups" autofocus', moved.text)
    lane = moved.text.split('aria-label="Qualified"')[1].split("</section>")[0]
    assert ("Forty cups" in lane, "1 lead" in lane) == (True, True)

    asked = diego.post(f"/leads/{lead}/stage", data={**form, "stage": str(there["Converted"])}, headers=headers)
    assert asked.url.path == f"/leads/{lead}/convert"
    assert f'name="into" value="{there["Converted"]}"' in asked.text
    assert diego.post(f"/leads/{lead}/stage", data={**form, "stage": "404"}).status_code == 404
    assert diego.post(f"/leads/{lead}/stage", data={**form, "stage": "new"}).status_code == 422


def test_in_simple_mode_the_page_says_that_leads_are_off(console, lead) -> None:
    assert "Leads are off" not in console.browser("ines").get("/leads").text
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.SIMPLE))
    for path in ("/leads", "/leads?shape=board"):
        page = console.browser("ines").get(path).text
        assert ("Leads are off" in page, 'href="/settings/crm">Change the CRM mode' in page) == (True, True)
        assert "An administrator can" in console.browser("diego").get(path).text


def test_the_numbers_stand_first_then_the_picture_and_the_table_behind_it(console, csrf, lead) -> None:
    diego = console.browser("diego")
    assert "Numbers" in diego.get("/leads").text
    form = {"csrf": csrf(diego, f"/leads/{lead}"), "contact": "new", "deal": "true"}
    diego.post(f"/leads/{lead}/convert", data=form)
    page = diego.get("/leads/numbers").text
    numbers, chart, table = (
        page.index(part) for part in ('class="numbers"', '<svg class="chart months"', "As a table")
    )
    assert numbers < chart < table
    assert "<b>1</b><span>lead converted" in page
    assert page.count('<rect class="bar"') == 12
    assert "style=" not in page
    program = console.program("diego", Scope.RECORDS_READ)
    told = program.get("/api/v1/lead-numbers").json()
    assert (told["total"]["converted"], [one["converted"] for one in told["by_month"]]) == (1, [1])
    assert program.get("/api/v1/lead-numbers?since=2999-01-01T00:00:00").json()["total"]["came"] == 0
    assert program.get("/api/v1/lead-numbers?since=yesterday").status_code == 422


def ids_in(page: str) -> set[int]:
    return {int(number) for number in re.findall(r'href="/leads/(\d+)"', page)}


def test_programs_do_the_same(console, lead) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    url = f"/api/v1/leads/{lead}"
    assert program.post(f"{url}/junk").status_code == 204
    assert program.get(url).json()["state"] == "junk"
    assert program.post(f"{url}/convert", json={}).status_code == 409
    assert program.post(f"{url}/take-up").status_code == 204
    stages = {stage["name"]: stage["id"] for stage in program.get("/api/v1/lead-stages").json()["items"]}
    assert program.post(f"{url}/stage", json={"stage_id": stages["Qualified"]}).status_code == 204
    assert program.post(f"{url}/stage", json={"stage_id": stages["Converted"]}).status_code == 409
    assert program.get(f"/api/v1/leads?stage_id={stages['Qualified']}").json()["items"][0]["id"] == lead
    assert program.get(f"{url}/conversion").json()["company_name"] == "cafe-nowhere.example"
    assert program.post(f"{url}/convert", json={"client": None, "deal": False}).status_code == 422
    assert program.post(f"{url}/convert", json={"amount": 10**30}).status_code == 422
    made = program.post(f"{url}/convert", json={"client": "both", "amount": 5000}).json()
    assert program.get(f"/api/v1/deals/{made['deal_id']}").json()["amount"] == 5000
    shown = program.get(url).json()
    assert (shown["state"], shown["deal"]["id"]) == ("converted", made["deal_id"])
    only_reads = console.program("diego", Scope.RECORDS_READ)
    assert only_reads.post(f"{url}/junk").status_code == 403


@dataclass(frozen=True)
class Needed:
    """What the stages require: the deal's `stage` an amount, a day, notes, cups and a rank, of which a lead has its cups."""

    stage: StageView
    cups: str
    cups_of_lead: str
    rank: str


@pytest.fixture
def needed(console, lead) -> Needed:
    system = Viewer.system()
    with console.store.database.unit_of_work() as session:
        into = next(each.id for each in lead_stages(session, system) if each.name == "Converted")
        change_lead_stage(session, system, into, required=["notes"])
        stage = reading.pipelines(session, system)[0].stages[1]
        cups_of_lead, cups, rank = (
            f"field_{create_field(session, system, NewField(record_type, name, kind))}"
            for record_type, name, kind in (
                (RecordType.LEAD, "Cups", FieldKind.NUMBER),
                (RecordType.DEAL, "Cups", FieldKind.NUMBER),
                (RecordType.DEAL, "Rank", FieldKind.TEXT),
            )
        )
        keys = ["amount", "closes_on", "notes", cups, rank]
        change_deal_stage(session, system, stage.id, name=stage.name, probability=None, required=keys)
        edit_record(session, system, (RecordType.LEAD, lead), {cups_of_lead: 40})
    return Needed(stage, cups, cups_of_lead, rank)


def inputs_in(page) -> list[str]:
    return re.findall(r'name="((?:lead|deal)\.[^"]+)"', page.text)


def test_the_form_asks_for_what_the_stages_require_and_is_missing(console, csrf, lead, needed) -> None:
    """Given stages that require fields, then the form asks for those that nothing fills in, and goes on with the answers."""
    ines, url, rank, stage = console.browser("ines"), f"/leads/{lead}/convert", f"deal.{needed.rank}", needed.stage
    assert inputs_in(ines.get(url)) == ["lead.notes"], "the first stage requires nothing"
    part = ines.get(f"{url}/fields", params={"stage": stage.id, rank: "kept"})
    assert (inputs_in(part), "<html" in part.text) == (["deal.closes_on", rank], False), "the lead brings the rest"
    assert ('value="kept"' in part.text, "needs the amount" in part.text) == (True, True)

    form = {"csrf": csrf(ines, url), "contact": "new", "deal": "true", "stage": str(stage.id), "lead.notes": "A sample"}
    full = {**form, "amount": "120", "deal.closes_on": "31/12/2026", rank: "B"}
    headers = {"referer": f"{str(ines.base_url).rstrip('/')}{url}"}
    for gap, said in (
        (full | {"lead.notes": ""}, "“Converted” needs Notes"),
        (form, f"“{stage.name}” needs Amount, Expected to be won on and Rank"),
        (full | {"amount": ""}, f"“{stage.name}” needs Amount"),
        (full | {"deal.closes_on": "someday"}, "Expected to be won on"),
    ):
        refused = ines.post(url, data=gap, headers=headers)
        assert (refused.status_code, said in refused.text) == (422, True), said
        assert inputs_in(refused) == ["deal.closes_on", rank, "lead.notes"], "of the stage that was chosen"
    with console.store.database.reading() as session:
        before = reading.lead(session, Viewer.system(), lead)
    assert (before.state, before.notes) == (LeadState.ACTIVE, ""), "all of it, or nothing"

    assert ines.post(url, data=full).url.path == f"/leads/{lead}"
    with console.store.database.reading() as session:
        became = reading.lead(session, Viewer.system(), lead)
        deal = reading.deal(session, Viewer.system(), became.deal.id)
    assert (became.notes, deal.notes, deal.amount, str(deal.closes_on)) == (*["A sample"] * 2, 12000, "2026-12-31")
    assert (deal.fields[needed.rank], deal.fields[needed.cups]) == ("B", 40)


def test_a_deal_gets_the_amount_of_its_lead_in_its_currency(console, csrf, lead) -> None:
    ines, system = console.browser("ines"), Viewer.system()
    with console.store.database.unit_of_work() as session:
        into = next(each.id for each in lead_stages(session, system) if each.name == "Converted")
        change_lead_stage(session, system, into, required=["amount"])
        other, yen, moved = (create_lead(session, title) for title in ("Twelve cups", "In yen", "In yen too"))
        edit_record(session, system, (RecordType.LEAD, lead), {"amount": 500, "currency": "JPY"})
        for one in (yen, moved):
            edit_record(session, system, (RecordType.LEAD, one), {"currency": "JPY"})
    for number, shown, typed, amount, currency in (
        (lead, 'Amount in JPY<input name="amount" value="500"', {"amount": "600"}, 600, "JPY"),
        (other, 'name="lead.amount"', {"lead.amount": "12.50", "amount": ""}, 1250, "EUR"),
        (yen, 'name="lead.amount"', {"lead.amount": "1200", "amount": ""}, 1200, "JPY"),
    ):
        url = f"/leads/{number}/convert"
        assert shown in ines.get(url).text
        ines.post(url, data={"csrf": csrf(ines, url), "contact": "new", "deal": "true", **typed})
        with console.store.database.reading() as session:
            deal = reading.deal(session, system, reading.lead(session, system, number).deal.id)
        assert (deal.amount, deal.currency) == (amount, currency)
    # and a stage that asks for an amount asks for one in it
    ines.post(f"/leads/{moved}/stage", data={"csrf": csrf(ines, "/leads"), "stage": str(into), "amount": "1200"})
    assert amount_of(console, moved) == (1200, "JPY")
    # whoever empties the currency of an amount means the company's, of what is typed with it too
    for typed, amount in (("1200", 120_000), ("1300", 130_000)):
        with console.store.database.unit_of_work() as session:
            edit_record(session, system, (RecordType.LEAD, moved), {"amount": 1200, "currency": "JPY"})
        form = {"csrf": csrf(ines, "/leads"), "was": '{"amount": 1200, "currency": "JPY"}', "currency": ""}
        assert ines.post(f"/edit/lead/{moved}", data={**form, "amount": typed}).status_code == 200
        assert amount_of(console, moved) == (amount, "EUR")
    with console.store.database.unit_of_work() as session:
        assert edit_record(session, system, (RecordType.LEAD, moved), {"currency": ""}) == {}, "it has that already"
        edit_record(session, system, (RecordType.LEAD, moved), {"amount": 0, "currency": ""})
    assert amount_of(console, moved) == (0, ""), "nothing needs none"


def amount_of(console, lead: int) -> tuple[int, str]:
    with console.store.database.reading() as session:
        found = reading.lead(session, Viewer.system(), lead)
    return found.amount, found.currency


def test_programs_are_told_what_a_chosen_stage_requires_and_send_it_along(console, lead, needed) -> None:
    program = console.program("ines", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    with console.store.database.unit_of_work() as session:
        edit_record(session, Viewer.system(), (RecordType.LEAD, lead), {"notes": "By phone"})
    convert, deal = f"/api/v1/leads/{lead}/convert", {"stage_id": needed.stage.id, "amount": 5}
    assert "needs Expected to be won on and Rank" in program.post(convert, json=deal).text
    for wrong in (
        {"deal": {"rank": 1}},
        {"lead": {"notes": "x"}},
        {"deal": {"responsible_id": 1}},
        {"deal": {"amount": "x"}},
        {"contact": {"company_id": 1}},
        [],
    ):
        assert program.post(convert, json={**deal, "values": wrong}).status_code == 422, wrong
    values = {"deal": {"closes_on": "2026-12-31", needed.rank: "A"}, "contact": {"position": "Buyer"}}
    made = program.post(convert, json={**deal, "values": values, "along": [needed.cups_of_lead, "notes"]}).json()
    assert program.get(f"/api/v1/contacts/{made['contact_id']}").json()["position"] == "Buyer"
