"""A company or lead that is there already is pointed at before it is added twice; what somebody may not see is not."""

from typing import Any

import httpx
import pytest

from crm.access.api_tokens import Scope
from crm.access.rights import Act, Connecting, Rights
from crm.access.rights import Scope as Reach
from crm.access.roles import keeping
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.duplicates import find_duplicates
from crm.records.leads import create_lead, put_aside
from crm.records.modes import CrmMode, Mode, write_mode
from seeds.console import Console
from storage.models import RecordType


@pytest.fixture
def known(console: Console) -> dict[str, int]:
    """A company, a contact of it and a lead, whom nobody is responsible for."""
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        company = create_company(session, "Known Mills", domain="known-mills.example", phones=["+48 22 555 01 01"])
        contact = create_contact(session, "Known Kim", emails=["kim@known-mills.example"], company_id=company)
        lead = create_lead(session, "Known wish", emails=["wish@elsewhere.example"], phones=["+48 601 234 567"])
        junk = create_lead(session, "Known junk", emails=["junk@elsewhere.example"])
        put_aside(session, junk)
    return {"company": company, "contact": contact, "lead": lead}


def test_each_way_in_points_at_who_is_there_and_adds_anyway(console: Console, csrf, known) -> None:
    diego = console.browser("diego")
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    token = csrf(diego, "/companies/new")

    def typed(plural: str, **values: Any) -> httpx.Response:
        return diego.post(f"/{plural}", data={"csrf": token, **values})

    again = {"name": "Mills <b>", "domain": "https://www.KNOWN-mills.example/", "tags": "vip, fair"}
    for asked, path in (
        (typed("companies", **again), f"/companies/{known['company']}"),
        (typed("companies", name="M", phones="0048 22 555 01 01"), f"/companies/{known['company']}"),
        (typed("leads", title="Cups", emails="KIM@known-mills.example"), f"/contacts/{known['contact']}"),
        (typed("leads", title="Cups", phones="601 234 567"), f"/leads/{known['lead']}"),
        (typed("contacts", name="Wish", emails="wish@elsewhere.example"), f"/leads/{known['lead']}"),
    ):
        assert asked.status_code == 409
        assert f'href="{path}"' in asked.text
        assert "already" in asked.text
    assert 'value="vip, fair"' in typed("companies", **again).text
    assert 'Add anyway<span class="sr"> Mills &lt;b&gt;' in typed("companies", **again).text
    assert typed("companies", **again, anyway="true").url.path not in ("/companies", f"/companies/{known['company']}")
    assert typed("leads", title="New", emails="junk@elsewhere.example").status_code == 200, "junk is no open question"

    repeat = {"title": "More cups", "emails": "kim@known-mills.example", "anyway": "true"}
    page = typed("leads", **repeat, contact_id=str(known["contact"]))
    lead = program.get(f"/api/v1{page.url.path}").json()
    assert (lead["repeat"], lead["contact"]["id"], lead["company"]["id"]) == (True, known["contact"], known["company"])
    assert typed("leads", **repeat, contact_id=str(known["contact"] + 100_000)).status_code == 404
    assert typed("leads", **repeat, contact_id="x").status_code == 422

    url = "/api/v1/companies"
    told = program.post(url, json={"name": "M", "domain": "known-mills.example"})
    assert (told.status_code, told.json()["known"][0]["id"]) == (409, known["company"])
    assert program.post(f"{url}?anyway=true", json={"name": "M", "domain": "known-mills.example"}).status_code == 201
    told = program.post("/api/v1/leads", json={"title": "M", "emails": ["kim@known-mills.example"]})
    assert [one["type"] for one in told.json()["known"]][:1] == ["contact"]
    url = "/api/v1/leads"
    repeat = program.post(url, json={"title": "Jugs", "contact_id": known["contact"]}).json()["id"]
    lead = program.get(f"{url}/{repeat}").json()
    assert (lead["repeat"], lead["contact"]["id"], lead["company"]["id"]) == (True, known["contact"], known["company"])
    for wrong in (known["contact"] + 100_000, "x", 10**40):
        assert program.post(url, json={"title": "Jugs", "contact_id": wrong}).status_code in (404, 422), wrong


def test_what_somebody_may_not_see_is_not_said(console: Console, csrf, known) -> None:
    own = Rights({kind: dict.fromkeys(Act, Reach.OWN) for kind in RecordType}, works=True, connects=Connecting.OWN)
    with console.store.database.unit_of_work() as session:
        role = keeping.create_role(session, Viewer.system(), "own only", own)
        keeping.give_role(session, Viewer.system(), console.seed.people["diego"], role)
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    for plural, new in (
        ("companies", {"name": "Mills", "domain": "known-mills.example", "phones": ["+48 22 555 01 01"]}),
        ("leads", {"title": "Cups", "emails": ["wish@elsewhere.example"]}),
        ("contacts", {"name": "Kim", "emails": ["kim@known-mills.example"]}),
    ):
        assert program.post(f"/api/v1/{plural}", json=new).status_code == 201, "nobody is told who is hidden from them"


def test_a_lead_of_a_known_client_is_said_to_be_theirs_and_twins_are_shown(console: Console, csrf, known) -> None:
    with console.store.database.unit_of_work() as session:
        lead, twin = (create_lead(session, title, emails=["kim@known-mills.example"]) for title in ("Jugs", "Jugs <i>"))
    find_duplicates(console.store)
    diego = console.browser("diego")
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    assert "Duplicates (1)" in diego.get("/leads").text
    page = diego.get("/leads/duplicates").text
    assert "Of clients you know" in page
    assert f"/records/lead:{lead}/merge?with={twin}" in page
    assert "<i>" not in page
    assert diego.get("/leads/duplicates?page=9").status_code == 404
    [group] = program.get("/api/v1/leads/duplicates").json()["items"]
    assert ([one["id"] for one in group["records"]], group["reasons"]) == ([lead, twin], ["email"])
    shown = diego.get(f"/leads/{lead}").text
    assert "You know this client" in shown
    assert f'href="/leads/{twin}"' in shown

    token = csrf(diego, f"/leads/{lead}")
    theirs = diego.post(f"/leads/{lead}/client", data={"csrf": token, "contact": known["contact"]})
    assert "Not theirs" in theirs.text
    assert "You know this client" not in theirs.text
    assert program.get(f"/api/v1/leads/{lead}").json()["contact"]["id"] == known["contact"]
    assert "You know this client" in diego.post(f"/leads/{lead}/client", data={"csrf": token}).text
    for wrong in ("x", "0", str(10**40)):
        assert diego.post(f"/leads/{lead}/client", data={"csrf": token, "contact": wrong}).status_code in (404, 422)
    url = f"/api/v1/leads/{lead}/client"
    assert program.post(url, json={"contact_id": known["contact"] + 100_000}).status_code == 404
    assert program.post(url, json={}).status_code == 422
    assert program.post(url, json={"contact_id": known["contact"]}).status_code == 204
    assert program.post("/api/v1/leads/duplicates/dismiss", json={"ids": [lead, twin]}).status_code == 204
    assert program.get("/api/v1/leads/duplicates").json()["items"] == []
