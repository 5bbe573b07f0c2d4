"""Pipelines and stages in Settings: what an administrator makes of them, and what others see."""

import re

from crm.access.api_tokens import Scope
from crm.access.roles.keeping import NewDepartment, save_department
from crm.access.viewer import Viewer
from crm.records.fields.custom import NewField, create_field
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.teams import Team
from crm.records.views import Arrival
from storage.models import FieldKind, QueueMethod, RecordType

PAGE = "/settings/pipelines"
SYSTEM = Viewer.system()


def lists(console) -> tuple[list[str], list[str]]:
    with console.store.database.reading() as session:
        first = reading.pipelines(session, SYSTEM)[0]
        return [stage.name for stage in first.stages], [stage.name for stage in lead_stages(session, SYSTEM)]


def ids(console) -> dict[str, int]:
    with console.store.database.reading() as session:
        first = reading.pipelines(session, SYSTEM)[0]
        deals = {f"deal {stage.name}": stage.id for stage in first.stages}
        return {"pipeline": first.id, **deals, **{f"lead {s.name}": s.id for s in lead_stages(session, SYSTEM)}}


def test_an_administrator_edits_both_lists(console, csrf) -> None:
    ines = console.browser("ines")
    token, there = {"csrf": csrf(ines, PAGE)}, ids(console)

    def post(path: str, **form: str):
        return ines.post(f"/settings/{path}", data={**token, **form})

    assert "Visited" in post(f"pipelines/{there['pipeline']}/stages", name="Visited", kind="open").text
    post("lead-stages", name="Called", kind="active")
    assert 'value="35"' in post(f"deal-stages/{there['deal Offer']}", name="Proposal", probability="35 %").text
    moved = post(f"deal-stages/{there['deal Offer']}/move", way="up")
    assert re.search(r'aria-label="Move Proposal up"\s+autofocus', moved.text), "the keyboard stays where it was"
    renamed = post(f"lead-stages/{there['lead Converted']}", name="Client")
    assert "Asks what becomes of a lead" in renamed.text
    post(f"lead-stages/{there['lead Qualified']}/remove")
    assert lists(console) == (
        ["New", "Proposal", "Qualified", "Negotiation", "Visited", "Won", "Lost"],
        ["New", "In contact", "Called", "Client", "Junk"],
    )

    refused = post(f"deal-stages/{there['deal Qualified']}/remove")
    assert (refused.status_code, "is not empty" in refused.text) == (409, True)
    post(f"deal-stages/{there['deal Qualified']}/remove", move_to=str(there["deal New"]))
    assert "Qualified" not in lists(console)[0]

    assert "Wholesale" in post("pipelines", name="Wholesale").text
    with console.store.database.reading() as session:
        wholesale = reading.pipelines(session, SYSTEM)[1].id
    post(f"pipelines/{wholesale}/rename", name="Large")
    post(f"pipelines/{wholesale}/move", way="up")
    with console.store.database.reading() as session:
        assert [each.name for each in reading.pipelines(session, SYSTEM)] == ["Large", "Machines and parts"]
    post(f"pipelines/{wholesale}/remove")
    with console.store.database.reading() as session:
        assert [each.name for each in reading.pipelines(session, SYSTEM)] == ["Machines and parts"]


def test_garbage_is_answered_in_words_and_changes_nothing(console, csrf) -> None:
    ines = console.browser("ines")
    token, there, before = {"csrf": csrf(ines, PAGE)}, ids(console), lists(console)
    stage = f"deal-stages/{there['deal Offer']}"
    for path, form in (
        ("lead-stages", {"name": "  ", "kind": "active"}),
        ("lead-stages", {"name": "x", "kind": "won"}),
        (stage, {"name": "x" * 5000}),
        (stage, {"name": "Offer", "probability": "-3"}),
        (stage, {"name": "Offer", "probability": "²"}),
        (f"{stage}/move", {"way": "sideways"}),
        (f"{stage}/remove", {"move_to": "999"}),
        ("pipelines", {"name": "MACHINES AND PARTS"}),
        ("pipelines/99/stages", {"name": "x", "kind": "open"}),
    ):
        answer = ines.post(f"/settings/{path}", data={**token, **form})
        assert answer.status_code in (404, 409, 422), (path, form, answer.status_code)
        assert "Traceback" not in answer.text
    assert lists(console) == before


def test_others_see_them_and_can_not_change_them(console, csrf) -> None:
    before = lists(console)
    for who in ("diego", "marta"):
        person = console.browser(who)
        page = person.get(PAGE)
        assert "An administrator can change them." in page.text
        assert "Add stage" not in page.text
        form = {"csrf": csrf(person, "/settings/account"), "name": "Mine", "kind": "active"}
        refused = person.post("/settings/lead-stages", data=form)
        assert refused.status_code == 403
        assert "Your role does not let you change pipelines and stages: ask an administrator." in refused.text
    assert lists(console) == before


def test_programs_do_the_same(console) -> None:
    program = console.program("ines", Scope.SETTINGS_WRITE, Scope.RECORDS_READ)
    api = "/api/v1"
    pipeline = program.post(f"{api}/pipelines", json={"name": "Wholesale"}).json()["id"]
    assert program.put(f"{api}/pipelines/{pipeline}", json={"name": "Large"}).status_code == 204
    assert program.post(f"{api}/pipelines/{pipeline}/move", json={"way": "up"}).status_code == 204
    stage = program.post(f"{api}/pipelines/{pipeline}/stages", json={"name": "Visited"}).json()["id"]
    changed = program.put(f"{api}/deal-stages/{stage}", json={"name": "Visit", "probability": 30})
    assert changed.status_code == 204
    assert program.post(f"{api}/deal-stages/{stage}/move", json={"way": "up"}).status_code == 204
    first = program.get(f"{api}/pipelines").json()["items"][0]
    assert (first["name"], first["stages"][3]["name"], first["stages"][3]["probability"]) == ("Large", "Visit", 30)
    assert program.delete(f"{api}/deal-stages/{stage}").status_code == 204

    partner = program.post(f"{api}/lead-stages", json={"name": "Partner", "kind": "converted"}).json()["id"]
    arrival = {
        "client": "both",
        "deal": True,
        "pipeline_id": pipeline,
        "stage_id": first["stages"][1]["id"],
        "responsible_id": console.seed.people["tom"],
        "team": None,
        "along": ["tags"],
        "values": {"deal": {"source": "partner", "tags": ["hot"]}},
    }
    told = program.put(f"{api}/lead-stages/{partner}", json={"name": "Partner", "on_arrival": arrival})
    assert told.status_code == 204
    assert program.post(f"{api}/lead-stages/{partner}/move", json={"way": "up"}).status_code == 204
    assert program.get(f"{api}/lead-stages").json()["items"][4]["on_arrival"] == arrival
    for wrong in (
        {"stage_id": first["stages"][-1]["id"]},
        {"responsible_id": 404},
        {"team": {"department_id": 404}},
        {"team": {}},
        {"along": ["emails"]},
        {"values": {"dog": {}}},
        {"values": {"deal": {"title": "x"}}},
        {"values": {"deal": {"amount": "lots"}}},
        {"values": {"contact": {"emails": ["a@b.example"]}}},
        {"values": {"deal": ["source"]}},
    ):
        refused = program.put(f"{api}/lead-stages/{partner}", json={"name": "Partner", "on_arrival": wrong})
        assert refused.status_code in (404, 422), wrong
    assert program.get(f"{api}/lead-stages").json()["items"][4]["on_arrival"] == arrival, "as before"
    assert program.delete(f"{api}/pipelines/{pipeline}").status_code == 409
    assert program.delete(f"{api}/lead-stages/{partner}").status_code == 204
    assert program.delete(f"{api}/pipelines/{pipeline}").status_code == 204
    for wrong in ({"name": ""}, {"name": "x", "kind": "dog"}, {}):
        assert program.post(f"{api}/lead-stages", json=wrong).status_code == 422
    assert program.delete(f"{api}/lead-stages/404").status_code == 404
    only_reads = console.program("ines", Scope.RECORDS_READ)
    assert only_reads.post(f"{api}/lead-stages", json={"name": "x"}).status_code == 403
    seller = console.program("diego", Scope.SETTINGS_WRITE)
    assert seller.post(f"{api}/lead-stages", json={"name": "x"}).status_code == 403


GARBAGE: tuple[dict[str, str | list[str]], ...] = (
    {"client": "", "deal": ""},
    {"client": "dog"},
    {"begins_in": "999999"},
    {"begins_in": "first"},
    {"begins_in": "pipeline:999999"},
    {"responsible": "department:999999:round_robin"},
    {"responsible": "999999"},
    {"along": ["emails"]},
    {"deal.amount": "lots"},
)


def chosen(console, stage: int) -> Arrival | None:
    with console.store.database.reading() as session:
        return next(each.on_arrival for each in lead_stages(session, SYSTEM) if each.id == stage)


def test_what_a_stage_makes_of_leads_is_chosen_on_a_page(console, csrf) -> None:
    """Given a page with all that can be chosen, then what was chosen stands there again, and garbage changes nothing."""
    ines = console.browser("ines")
    with console.store.database.unit_of_work() as session:
        stage = next(each.id for each in lead_stages(session, SYSTEM) if each.name == "Converted")
        other = next(each.id for each in lead_stages(session, SYSTEM) if each.name == "New")
        deals_begin = reading.pipelines(session, SYSTEM)[0].stages[1].id
        score = create_field(session, SYSTEM, NewField(RecordType.DEAL, "Rank", FieldKind.CHOICE, ["A", "B"]))
        sales = save_department(session, SYSTEM, NewDepartment("Field sales", people=[console.seed.people["tom"]]))
    page = f"/settings/lead-stages/{stage}/conversion"
    assert f'href="{page}"' in ines.get(PAGE).text
    asked = ines.get(page).text
    assert 'name="converts" value="true" autofocus' in asked
    assert ('value="tags" checked>Tags' in asked, 'value="notes" checked>Notes' in asked) == (True, True)
    form = {
        "csrf": csrf(ines, page),
        "converts": "true",
        "client": "both",
        "deal": "true",
        "begins_in": str(deals_begin),
        "responsible": f"department:{sales}:least_busy",
        "along": ["notes"],
        "deal.source": "fair",
        "deal.amount": "1,200.50",
        f"deal.field_{score}": "B",
        "contact.tags": "fair, new",
    }
    saved = ines.post(page, data=form)
    assert (saved.url.path, "a contact and a company and a deal" in saved.text) == (PAGE, True)

    before = chosen(console, stage)
    assert (before.stage_id, before.team, before.along) == (
        deals_begin,
        Team(sales, None, QueueMethod.LEAST_BUSY),
        ("notes",),
    )
    assert before.values == {
        "deal": {"source": "fair", "amount": 120050, "currency": "EUR", f"field_{score}": "B"},
        "contact": {"tags": ["fair", "new"]},
    }
    again = ines.get(page).text
    for shown in (
        'name="converts" value="true" checked',
        f'<option value="{deals_begin}" selected>',
        f'value="department:{sales}:least_busy" selected>',
        'value="tags">Tags',
        'name="deal.amount" value="1200.50"',
        "<option selected>B</option>",
        'name="contact.tags" value="fair, new"',
    ):
        assert shown in again, shown
    for wrong in (*GARBAGE, {f"deal.field_{score}": "C"}):
        refused = ines.post(page, data={**form, **wrong})
        assert (refused.status_code in (404, 422), "Traceback" in refused.text) == (True, False), wrong
    ines.post(f"/settings/lead-stages/{stage}", data={"csrf": form["csrf"], "name": "Client"})
    assert chosen(console, stage) == before, "garbage, and a new name, change nothing of it"
    assert ines.get(f"/settings/lead-stages/{other}/conversion").status_code == 404
    assert ines.post(f"/settings/lead-stages/{other}/conversion", data=form).status_code == 422
    ines.post(page, data={"csrf": form["csrf"]})
    assert chosen(console, stage) is None
