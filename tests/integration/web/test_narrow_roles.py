"""What people of narrow roles are answered, by pages and over the API."""

import re
from typing import Any

import httpx

from crm.access.api_tokens import Scope
from crm.access.rights import Act, Connecting, Rights
from crm.access.rights import Scope as Reach
from crm.access.roles import keeping
from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import Order, RecordFilter
from seeds.console import Console, csrf_of
from storage.models import RecordType
from web.record_queries import next_page

OWN = Rights({kind: dict.fromkeys(Act, Reach.OWN) for kind in RecordType}, works=True, connects=Connecting.OWN)


def send(browser: httpx.Client, path: str, **form: Any) -> httpx.Response:
    answer = browser.post(path, data={"csrf": csrf_of(browser, "/settings/account"), **form})
    assert answer.status_code == 200, answer.text
    return answer


def give(console: Console, who: str, rights: Rights) -> None:
    """A role of their own for one of the company's people."""
    with console.store.database.unit_of_work() as session:
        role = keeping.create_role(session, Viewer.system(), f"{who}'s own", rights)
        keeping.give_role(session, Viewer.system(), console.seed.people[who], role)


def test_a_page_by_name_begins_behind_the_one_before_and_garbage_is_no_place(console: Console) -> None:
    browser = console.browser("ines")
    for name in ("Zq Łucja", "zq łucja", "Zq. 李 小龙"):
        console.program("ines", Scope.RECORDS_WRITE).post("/api/v1/contacts", json={"name": name})
    with console.store.database.reading() as session:
        people = reading.contacts(session, Viewer.system(), RecordFilter(order=Order.NAME, limit=1000))
    for one, following in zip(people[-4:], people[-3:], strict=False):
        place = next_page(RecordFilter(order=Order.NAME), one)
        shown = browser.get("/contacts", params={"order": "name", "before": place}).text
        assert re.findall(r'href="/contacts/(\d+)"', shown)[0] == str(following.id)
    for garbage in ("x", ".", "5", "5.\0", f"7.{'x' * 3000}", "99999999999999999999.a", "٣.b", "-1.a"):
        answer = browser.get("/contacts", params={"order": "name", "before": garbage})
        assert answer.status_code in (200, 422), garbage


def test_saving_a_role_keeps_what_its_form_does_not_show(console: Console) -> None:
    ines = console.browser("ines")
    fields = "/settings/fields"
    send(ines, fields, record_type="contact", name="Passport", kind="text")
    page = ines.get(f"{fields}?kind=contact").text
    number = re.findall(rf'href="{fields}/(\d+)"', page)[-1]
    role = str(send(ines, "/settings/roles", name="Abroad", begin="own-deals").url.path)
    shown = dict.fromkeys(re.findall(r'name="(record\.[a-z]+\.[a-z]+)"', ines.get(role).text), "none")
    send(ines, role, name="Abroad", works="true", **shown, **{f"field.contact.field_{number}": "hidden"})

    def chosen() -> list[str]:
        found = re.search(rf'name="field.contact.field_{number}".*?</select>', ines.get(role).text, re.DOTALL)
        return re.findall(r'value="(\w*)" selected', found.group()) if found else ["not shown"]

    assert chosen() == ["hidden"]
    send(ines, f"{fields}/{number}/remove")
    assert chosen() == ["not shown"]
    send(ines, role, name="Abroad", works="true", **shown)
    send(ines, f"{fields}/{number}/restore")
    assert chosen() == ["hidden"], "and not open to all of the role"
    send(ines, role, name="Abroad", works="true", **shown, **{f"field.contact.field_{number}": "edit"})
    assert chosen() == ["edit"]


def test_why_somebody_is_away_is_theirs_and_administrators(console: Console) -> None:
    every = (Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    marta, diego, ines = (console.program(who, *every) for who in ("marta", "diego", "ines"))
    absences = f"/api/v1/people/{console.seed.people['marta']}/absences"
    away = {"first_day": "2027-01-04", "last_day": "2027-01-08", "note": "Hospital"}
    assert marta.post(absences, json=away).status_code == 201
    for program, note in ((marta, "Hospital"), (ines, "Hospital"), (diego, "")):
        (told,) = program.get(absences).json()["items"]
        assert (told["first_day"], told["note"]) == ("2027-01-04", note)


def test_programs_hear_what_became_of_records_that_they_give_away(console: Console) -> None:
    give(console, "diego", OWN)
    diego = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    made = diego.post("/api/v1/contacts", json={"name": "Gina Given"}).json()["id"]

    given = diego.patch(
        f"/api/v1/contacts/{made}", json={"responsible_id": console.seed.people["marta"], "notes": "Yours"}
    )

    assert (given.status_code, given.json()) == (
        200,
        {"responsible_id": console.seed.people["marta"], "notes": "Yours"},
    ), "what was changed, for the rest is not theirs to read any more"
    assert diego.get(f"/api/v1/contacts/{made}").status_code == 404
    assert diego.patch(f"/api/v1/contacts/{made}", json={"notes": "Mine"}).status_code == 404
    marta = console.program("marta", Scope.RECORDS_READ)
    assert marta.get(f"/api/v1/contacts/{made}").json()["notes"] == "Yours"


def test_who_may_not_delete_is_not_asked_whether_to(console: Console) -> None:
    see = dict.fromkeys((Act.SEE, Act.EDIT), Reach.ALL)
    give(console, "diego", Rights(dict.fromkeys(RecordType, see), works=True))
    with console.store.database.reading() as session:
        contact = reading.contacts(session, Viewer.system(), RecordFilter(limit=1))[0].id
    diego = console.browser("diego")
    asked = diego.get(f"/records/contact:{contact}/delete")
    assert (asked.status_code, "does not let you delete" in asked.text) == (403, True)
    assert "/delete" not in diego.get(f"/contacts/{contact}").text
    words = console.browser("ines").get(f"/records/contact:{contact}/delete").text
    assert "Who may delete it can restore it for 30 days." in words
    refused = diego.post("/settings/pipelines", data={"csrf": csrf_of(diego, "/settings/account"), "name": "Mine"})
    assert (refused.status_code, "Your role does not let you change pipelines" in refused.text) == (403, True)
