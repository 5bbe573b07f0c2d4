"""Editing records in the console: every kind, nothing typed is lost, nobody overwrites unseen; and their history."""

import html
import re

import pytest
from sqlalchemy import text

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.leads import create_lead
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import FieldKind, RecordType

SYSTEM = Viewer.system()


@pytest.fixture
def contact_id(console) -> int:
    with console.store.database.reading() as session:
        return reading.contacts(session, SYSTEM, RecordFilter(limit=1))[0].id


def filled(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = page[page.index('action="/edit/') :]
    sent = [tag for tag in re.findall(r"<input[^>]*>", form) if 'type="radio"' not in tag or " checked" in tag]
    inputs = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', "".join(sent))
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    selects = [
        (name, next(iter(re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', inside)), ("", "")))
        for name, inside in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.DOTALL)
    ]
    chosen = [(name, value or text) for name, (value, text) in selects]
    return {name: html.unescape(value) for name, value in (*inputs, *areas, *chosen)}


@pytest.mark.parametrize("kind", list(RecordType))
def test_a_form_sent_as_it_stands_changes_nothing(console, kind) -> None:
    with console.store.database.unit_of_work() as session:
        create_lead(session, "Forty cups", name="Ann", emails=["ann@cafe-nowhere.example"])
        listed = {
            RecordType.CONTACT: reading.contacts,
            RecordType.COMPANY: reading.companies,
            RecordType.LEAD: reading.leads,
            RecordType.DEAL: reading.deals,
        }[kind](session, SYSTEM, RecordFilter(limit=3))
    diego = console.browser("diego")
    for record in listed:
        url = f"/edit/{kind.value}/{record.id}"
        sent = diego.post(url, data=filled(diego.get(url).text))
        assert sent.history[0].status_code == 303
        assert "Nothing was changed yet" in diego.get(f"/history/{kind.value}/{record.id}").text


def test_what_is_typed_stands_on_the_page_and_in_the_history(console, contact_id) -> None:
    with console.store.database.unit_of_work() as session:
        new = NewField(RecordType.CONTACT, "Shoe size", FieldKind.NUMBER)
        size = f"field_{create_field(session, SYSTEM, new)}"
    diego = console.browser("diego")
    url = f"/edit/contact/{contact_id}"
    form = filled(diego.get(url).text)
    typed = {
        "name": "Zoë <b>Quinn</b>",
        "emails": "zoe@client.example\nz@client.example",
        size: "41,5",
        "tags": "#vip, x",
    }
    page = diego.post(url, data={**form, **typed})
    assert page.url.path == f"/contacts/{contact_id}"
    for shown in ("Zoë &lt;b&gt;Quinn&lt;/b&gt;", "z@client.example", "Shoe size", "41.5", ">vip<"):
        assert shown in page.text
    told = diego.get(f"/history/contact/{contact_id}").text
    assert "Zoë &lt;b&gt;Quinn&lt;/b&gt;" in told
    assert html.escape(form["name"]) in told


def test_a_form_that_is_refused_keeps_what_was_typed(console, contact_id) -> None:
    diego = console.browser("diego")
    url = f"/edit/contact/{contact_id}"
    form = filled(diego.get(url).text)
    again = diego.post(url, data={**form, "position": "Head of <tea>", "emails": "nobody"})
    assert again.status_code == 422
    assert "An e-mail address looks like name@example.com" in again.text
    assert filled(again.text) == {**form, "position": "Head of <tea>", "emails": "nobody"}

    for broken in ({"was": ""}, {"was": "[]"}, {"was": "{"}):
        assert diego.post(url, data={**form, **broken}).status_code == 422
    assert diego.post(url, data={**form, "company_id": "²"}).status_code == 422


def test_who_was_slower_hears_of_it(console, contact_id) -> None:
    diego, ines = console.browser("diego"), console.browser("ines")
    url = f"/edit/contact/{contact_id}"
    slow, quick = filled(diego.get(url).text), filled(ines.get(url).text)
    ines.post(url, data={**quick, "position": "Buyer"})
    refused = diego.post(url, data={**slow, "position": "Seller"})
    assert refused.status_code == 409
    assert "Position was changed by somebody else meanwhile" in refused.text
    assert "Buyer" in ines.get(f"/contacts/{contact_id}").text


def test_guests_read_only(console, contact_id) -> None:
    tom = console.browser("tom")
    form = filled(tom.get(f"/edit/contact/{contact_id}").text)
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE \"user\" SET role = 'guest' WHERE name = 'Tom Ashby'"))
    assert f"/edit/contact/{contact_id}" not in tom.get(f"/contacts/{contact_id}").text
    assert tom.get(f"/edit/contact/{contact_id}").status_code == 403
    assert tom.post(f"/edit/contact/{contact_id}", data={**form, "name": "X"}).status_code == 403
    assert "Nothing was changed yet" in tom.get(f"/history/contact/{contact_id}").text


def test_an_amount_and_a_number_are_written_alike(console, contact_id) -> None:
    with console.store.database.unit_of_work() as session:
        size, budget = (
            f"field_{create_field(session, SYSTEM, NewField(RecordType.CONTACT, name, kind))}"
            for name, kind in (("Size", FieldKind.NUMBER), ("Budget", FieldKind.MONEY))
        )
    diego = console.browser("diego")
    url = f"/edit/contact/{contact_id}"
    form = filled(diego.get(url).text)
    for typed, number in (
        ("1200,50", 1200.5),
        ("1.200,50", 1200.5),
        ("1,200.50", 1200.5),
        ("1,2345", 1.2345),
        ("", None),
    ):
        assert diego.post(url, data={**filled(diego.get(url).text), size: typed, budget: typed}).status_code == 200
        with console.store.database.reading() as session:
            stands = reading.contact(session, SYSTEM, contact_id).fields
        assert stands.get(size) == number
        assert stands.get(budget) == (None if number is None else round(number * 100))
    for key, name in ((size, "Size"), (budget, "Budget")):
        for wrong in ("1,200", "nan", "1e999999"):
            refused = diego.post(url, data={**form, key: wrong})
            assert refused.status_code == 422
            assert f"{name}: “{wrong}”" in html.unescape(refused.text)
            assert diego.get(f"/contacts?{key}_from={wrong}").status_code == 422
    # and what the program itself has written is no riddle to it
    diego.post(url, data={**form, size: "1.2340"})
    assert diego.post(url, data=filled(diego.get(url).text)).status_code == 200
    assert diego.get("/contacts?to=9999-12-31&from=0001-01-01").status_code == 422


def test_a_program_sends_numbers_and_no_truth(console, contact_id) -> None:
    with console.store.database.unit_of_work() as session:
        size = f"field_{create_field(session, SYSTEM, NewField(RecordType.CONTACT, 'Size', FieldKind.NUMBER))}"
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    assert program.patch(f"/api/v1/contacts/{contact_id}", json={size: 41.5}).json()[size] == 41.5
    for wrong in (True, False, [1], {}, "1.200", 10**400):
        assert program.patch(f"/api/v1/contacts/{contact_id}", json={size: wrong}).status_code == 422


def test_mail_about_a_deal_or_company_goes_to_its_people(console) -> None:
    marta = console.browser("marta")
    with console.store.database.unit_of_work() as session:
        company = create_company(session, "Nobody writes here")
        contact = create_contact(session, "Rui", emails=["rui+1@here.example"], company_id=company)
        deal = create_deal(session, "Beans", contact_id=contact)
        alone = create_deal(session, "Nobody's")
    for path in (f"/deals/{deal}", f"/companies/{company}"):
        assert 'href="/compose?to=rui%2B1%40here.example"' in marta.get(path).text
    assert 'href="/compose"' in marta.get(f"/deals/{alone}").text
