"""The mode of the CRM in Settings and over the API: what a change would do, the change, and what came of it."""

import re

from crm.access.api_tokens import Scope
from crm.records.lead_runs import go_on
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository.lead_runs import last_change_of_mode


def classic_with_leads(console, count: int) -> None:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        for number in range(count):
            create_lead(session, f"Lead {number}", emails=[f"p{number}@lead{number}.example"])


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_an_administrator_sees_what_would_happen_and_then_what_has(console, csrf) -> None:
    classic_with_leads(console, 3)
    ines = console.browser("ines")
    page = words(ines.get("/settings/crm"))
    assert "active leads become clients and deals." in page

    form = {"csrf": csrf(ines, "/settings/crm"), "mode": "simple", "client": "both"}
    page = words(ines.post("/settings/crm", data=form))
    assert re.search(r"0 of \d+ leads converted", page)
    with console.store.database.reading() as session:
        switch = last_change_of_mode(session)
    go_on(console.store, switch.number)
    done = words(ines.get("/settings/crm/progress"))
    assert f"{switch.total} leads became clients and deals" in done
    assert "every 1500ms" not in ines.get("/settings/crm/progress").text
    lead = next(iter(re.findall(r"/leads/\d+", ines.get("/leads?state=converted&words=Lead").text)))
    assert re.search(r'href="/deals/\d+"', ines.get(lead).text)


def test_a_seller_sees_the_mode_and_can_not_change_it(console, csrf) -> None:
    classic_with_leads(console, 1)
    marta = console.browser("diego")
    assert "An administrator can change this." in marta.get("/settings/crm").text
    refused = marta.post("/settings/crm", data={"csrf": csrf(marta, "/settings/account"), "mode": "simple"})
    assert refused.status_code == 403
    assert "Your role does not let you change the mode of the CRM: ask an administrator." in refused.text


def test_a_page_that_follows_a_change_which_was_taken_back_begins_anew(console) -> None:
    classic_with_leads(console, 1)
    answer = console.browser("ines").get("/settings/crm/progress")
    assert (answer.status_code, answer.headers["hx-refresh"], answer.text) == (200, "true", "")


def test_wrong_words_change_nothing(console, csrf) -> None:
    classic_with_leads(console, 1)
    ines = console.browser("ines")
    token = csrf(ines, "/settings/crm")
    for wrong in ({"mode": "modern"}, {"mode": "simple", "pipeline_id": "404"}, {"mode": "simple", "client": "dog"}):
        assert ines.post("/settings/crm", data={"csrf": token, **wrong}).status_code == 422
    with console.store.database.reading() as session:
        assert last_change_of_mode(session) is None


def test_programs_ask_change_and_follow_it(console) -> None:
    classic_with_leads(console, 2)
    program = console.program("ines", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    now = program.get("/api/v1/crm/mode").json()
    assert (now["mode"], now["switch"], now["active"]["leads"] >= 2) == ("classic", None, True)

    changed = program.put("/api/v1/crm/mode", json={"mode": "simple", "complete_activities": True}).json()
    assert (changed["mode"], changed["switch"]["done"]) == ("simple", 0)
    go_on(console.store, changed["switch"]["number"])
    after = program.get("/api/v1/crm/mode").json()
    assert after["active"]["leads"] == 0
    assert after["switch"]["done"] == after["switch"]["total"] == now["active"]["leads"]

    assert program.put("/api/v1/crm/mode", json={"mode": "simple", "pipeline_id": 404}).status_code == 422
    only_reads = console.program("ines", Scope.SETTINGS_READ)
    assert only_reads.put("/api/v1/crm/mode", json={"mode": "classic"}).status_code == 403


def test_repeat_items_are_switched_and_outlive_a_change_of_mode(console, csrf) -> None:
    ines, program = console.browser("ines"), console.program("ines", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    box = 'name="on" value="true" checked'
    token = csrf(ines, "/settings/crm")
    assert box in ines.get("/settings/crm").text
    assert box not in ines.post("/settings/crm/repeat", data={"csrf": token}).text
    ines.post("/settings/crm", data={"csrf": token, "mode": "classic"})
    told = program.get("/api/v1/crm/mode").json()
    assert (told["mode"], told["repeat_items"]) == ("classic", False)
    assert program.put("/api/v1/crm/mode/repeat", json={"on": True}).status_code == 204
    assert box in ines.get("/settings/crm").text
    assert program.put("/api/v1/crm/mode/repeat", json={"on": "perhaps"}).status_code == 422
    diego = console.browser("diego")
    refused = diego.post("/settings/crm/repeat", data={"csrf": csrf(diego, "/settings/account")})
    assert (refused.status_code, box in ines.get("/settings/crm").text) == (403, True)


def test_leads_that_are_left_in_simple_mode_are_converted_when_asked(console, csrf) -> None:
    classic_with_leads(console, 2)
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.SIMPLE))
    ines = console.browser("ines")
    form = {"csrf": csrf(ines, "/settings/crm"), "mode": "simple", "client": "both"}

    saved = ines.post("/settings/crm", data=form)

    program = console.program("ines", Scope.SETTINGS_READ)
    assert ("are left" in saved.text, program.get("/api/v1/crm/mode").json()["switch"]) == (True, None)
    ines.post("/settings/crm", data={**form, "convert": "true"})
    assert program.get("/api/v1/crm/mode").json()["switch"]["total"] >= 2
