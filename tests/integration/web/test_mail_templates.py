"""Templates of single mails in Settings, where a mail is written, and over the API."""

import re

from sqlalchemy import func, select

from crm.access.api_tokens import Scope
from storage.models import Outgoing


def make(browser, csrf, **fields):
    form = {"csrf": csrf(browser, "/settings/templates"), "name": "Offer", "subject": "", "text": "Hello", **fields}
    return browser.post("/settings/templates", data=form)


def number(page) -> str:
    return re.search(r"/settings/templates/(\d+)", page.text).group(1)


def test_one_is_made_shared_changed_and_deleted_in_settings(console, csrf) -> None:
    marta, tom = console.browser("marta"), console.browser("tom")
    wrong = make(marta, csrf, name="Offer", text="Dear {{ contact.fist_name }}")
    assert wrong.status_code == 422
    assert "did you mean contact.first_name" in wrong.text
    assert "Dear {{ contact.fist_name }}</textarea>" in wrong.text, "what was typed stays"

    kept = make(marta, csrf, text="Dear {{ contact.first_name }}")
    assert "The template is kept." in kept.text
    url = f"/settings/templates/{number(kept)}"
    assert tom.get(url).status_code == 404
    change = {"csrf": csrf(marta, url), "name": "Offer", "text": "Dear all", "shared": "true"}
    assert (
        "everybody&#39;s" in marta.post(url, data=change).text or "everybody's" in marta.get("/settings/templates").text
    )
    assert "A colleague shares this template" in tom.get(url).text
    theirs = {**change, "csrf": csrf(tom, "/settings/templates")}
    assert tom.post(url, data=theirs).status_code == 403
    assert tom.post(f"{url}/delete", data=theirs).status_code == 403
    marta.post(f"{url}/delete", data=change)
    assert marta.get(url).status_code == 404


def test_it_is_looked_at_in_the_mail_and_what_is_missing_is_told_before_sending(console, csrf) -> None:
    marta = console.browser("marta")
    text = "Dear {{ contact.first_name }},\n{{ me.name }}"
    template = number(make(marta, csrf, subject="For {{ contact.first_name }}", text=text))
    own = str(console.seed.mailboxes["marta"])
    assert f'<option value="{template}">' in marta.get("/compose").text

    where = {"template": template, "mailbox": own, "to": "Xaver Neu <x@new.example>"}
    known = marta.get("/compose/template", params=where, headers={"hx-request": "true"}).text
    assert "For Xaver" in known
    assert "Nothing is known" not in known
    xenia = {"name": "Prof. Neumann", "first_name": "Xenia", "emails": ["xenia@new.example"]}
    console.program("marta", Scope.RECORDS_READ, Scope.RECORDS_WRITE).post("/api/v1/contacts", json=xenia)
    greeted = marta.get(
        "/compose/template", params={**where, "to": "xenia@new.example"}, headers={"hx-request": "true"}
    )
    assert "For Xenia" in greeted.text, "the first name that was noted counts more than a guess"
    unknown = marta.get("/compose/template", params={**where, "to": "x@new.example"}, headers={"hx-request": "true"})
    assert "Nothing is known for {{ contact.first_name }}" in unknown.text
    for none in ("", "²", "9" * 30):
        answer = marta.get("/compose/template", params={**where, "template": none})
        assert (answer.status_code, answer.text) == (200, "")

    form = {"csrf": csrf(marta, "/compose"), "mailbox": own, "to": "x@new.example", "subject": "Hello"}
    before = sent(console)
    asked = marta.post("/outgoing", data={**form, "text": "Dear {{ contact.first_name }},"})
    assert asked.status_code == 422
    assert "Nothing stands yet for {{ contact.first_name }}" in asked.text
    assert "Dear {{ contact.first_name }},</textarea>" in asked.text
    assert sent(console) == before
    marta.post("/outgoing", data={**form, "text": "Dear {{ contact.first_name }},", "intent": "as_it_is"})
    marta.post("/outgoing", data={**form, "text": "Dear Xaver,\n\n> Dear {{ contact.first_name }},"})
    assert sent(console) == before + 2, "asked for, and only quoted"


def sent(console) -> int:
    with console.store.database.reading() as session:
        return session.execute(select(func.count()).select_from(Outgoing)).scalar_one()


def test_programs_do_the_same(console) -> None:
    program = console.program("marta", Scope.MAIL_READ, Scope.MAIL_SEND)
    others = console.program("tom", Scope.MAIL_READ, Scope.MAIL_SEND)
    reader = console.program("marta", Scope.MAIL_READ)
    given = {"name": "Thanks", "text": "Thank you, {{ contact.first_name }}"}
    made = program.post("/api/v1/templates", json=given)
    assert made.status_code == 201
    url = f"/api/v1/templates/{made.json()['id']}"
    assert reader.post("/api/v1/templates", json=given).status_code == 403
    assert (others.get(url).status_code, others.put(url, json=given).status_code) == (404, 404)
    refused = reader.post(f"{url}/fill", json={"to": "x@new.example"})
    assert refused.status_code == 403
    assert "records:read" in refused.text
    knowing = console.program("marta", Scope.MAIL_READ, Scope.RECORDS_READ)
    filled = knowing.post(f"{url}/fill", json={"to": "x@new.example"}).json()
    assert filled == {
        "subject": "",
        "text": "Thank you, {{ contact.first_name }}",
        "missing": ["{{ contact.first_name }}"],
    }
    assert program.put(url, json={**given, "shared": True}).status_code == 204
    assert [one["name"] for one in others.get("/api/v1/templates").json()] == ["Thanks"]
    assert program.put(url, json={**given, "text": "{{ x }}"}).status_code == 422
    assert program.delete(url).status_code == 204
    assert program.get(url).status_code == 404
