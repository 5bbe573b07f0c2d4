"""Contacts and companies are chosen in forms by typing, with script and without, however many there are."""

import re

import pytest
from sqlalchemy import text

from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.repository import reading
from crm.records.views import RecordFilter

SYSTEM = Viewer.system()


@pytest.fixture
def oldest(console) -> int:
    """A contact of whom a form that shows the newest ones does not tell."""
    with console.store.database.unit_of_work() as session:
        company = create_company(session, "Żabka Café", domain="zabka.example")
        first = create_contact(session, "Łukasz Zażółć", phones=["+48 601 234 567"], company_id=company)
        for number in range(12):
            create_contact(session, f"Newer {number}")
    return first


def options(page: str) -> list[str]:
    """Names that can be chosen, of the first chooser of a page."""
    page = page.split("</fieldset>")[0]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r'value="\d+"[^>]*><span>(.*?)</span>', page)]


def deals(console, words: str) -> list[reading.DealView]:
    with console.store.database.reading() as session:
        return reading.deals(session, SYSTEM, RecordFilter(words=words))


def test_options_come_while_one_types(console, oldest) -> None:
    marta = console.browser("marta")
    newest = options(marta.get("/deals/new").text)
    assert len(newest) == 8
    assert "Łukasz Zażółć" not in " ".join(newest)
    for words in ("lukasz", "Łuk zaz", "601 234 567", "0048601234567"):
        part = marta.get(
            "/choose/contact", params={"name": "contact", "contact_words": words}, headers={"hx-request": "true"}
        )
        assert options(part.text) == ["Łukasz Zażółć Żabka Café, +48 601 234 567"], words
        assert "<html" not in part.text
    none = marta.get("/choose/contact", params={"name": "contact", "contact_words": "nobody of this name"})
    assert "No contact found" in none.text
    assert options(marta.get("/choose/company", params={"name": "company", "company_words": "zabka"}).text) == [
        "Żabka Café zabka.example"
    ]
    kept = marta.get("/choose/contact", params={"name": "contact", "contact": oldest, "contact_words": "newer 3"}).text
    assert [name.partition(" ")[0] for name in options(kept)] == ["Łukasz", "Newer"], (
        "who was chosen stays to be chosen"
    )


def test_garbage_finds_nobody_and_breaks_nothing(console, oldest) -> None:
    marta = console.browser("marta")
    newest = options(marta.get("/choose/contact", params={"name": "contact", "contact_words": ""}).text)
    assert newest[0] == "Newer 11"
    for words in ("%", "_", "\x00", "'; --", "😀", "x" * 3000, "+++", "\\", "  "):
        answer = marta.get("/choose/contact", params={"name": "contact", "contact_words": words, "contact": "²"})
        assert answer.status_code == 200, words
        assert options(answer.text) == (newest if words.isspace() else []), words
    assert marta.get("/choose/deal?name=x").status_code == 404
    assert marta.get("/choose/dog?name=x").status_code == 422
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE \"user\" SET role = 'guest' WHERE name = 'Tom Ashby'"))
    assert console.browser("tom").get("/choose/contact?name=x").status_code == 403


def test_without_script_a_form_looks_first_and_keeps_what_was_typed(console, csrf, oldest) -> None:
    marta = console.browser("marta")
    token = csrf(marta, "/deals/new")
    typed = {
        "csrf": token,
        "title": "Cups",
        "amount": "12.50",
        "contact_id": "",
        "contact_id_words": "lukasz",
        "contact_id_asked": "",
    }
    asked = marta.post("/deals", data=typed)
    assert asked.status_code == 200
    assert options(asked.text) == ["Łukasz Zażółć Żabka Café, +48 601 234 567"]
    assert 'value="Cups"' in asked.text
    assert 'value="12.50"' in asked.text
    assert not deals(console, "Cups"), "a form that asks stores nothing"

    chosen = {**typed, "contact_id": str(oldest), "contact_id_asked": "lukasz"}
    assert marta.post("/deals", data={**chosen, "find": "contact_id"}).url.path == "/deals"
    marta.post("/deals", data=chosen)
    [deal] = deals(console, "Cups")
    assert (deal.contact.id, deal.company.name, deal.amount) == (oldest, "Żabka Café", 1250)


def test_the_form_of_a_record_looks_for_others(console, csrf, oldest) -> None:
    marta = console.browser("marta")
    form = marta.get(f"/edit/contact/{oldest}").text
    was = re.search(r'name="was" value="([^"]*)"', form)[1].replace("&#34;", '"')
    fields = {"csrf": csrf(marta, f"/edit/contact/{oldest}"), "was": was, "name": "Łukasz Nowy"}
    with console.store.database.unit_of_work() as session:
        other = create_company(session, "Other Ltd")
    asked = marta.post(f"/edit/contact/{oldest}", data={**fields, "company_id": "", "company_id_words": "other l"})
    assert options(asked.text) == ["Other Ltd"]
    assert 'value="Łukasz Nowy"' in asked.text
    saved = {**fields, "company_id": str(other), "company_id_words": "other l", "company_id_asked": "other l"}
    marta.post(f"/edit/contact/{oldest}", data=saved)
    with console.store.database.reading() as session:
        now = reading.contact(session, SYSTEM, oldest)
    assert (now.name, now.company.id) == ("Łukasz Nowy", other)
