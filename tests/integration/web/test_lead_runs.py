"""Many leads at once in the console and over the API: ticked, converted or put aside, followed, taken back."""

import re

import pytest

from crm.access.api_tokens import Scope
from crm.records import lead_runs
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository.filtering import ids_matching
from storage.sessions import ReadSession


@pytest.fixture
def leads(console) -> list[int]:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        return [create_lead(session, f"Lead {n}", emails=[f"p{n}@lead{n}.example"]) for n in range(14)]


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_ticked_leads_are_put_aside_and_taken_back(console, csrf, leads) -> None:
    diego = console.browser("diego")
    token = csrf(diego, "/leads")
    done = diego.post("/leads/many", data={"csrf": token, "act": "junk", "id": [str(each) for each in leads[:3]]})
    assert "3 leads are called junk" in words(done)
    assert "every 1000ms" not in done.text
    back = diego.post(f"{done.url.path}/undo", data={"csrf": token})
    assert "3 leads are active again" in words(back)
    assert ">Undo<" not in diego.get(done.url.path).text.replace("</svg>", ">")
    assert diego.post(f"{done.url.path}/undo", data={"csrf": token}).status_code == 409
    assert console.browser("tom").get(done.url.path).status_code == 404


def test_ticked_leads_are_converted_with_progress_and_what_is_left(console, csrf, leads) -> None:
    diego = console.browser("diego")
    token = csrf(diego, "/leads")
    chosen = [str(each) for each in leads]
    asked = diego.post("/leads/many/convert", data={"csrf": token, "id": chosen})
    assert "Convert 14 leads" in words(asked)
    diego.post("/leads/many", data={"csrf": token, "act": "junk", "id": chosen[-1]})

    form = {"csrf": token, "act": "convert", "id": chosen, "client": "contact", "deal": "true"}
    begun = diego.post("/leads/many", data=form)
    assert "8 of 14 leads done" in words(begun)
    part = diego.get(begun.url.path, headers={"hx-request": "true"}).text
    assert ("<html" in part, "every 1000ms" in part) == (False, True)
    lead_runs.go_on(console.store, int(begun.url.path.rpartition("/")[2]))
    ended = words(diego.get(begun.url.path))
    assert "13 leads became clients or deals" in ended
    assert "1 lead stays as it is" in ended
    assert "Lead 13 Only an active lead can be converted." in ended


def test_garbage_changes_nothing(console, csrf, leads) -> None:
    diego = console.browser("diego")
    token = csrf(diego, "/leads")
    for form in (
        {"act": "junk"},
        {"act": "junk", "id": "²"},
        {"act": "explode", "id": str(leads[0])},
        {"act": "change_mode", "id": str(leads[0])},
        {"act": "convert", "id": str(leads[0])},
        {"act": "convert", "id": str(leads[0]), "client": "contact", "pipeline_id": "404"},
    ):
        answer = diego.post("/leads/many", data={"csrf": token, **form})
        assert (answer.status_code, "Traceback" in answer.text) == (422, False), form
    assert "Tick the leads in the list first" in diego.post("/leads/many/convert", data={"csrf": token}).text
    assert diego.get("/leads/runs/1").status_code == 404


def test_programs_do_the_same(console, leads) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    begun = program.post("/api/v1/lead-runs", json={"act": "junk", "leads": leads}).json()
    assert (begun["done"], begun["total"], begun["ended_at"]) == (0, 14, None)
    url = f"/api/v1/lead-runs/{begun['number']}"
    assert program.post(f"{url}/undo").status_code == 409
    lead_runs.go_on(console.store, begun["number"])
    assert (program.get(url).json()["done"], program.get(url).json()["can_be_undone"]) == (14, True)
    back = program.post(f"{url}/undo").json()
    assert (back["act"], back["total"], back["undoes"]) == ("take_up", 14, begun["number"])
    assert program.post("/api/v1/lead-runs", json={"act": "convert", "leads": []}).status_code == 422
    reader = console.program("diego", Scope.RECORDS_READ)
    assert reader.post("/api/v1/lead-runs", json={"act": "junk", "leads": leads}).status_code == 403


def test_runs_are_found_again_and_taken_back_from_there(console, csrf, leads) -> None:
    diego, bin_page = console.browser("diego"), "/settings/recycle-bin"
    token = {"csrf": csrf(diego, "/leads")}
    done = diego.post("/leads/many", data={**token, "act": "junk", "id": [str(each) for each in leads[:3]]})

    found = diego.get(bin_page).text

    assert f'href="{done.url.path}">3 leads called junk</a>' in found
    assert f'action="{done.url.path}/undo"' in found
    assert done.url.path not in console.browser("tom").get(bin_page).text
    diego.post(f"{done.url.path}/undo", data=token)
    after = diego.get(bin_page).text
    assert f'action="{done.url.path}/undo"' not in after
    assert "3 leads taken up again" in after


def test_all_that_a_list_shows_is_looked_for_before_anything_is_held(console, csrf, leads, monkeypatch) -> None:
    """A filter looks through all names: meanwhile nobody else could write."""
    kinds, real = [], ids_matching
    monkeypatch.setattr(
        "web.console.lead_runs.ids_matching",
        lambda session, *more: (kinds.append(type(session)), real(session, *more))[1],
    )
    diego = console.browser("diego")
    form = {"csrf": csrf(diego, "/leads"), "act": "junk", "all": "true", "query": "words=Lead"}
    assert "8 of 14 leads done" in words(diego.post("/leads/many", data=form))
    assert kinds == [ReadSession]
