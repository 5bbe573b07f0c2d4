"""Adding records and moving them in the console and the API: other pipelines, required fields, undo."""

import re

import pytest

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.pipelines import create_pipeline
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.views import RecordFilter

SYSTEM = Viewer.system()


@pytest.fixture
def stages(console) -> dict[str, int]:
    """Those of the second pipeline, and of leads; in Classic mode."""
    ines = console.seed.viewer("ines")
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        create_pipeline(session, ines, "Service")
        second = reading.pipelines(session, SYSTEM)[1]
        leads = {f"lead {stage.name}": stage.id for stage in lead_stages(session, SYSTEM)}
        return {stage.name: stage.id for stage in second.stages} | leads


def deal(console, words: str) -> reading.DealView:
    with console.store.database.reading() as session:
        [found] = reading.deals(session, SYSTEM, RecordFilter(words=words))
        return found


def test_a_deal_of_the_second_pipeline(console, csrf, stages) -> None:
    ines = console.browser("ines")
    token = {"csrf": csrf(ines, "/deals/new")}

    # Made in it, with all that the form knows.
    form = ines.get(f"/deals/new?stage={stages['Proposal']}").text
    assert f'<option value="{stages["Proposal"]}" selected>' in form
    typed = {
        "title": "Repair",
        "amount": "1 200,50",
        "currency": "pln",
        "stage": str(stages["Proposal"]),
        "notes": "soon",
    }
    assert ines.post("/deals", data={**token, **typed, "closes_on": "2026-12-24"}).status_code == 200
    made = deal(console, "Repair")
    assert (made.stage.id, made.amount, made.currency, made.notes) == (stages["Proposal"], 120050, "PLN", "soon")

    # Moved there from the first: by the menu's overlay, by Edit, by a program; and taken back by the notice.
    with console.store.database.unit_of_work() as session:
        other = create_deal(session, "Grinder")
    before = deal(console, "Grinder").stage.id
    assert f"/deals/{other}/move" in ines.get("/deals?words=Grinder").text
    assert 'label="Service"' in ines.get(f"/deals/{other}/move").text
    done = ines.post(f"/deals/{other}/stage", data={**token, "stage": str(stages["New"])})
    assert deal(console, "Grinder").stage.id == stages["New"]
    assert re.search(
        rf'action="/deals/{other}/stage".*?name="stage" value="{before}".*?data-key="z">Undo', done.text, re.S
    )
    ines.post(f"/deals/{other}/stage", data={**token, "stage": str(before)})
    edit = {**token, "was": "{}", "stage_was": str(before), "stage": str(stages["Lost"])}
    ines.post(f"/edit/deal/{other}", data=edit)
    assert (deal(console, "Grinder").stage.id, deal(console, "Grinder").closed_at is not None) == (stages["Lost"], True)
    program = console.program("ines", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    assert program.post(f"/api/v1/deals/{other}/stage", json={"stage_id": stages["New"]}).status_code == 204
    for wrong in ("99999", "²", ""):
        assert ines.post(f"/deals/{other}/stage", data={**token, "stage": wrong}).status_code in (404, 422)
    assert deal(console, "Grinder").stage.id == stages["New"]


def test_a_stage_asks_for_what_it_requires(console, csrf, stages) -> None:
    ines = console.browser("ines")
    token = {"csrf": csrf(ines, "/settings/pipelines")}
    kept = ines.post(
        f"/settings/deal-stages/{stages['Won']}", data={**token, "name": "Won", "required": ["amount", "notes"]}
    )
    assert "Requires Amount, Notes" in re.sub(r"\s+", " ", kept.text)
    with console.store.database.unit_of_work() as session:
        made = create_deal(session, "Grinder", stage_id=stages["New"])
    to_won, address = {**token, "stage": str(stages["Won"])}, f"/deals/{made}/stage"

    # Dragged or pressed on the board: over it. Without script: on a page of its own.
    over = ines.post(address, data=to_won, headers={"hx-request": "true", "hx-boosted": "true"})
    assert (over.status_code, over.headers["hx-retarget"], over.headers["hx-push-url"]) == (
        422,
        "#overlay-body",
        "false",
    )
    assert ('name="amount"' in over.text, 'name="notes"' in over.text, "<html" in over.text) == (True, True, False)
    page = ines.post(address, data=to_won)
    assert (page.url.path, page.url.query.decode()) == (f"/deals/{made}/move", f"stage={stages['Won']}")

    # Half filled in, or garbage, it asks again with what was typed; filled in, it moves.
    for typed in ({"amount": "12", "notes": ""}, {"amount": "twelve", "notes": "yes"}):
        again = ines.post(address, data={**to_won, **typed}, headers={"referer": str(page.url)})
        assert (again.status_code, f'value="{typed["amount"]}"' in again.text) == (422, True), typed
    assert deal(console, "Grinder").amount == 0, "all or nothing"
    ines.post(address, data={**to_won, "amount": "12", "notes": "signed"})
    assert (deal(console, "Grinder").stage.id, deal(console, "Grinder").amount) == (stages["Won"], 1200)

    # Programs are told which, and set it.
    program = console.program("ines", Scope.RECORDS_READ, Scope.RECORDS_WRITE, Scope.SETTINGS_WRITE)
    url = f"/api/v1/deal-stages/{stages['Lost']}"
    assert program.put(url, json={"name": "Lost", "required": ["source"]}).status_code == 204
    refused = program.post(f"/api/v1/deals/{made}/stage", json={"stage_id": stages["Lost"]})
    assert (refused.status_code, refused.json()["detail"]) == (422, "“Lost” needs Came by: fill it in first.")
    assert program.put(url, json={"name": "Lost", "required": ["nothing"]}).status_code == 422
    listed = program.get("/api/v1/pipelines").json()["items"][1]["stages"]
    assert [one["required"] for one in listed if one["required"]] == [["amount", "notes"], ["source"]]


def test_a_lead_and_a_company_are_made_by_hand(console, csrf, stages) -> None:
    ines = console.browser("ines")
    menu = ines.get("/leads").text
    assert ('href="/leads/new"' in menu, 'href="/companies/new"' in menu) == (True, True)
    typed = {
        "csrf": csrf(ines, "/leads/new"),
        "title": "Asked at the fair",
        "name": "Zoë",
        "emails": "zoe@fair.example",
    }
    made = ines.post("/leads", data=typed)
    assert (made.status_code, "zoe@fair.example" in made.text) == (200, True)
    number = int(made.url.path.rpartition("/")[2])
    assert ines.post("/leads", data={**typed, "emails": "nobody"}).status_code == 422

    # Its Junk button asks where that stage requires something.
    token = {"csrf": typed["csrf"]}
    junk = stages["lead Junk"]
    ines.post(f"/settings/lead-stages/{junk}", data={**token, "name": "Junk", "required": "notes"})
    asked = ines.post(f"/leads/{number}/junk", data=token)
    assert (asked.url.path, 'name="notes"' in asked.text) == (f"/leads/{number}/move", True)
    ines.post(f"/leads/{number}/stage", data={**token, "stage": str(junk), "notes": "a joke"})
    with console.store.database.reading() as session:
        assert reading.lead(session, SYSTEM, number).stage.id == junk

    # In Simple mode there is none to make, nor in the menu.
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.SIMPLE))
    assert ines.post("/leads", data=typed).status_code == 422
    assert 'href="/leads/new"' not in ines.get("/deals").text
