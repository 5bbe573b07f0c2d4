"""Ticked records of a list deleted, moved, exported and merged; all that its filter shows; stopped and taken back."""

import csv
import re

import pytest
from sqlalchemy import update

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records import lead_runs
from crm.records.bulk import acts, editing
from crm.records.bulk.editing import edit_all
from crm.records.bulk.undoing import undo_all
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.views import RecordFilter
from storage.models import Lead, Role, User

SYSTEM = Viewer.system()
CUPS = RecordFilter(tag="cups")


def contacts(console) -> dict[str, int]:
    with console.store.database.reading() as session:
        return {one.name: one.id for one in reading.contacts(session, SYSTEM, CUPS)}


def number_of(answer) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.url.path.rpartition("/")[2])


@pytest.fixture
def ids(console) -> dict[str, int]:
    """More people than one page of the list shows."""
    with console.store.database.unit_of_work() as session:
        for number in range(70):
            create_contact(session, f"Cup {number:02}", tags=["cups"])
    return contacts(console)


def test_ticked_contacts_are_exported_and_merged(console, csrf, ids, monkeypatch: pytest.MonkeyPatch) -> None:
    diego = console.browser("diego")
    page = diego.get("/contacts?tag=cups").text
    assert all(f'formaction="/bulk/contact/ask/{act}"' in page for act in ("merge", "export", "delete"))
    assert "ask/move" not in page
    assert page.count('name="id"') == 60
    assert "data-ticks-all" in page
    token = {"csrf": csrf(diego, "/contacts")}
    two = {**token, "id": [ids["Cup 03"], ids["Cup 07"]], "query": "order=name&tag=cups"}

    # When two are exported, then the file has these two, in the order of the list.
    asked = diego.post("/bulk/contact/ask/export", data=two).text
    assert "Export 2 contacts" in asked
    sent = {**token, "ids": re.search(r'name="ids" value="([^"]*)"', asked)[1], "query": two["query"], "form": "csv"}
    rows = list(csv.reader(diego.post("/bulk/contact/export", data=sent).content.decode("utf-8-sig").splitlines()))
    assert [row[rows[0].index("Name")] for row in rows[1:]] == ["Cup 03", "Cup 07"]
    everything = diego.post("/bulk/contact/ask/export", data={**two, "all": "true"}).text
    assert "Export 70 contacts" in everything
    assert 'href="/contacts.xlsx?order=name&amp;tag=cups"' in everything

    # When they are to be merged, then their fields stand side by side.
    side = diego.post("/bulk/contact/ask/merge", data=two)
    assert side.url.path == f"/records/contact:{ids['Cup 03']}/merge"
    assert side.url.query == f"with={ids['Cup 07']}".encode()

    # When the list shows more than are changed at once, then all of it is exported, and the rest refused before it is asked.
    monkeypatch.setattr(acts, "MOST_RECORDS", 69)
    all_of_it = {**token, "all": "true", "query": two["query"]}
    everything = diego.post("/bulk/contact/ask/export", data=all_of_it).text
    assert "Export all that this list shows" in everything
    assert "and many more" in everything
    assert 'href="/contacts.xlsx?order=name&amp;tag=cups"' in everything
    for path in ("/bulk/contact/ask/delete", "/bulk/contact"):
        refused = diego.post(path, data=all_of_it)
        assert refused.status_code == 422, path
        assert "At most 69 records are changed at once: narrow the list down." in refused.text


def test_all_that_a_list_shows_are_deleted_stopped_and_taken_back(console, csrf, ids) -> None:
    diego = console.browser("diego")
    token = {"csrf": csrf(diego, "/contacts")}
    # When all that the list shows are deleted, then they are, on all pages, and come back together.
    asked = diego.post("/bulk/contact/ask/delete", data={**token, "all": "true", "query": "tag=cups"}).text
    assert "Delete 70 contacts?" in asked
    assert "and 65 more" in asked
    sent = {**token, "ids": re.search(r'name="ids" value="([^"]*)"', asked)[1]}
    act = number_of(diego.post("/bulk/contact/delete", data=sent))
    begun = diego.get(f"/bulk/{act}").text
    assert f'action="/bulk/{act}/stop"' in begun
    edit_all(console.store, act)
    assert contacts(console) == {}
    assert "70 records were deleted: they are in the" in diego.get(f"/bulk/{act}").text
    assert "70 contacts deleted" in diego.get("/settings/recycle-bin").text
    assert "Undoing: 0 of 70" in diego.post(f"/bulk/{act}/undo", data=token).text
    undo_all(console.store, act)
    assert contacts(console) == ids

    # When one is stopped, then it says so and has ended; who may not see it may not stop it.
    act = number_of(diego.post("/bulk/contact/delete", data=sent))
    tom = console.browser("tom")
    assert tom.post(f"/bulk/{act}/stop", data={"csrf": csrf(tom, "/contacts")}).status_code == 404
    assert "It was stopped" in diego.post(f"/bulk/{act}/stop", data=token).text
    edit_all(console.store, act)
    assert contacts(console) == ids
    assert diego.post(f"/bulk/{act}/stop", data=token).status_code == 409


def test_what_makes_no_sense_or_is_not_theirs_is_refused_and_changes_nothing(console, csrf, ids) -> None:
    diego = console.browser("diego")
    token = {"csrf": csrf(diego, "/contacts")}
    for path, wrong in (
        ("/bulk/contact/ask/delete", {}),
        ("/bulk/contact/ask/delete", {"all": "true", "query": "tag=nowhere"}),
        ("/bulk/contact/ask/merge", {"id": ids["Cup 03"]}),
        ("/bulk/contact/ask/merge", {"id": list(ids.values())[:11]}),
        ("/bulk/contact/ask/merge", {"all": "true", "query": "tag=cups"}),
        ("/bulk/deal/ask/merge", {"id": [1, 2]}),
        ("/bulk/contact/ask/move", {"id": ids["Cup 03"]}),
        ("/bulk/contact/move", {"ids": "1", "stage": "1"}),
        ("/bulk/deal/move", {"ids": "1", "stage": "x"}),
        ("/bulk/deal/move", {"ids": "1", "stage": "99999999999999999999"}),
        ("/bulk/contact/delete", {"ids": "x,²,99999999999"}),
        ("/bulk/contact/export", {"ids": "1", "form": "exe"}),
        ("/bulk/contact/export", {"form": "csv"}),
        ("/bulk/contact/export", {"ids": ",".join(map(str, range(1001))), "form": "csv"}),
        ("/bulk/contact/ask/dance", {"id": 1}),
        ("/bulk/dog/ask/delete", {"id": 1}),
        (f"/bulk/{10**30}/stop", {}),
    ):
        assert diego.post(path, data={**token, **wrong}).status_code == 422, path
    assert contacts(console) == ids

    # A guest is offered and allowed none of it.
    with console.store.database.unit_of_work() as session:
        session.execute(update(User).where(User.email.like("ines@%")).values(role=Role.GUEST))
    ines = console.browser("ines")
    assert "tick-cell" not in ines.get("/contacts").text
    token = {"csrf": csrf(ines, "/contacts")}
    for path in ("ask/delete", "ask/merge", "ask/export", "delete", "export"):
        sent = {**token, "id": ids["Cup 03"], "ids": ids["Cup 03"], "form": "csv"}
        assert ines.post(f"/bulk/contact/{path}", data=sent).status_code == 403, path


def test_ticked_deals_and_leads_are_moved(console, csrf) -> None:
    with console.store.database.unit_of_work() as session:
        deals = [create_deal(session, f"Cup {number}") for number in range(3)]
        leads = [create_lead(session, f"Cup {number}") for number in range(12)]
        stages = reading.pipelines(session, SYSTEM)[0].stages
    diego = console.browser("diego")
    token = {"csrf": csrf(diego, "/contacts")}
    assert 'formaction="/bulk/deal/ask/move"' in diego.get("/deals?shape=list&words=cup").text
    asked = diego.post("/bulk/deal/ask/move", data={**token, "all": "true", "query": "shape=list&words=cup"}).text
    assert "Move 3 deals" in asked
    assert f'<option value="{stages[1].id}">{stages[1].name}' in asked
    sent = {**token, "ids": ",".join(map(str, deals)), "stage": stages[1].id}
    act = number_of(diego.post("/bulk/deal/move", data=sent))
    edit_all(console.store, act)
    assert "3 records were moved" in diego.get(f"/bulk/{act}").text
    with console.store.database.reading() as session:
        assert {one.stage.id for one in reading.deals(session, SYSTEM, RecordFilter(words="cup"))} == {stages[1].id}

    page = diego.get("/leads?words=cup").text
    assert page.index(">Convert<") < page.index('formaction="/bulk/lead/ask/move"')
    asked = diego.post("/bulk/lead/ask/move", data={**token, "id": leads[:2]}).text
    assert "Move 2 leads" in asked
    assert ">Junk</option>" not in asked, "only stages of active leads"

    run = number_of(diego.post("/leads/many", data={**token, "act": "junk", "id": leads}))
    assert f'action="/leads/runs/{run}/stop"' in diego.get(f"/leads/runs/{run}").text
    assert "It was stopped" in diego.post(f"/leads/runs/{run}/stop", data=token).text
    lead_runs.go_on(console.store, run)
    with console.store.database.reading() as session:
        junk = {row.id for row in session.query(Lead) if row.state == "junk"}
    assert len(junk & set(leads)) == lead_runs.AT_ONCE
    assert diego.post(f"/leads/runs/{run}/stop", data=token).status_code == 409
    lead_runs.go_on(console.store, number_of(diego.post(f"/leads/runs/{run}/undo", data=token)))
    with console.store.database.reading() as session:
        assert not {row.id for row in session.query(Lead) if row.state == "junk"} & set(leads)


def test_programs_delete_move_and_stop_and_are_told_which_act_it_is(console, monkeypatch) -> None:
    monkeypatch.setattr(editing, "AT_ONCE", 2)
    diego, tom = (console.program(who, Scope.RECORDS_READ, Scope.RECORDS_WRITE) for who in ("diego", "tom"))
    url = "/api/v1/bulk-edits"
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        people = [create_contact(session, f"Cup {number}", tags=["cups"]) for number in range(5)]
        deal, lead = create_deal(session, "Cups"), create_lead(session, "Cups")
        stage = reading.pipelines(session, SYSTEM)[0].stages[1].id
        of_leads = {one.name: one.id for one in lead_stages(session, SYSTEM)}

    # Given a deletion that has begun, when it is stopped, then the rest stays, and what was done can be taken back.
    begun = diego.post(url, json={"act": "delete", "record_type": "contact", "records": people}).json()
    assert (begun["act"], begun["total"]) == ("delete", 5)
    one = f"{url}/{begun['id']}"
    with console.store.database.unit_of_work() as session:
        editing.edit_some(session, begun["id"])
    assert tom.post(f"{one}/stop").status_code == 404, "others' acts are theirs"
    assert [diego.post(f"{one}/stop").status_code for _ in range(2)] == [204, 409]
    edit_all(console.store, begun["id"])
    told = diego.get(one).json()
    assert (told["done"], told["changed"], told["stopped"][:15]) == (2, 2, "It was stopped:")
    assert len(contacts(console)) == 3
    assert diego.post(f"{one}/undo").status_code == 204
    undo_all(console.store, begun["id"])
    assert len(contacts(console)) == 5

    # When deals and leads are moved, then they stand there.
    moves = (("deal", deal, stage), ("lead", lead, of_leads["Qualified"]))
    for kind, number, to in moves:
        new = {"act": "move", "record_type": kind, "records": [number], "stage_id": to}
        moved = diego.post(url, json=new).json()
        edit_all(console.store, moved["id"])
        assert diego.get(f"{url}/{moved['id']}").json()["changed"] == 1
    assert diego.get(f"/api/v1/leads/{lead}").json()["stage"]["id"] == of_leads["Qualified"]
    listed = diego.get(url).json()["items"]
    assert [(each["act"], each["record_type"]) for each in listed] == [
        ("move", "lead"),
        ("move", "deal"),
        ("delete", "contact"),
    ]

    # What does not go together is refused, and nothing begins.
    move = {"act": "move", "record_type": "deal", "records": [deal], "stage_id": stage}
    for code, wrong in (
        (422, {**move, "stage_id": None}),
        (422, {**move, "set": {"notes": "x"}}),
        (422, {**move, "act": "delete"}),
        (422, {**move, "act": "edit", "set": {"notes": "x"}}),
        (422, {**move, "act": "merge"}),
        (422, {**move, "record_type": "contact"}),
        (422, {**move, "record_type": "lead", "stage_id": of_leads["Junk"]}),
        (404, {**move, "stage_id": 404}),
        (422, {"act": "delete", "record_type": "deal", "records": []}),
        (422, {"act": "delete", "record_type": "deal", "records": [deal], "add_tags": ["x"]}),
    ):
        assert diego.post(url, json=wrong).status_code == code, wrong
    assert diego.get(url).json()["items"] == listed


def test_programs_stop_runs_over_leads_and_list_them(console) -> None:
    diego, tom = (console.program(who, Scope.RECORDS_READ, Scope.RECORDS_WRITE) for who in ("diego", "tom"))
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        leads = [create_lead(session, f"Cups {number}") for number in range(3)]
    number = diego.post("/api/v1/lead-runs", json={"act": "junk", "leads": leads}).json()["number"]
    one = f"/api/v1/lead-runs/{number}"

    assert tom.post(f"{one}/stop").status_code == 404
    assert [diego.post(f"{one}/stop").status_code for _ in range(2)] == [204, 409]
    lead_runs.go_on(console.store, number)
    told = diego.get("/api/v1/lead-runs").json()["items"]
    assert [(run["number"], run["act"], run["done"], run["stopped"][:15]) for run in told] == [
        (number, "junk", 0, "It was stopped:")
    ]
    assert tom.get("/api/v1/lead-runs").json()["items"] == []
