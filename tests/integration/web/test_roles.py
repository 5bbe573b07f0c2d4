"""Roles, departments and people's rights on pages and over the API."""

import re
from typing import Any

import httpx

from crm.access.api_tokens import Scope
from seeds.console import Console, csrf_of

ROLES = "/settings/roles"


def selected(page: str, name: str) -> str:
    """What is chosen in the select of that name."""
    found = re.search(rf'name="{re.escape(name)}".*?</select>', page, re.DOTALL)
    assert found, name
    return re.findall(r'value="(\w*)" selected', found.group())[0]


def send(browser: httpx.Client, path: str, **form: Any) -> httpx.Response:
    return browser.post(path, data={"csrf": csrf_of(browser, "/settings/account"), **form})


def test_a_role_is_made_changed_given_looked_through_and_removed(console: Console) -> None:
    ines, diego = console.browser("ines"), console.browser("diego")
    person = f"/settings/people/{console.seed.people['diego']}"

    # When a role is made as one that is often wanted, and changed in its form
    page = send(ines, ROLES, name="Sales abroad", begin="own-deals")
    role = str(page.url.path)
    number = role.rsplit("/", 1)[1]
    assert (selected(page.text, "record.deal.see"), selected(page.text, "record.contact.see")) == ("own", "all")
    form = {name: selected(page.text, name) for name in re.findall(r'name="([a-z]+\.[a-z]+\.[a-z_]+)"', page.text)}
    form |= {"record.company.see": "none", "field.contact.position": "hidden", "works": "true", "name": "Abroad"}
    saved = send(ines, role, **form)

    # Then the form shows it as it is, and says it in words
    assert "Saved." in saved.text
    assert selected(saved.text, "record.company.see") == "none"
    assert selected(saved.text, "field.contact.position") == "hidden"
    assert "Sees all contacts, their own leads and deals" in saved.text

    # And when somebody gets it, they and the page of them tell the same
    send(ines, f"{person}/role", role=number)
    told = ines.get(person).text
    assert re.search(r"<b>Companies</b>: sees none of \d+", told)
    assert re.search(r"<b>Deals</b>: sees \d+ of \d+", told)
    assert "Contacts: Position" in told
    assert diego.get("/companies").text.count('href="/companies/') == 0
    assert 'href="/companies"' not in diego.get("/").text

    # And it goes only when its people get another one
    asked = ines.get(f"{role}/remove").text
    assert "1 person has it" in asked
    assert send(ines, f"{role}/remove").status_code == 409
    assert send(ines, f"{role}/remove", move_to=number).status_code == 422
    assert send(ines, f"{role}/remove", move_to="5").status_code == 200
    assert diego.get("/companies").status_code == 200
    assert send(diego, "/contacts", name="X").status_code == 403, "guests add nothing"


def test_what_can_not_be_is_told_in_the_form_which_keeps_what_was_typed(console: Console) -> None:
    ines = console.browser("ines")
    refused = send(ines, ROLES, name="Seller", begin="own")
    assert (refused.status_code, "There is a role Seller already" in refused.text) == (409, True)
    assert 'value="Seller"' in refused.text
    assert send(ines, ROLES, name="X", begin="everything").status_code == 422
    role = str(send(ines, ROLES, name="Mine", begin="own").url.path)
    for wrong in ({"record.deal.see": "most"}, {"record.invoice.see": "all"}, {"field.contact.name": "hidden"}):
        answer = send(ines, role, **{"name": "Mine", "works": "true", **wrong})
        assert answer.status_code == 422, wrong
        assert 'role="alert"' in answer.text
    assert selected(ines.get(role).text, "record.deal.see") == "own", "nothing was saved"
    administrator = send(ines, f"{ROLES}/1", **{"record.deal.see": "none"})
    assert administrator.status_code == 409
    department = send(ines, "/settings/departments", name=" ", member=str(console.seed.people["tom"]))
    assert (department.status_code, "needs a name" in department.text) == (422, True)
    assert send(ines, "/settings/departments", name="Sales", parent="4711").status_code == 422
    assert ines.get(f"{ROLES}/4711").status_code == 404
    assert ines.get("/settings/people/4711").status_code == 404


def test_who_has_no_rights_sees_their_account_and_a_sentence(console: Console) -> None:
    ines, tom = console.browser("ines"), console.browser("tom")
    send(ines, f"/settings/people/{console.seed.people['tom']}/role", role="none")
    answer = tom.get("/deals")
    assert (answer.status_code, "ask an administrator to give you a role" in answer.text) == (403, True)
    assert tom.get("/settings/account").status_code == 200
    send(ines, "/settings/departments", name="All", role="2", member=str(console.seed.people["tom"]))
    assert tom.get("/deals").status_code == 200, "a department's role is a role"


def test_programs_make_roles_and_departments_and_are_told_what_somebody_may(console: Console) -> None:
    ines = console.program("ines", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE, Scope.RECORDS_READ)
    diego = console.program("diego", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE, Scope.RECORDS_READ)
    person = f"/api/v1/people/{console.seed.people['diego']}"
    rights = {"records": {"deal": {"see": "department", "edit": "own"}}, "works": True}

    made = ines.post("/api/v1/roles", json={"name": "Deals", "rights": rights})
    role = made.json()["id"]
    assert ines.put(f"{person}/role", json={"role_id": role}).status_code == 204
    seen = diego.get(f"{person}/rights").json()
    assert seen["rights"]["records"]["deal"]["see"] == "department"
    assert 0 < seen["reached"]["deal"]["counts"]["see"] == seen["reached"]["deal"]["all"], (
        "how many others there are is not told"
    )
    assert seen["reached"]["contact"] == {"all": 0, "counts": {"see": 0, "edit": 0, "delete": 0, "export": 0}}
    new = {"name": "Sales", "people": [console.seed.people[key] for key in ("diego", "marta")]}
    department = ines.post("/api/v1/departments", json=new).json()["id"]
    more = diego.get(f"{person}/rights").json()["reached"]["deal"]["counts"]["see"]
    assert more > seen["reached"]["deal"]["counts"]["see"]
    assert diego.get("/api/v1/contacts").json()["items"] == []
    assert diego.get(f"/api/v1/people/{console.seed.people['marta']}/rights").status_code == 403
    assert diego.post("/api/v1/roles", json={"name": "Mine", "rights": rights}).status_code == 403
    assert ines.delete(f"/api/v1/roles/{role}").status_code == 409
    assert ines.delete(f"/api/v1/roles/{role}", params={"move_to": 3}).status_code == 204
    assert ines.delete(f"/api/v1/departments/{department}").status_code == 204
    bad = ines.post("/api/v1/roles", json={"name": "Bad", "rights": {"records": {"deal": {"see": "some"}}}})
    assert (bad.status_code, bad.json()["detail"]) == (422, "In a scope stands one of: none, own, department, all.")


def test_nobody_but_its_owner_shows_more_of_a_personal_mailbox(console: Console) -> None:
    ines, marta = console.browser("ines"), console.browser("marta")
    page = f"/settings/mailboxes/{console.seed.mailboxes['marta']}"
    assert send(marta, f"{page}/privacy", level="subject").status_code == 200

    refused = send(ines, f"{page}/privacy", level="everything")

    assert (refused.status_code, "Only who owns this mailbox" in refused.text) == (403, True)
    assert send(ines, f"{page}/privacy", level="metadata").status_code == 200, "less may be shown"
    assert send(ines, f"{page}/privacy", level="subject").status_code == 403
    assert send(marta, f"{page}/privacy", level="everything").status_code == 200
