"""One contact, company or lead is chosen in a form by its name, with script and without, however many there are."""

import re
from html import unescape

import pytest
from sqlalchemy import text

from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading
from crm.records.views import RecordFilter

SYSTEM = Viewer.system()


@pytest.fixture
def oldest(console) -> int:
    """A contact of whom a list of the newest ones does not tell."""
    with console.store.database.unit_of_work() as session:
        company = create_company(session, "Żabka Café", domain="zabka.example")
        first = create_contact(session, "Łukasz Zażółć", phones=["+48 601 234 567"], company_id=company)
        create_contact(session, "Łukasz Inny", emails=["inny@else.example"])
        for number in range(24):
            create_contact(session, f"Newer {number}")
    return first


def proposed(browser, kind: str, **asked: object) -> list[str]:
    """Who is proposed for what is typed, with what tells them apart."""
    part = browser.get(f"/choose/{kind}", params=asked, headers={"hx-request": "true"})
    assert (part.status_code, "<html" in part.text) == (200, False), asked
    found = re.findall(r'<li role="option".*?<span>(.*?)</span>(?:<small>(.*?)</small>)?</li>', part.text)
    return [unescape(" ".join(filter(None, one))) for one in found]


def asked_for(page: str) -> list[str]:
    """Between whom a form asks somebody to choose."""
    found = re.findall(r'<label class="check"><input[^>]*type="radio"[^>]*><span>(.*?)</span></label>', page)
    return [unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


def deals(console, words: str) -> list[reading.DealView]:
    with console.store.database.reading() as session:
        return reading.deals(session, SYSTEM, RecordFilter(words=words))


def test_proposals_come_while_one_types_and_go_on(console, oldest) -> None:
    marta = console.browser("marta")
    newest = proposed(marta, "contact")
    assert (len(newest), newest[0], newest[-1]) == (21, "Newer 23", "Show more")
    all_of_them = proposed(marta, "contact", words="newer", most=40)
    assert (len(all_of_them), "Show more" in all_of_them) == (24, False)
    for words in ("lukasz zaz", "Łuk zaz", "601 234 567", "0048601234567"):
        assert proposed(marta, "contact", words=words) == ["Łukasz Zażółć Żabka Café, +48 601 234 567"], words
    assert "No contact found" in marta.get("/choose/contact?words=nobody+of+this+name").text
    assert proposed(marta, "company", words="zabka") == ["Żabka Café zabka.example"]
    assert proposed(marta, "company", words="zabka", but=reading_company(console)) == []
    with console.store.database.unit_of_work() as session:
        older = create_contact(session, "Anna", emails=["anna@old.example"])
        for number in range(22):
            create_contact(session, f"Anna Newer {number}")
    assert older
    assert proposed(marta, "contact", words="anna")[0] == "Anna anna@old.example", "who is called just so comes first"


def reading_company(console) -> int:
    with console.store.database.reading() as session:
        return reading.companies(session, SYSTEM, RecordFilter(called="Żabka Café"))[0].id


def test_garbage_finds_nobody_and_breaks_nothing(console, oldest) -> None:
    marta = console.browser("marta")
    for words in ("%", "_", "\x00", "'; --", "😀", "x" * 3000, "+++", "\\", "  "):
        found = proposed(marta, "contact", words=words)
        assert found[:1] == (["Newer 23"] if not words.strip(" \x00") else []), words
    assert marta.get("/choose/deal").status_code == 404
    assert marta.get("/choose/dog").status_code == 422
    for number in ("0", "-1", "9" * 30, "x"):
        assert marta.get(f"/choose/contact?most={number}").status_code == 422
        assert marta.get(f"/choose/contact?but={number}").status_code in (200, 422)
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE \"user\" SET role = 'guest' WHERE name = 'Tom Ashby'"))
    assert console.browser("tom").get("/choose/contact").status_code == 403


def test_a_name_is_looked_up_when_the_form_is_sent(console, csrf, oldest) -> None:
    marta = console.browser("marta")
    typed = {"csrf": csrf(marta, "/deals/new"), "title": "Cups", "amount": "12.50", "contact_id": ""}
    typed |= {"contact_id_words": "lukasz", "contact_id_asked": ""}
    # of several the form asks which one, with all that was typed
    asked = marta.post("/deals", data=typed)
    assert asked.status_code == 200
    assert asked_for(asked.text) == ["Łukasz Inny inny@else.example", "Łukasz Zażółć Żabka Café, +48 601 234 567"]
    assert "Several contacts are found by “lukasz”: choose which one you mean." in asked.text
    assert all(f'value="{kept}"' in asked.text for kept in ("Cups", "12.50", "lukasz"))
    again = {**typed, "contact_id_asked": "lukasz"}
    assert "Several contacts" in marta.post("/deals", data=again).text, "it asks until somebody has chosen"
    # nobody is said in words, and more are shown when asked for
    assert (
        "No contact of yours has “zzz” in its" in marta.post("/deals", data={**typed, "contact_id_words": "zzz"}).text
    )
    newer = {**typed, "contact_id_words": "newer"}
    assert len(asked_for(marta.post("/deals", data=newer).text)) == 20
    more = marta.post("/deals", data={**newer, "contact_id_asked": "newer", "contact_id_most": "40"}).text
    assert (len(asked_for(more)), 'name="contact_id_most"' in more) == (24, False)
    assert not deals(console, "Cups"), "a form that asks stores nothing"
    # who was chosen is taken, and a name that only one has at once
    marta.post("/deals", data={**again, "contact_id": str(oldest)})
    [deal] = deals(console, "Cups")
    assert (deal.contact.id, deal.company.name, deal.amount) == (oldest, "Żabka Café", 1250)
    for number, words in enumerate(("ŁUKASZ ZAŻÓŁĆ", "zazolc", "+48 601 234 567")):
        marta.post("/deals", data={**typed, "title": f"Mugs {number}", "contact_id_words": words})
    assert [deal.contact.id for deal in deals(console, "Mugs")] == [oldest] * 3
    # where a program sends an id alone, or somebody emptied the field, that counts
    bare = {"csrf": typed["csrf"], "title": "Bowls", "contact_id": str(oldest)}
    marta.post("/deals", data=bare)
    marta.post("/deals", data={**bare, "title": "Jugs", "contact_id_words": "", "contact_id_asked": "Łukasz Zażółć"})
    assert [deal.contact for deal in deals(console, "Jugs")] == [None]
    assert [deal.contact.id for deal in deals(console, "Bowls")] == [oldest]


def test_the_form_of_a_record_names_others(console, csrf, oldest) -> None:
    marta = console.browser("marta")
    form = marta.get(f"/edit/contact/{oldest}").text
    assert re.search(r'name="company_id_words" value="Żabka Café"', form)
    was = unescape(re.search(r'name="was" value="([^"]*)"', form)[1])
    fields = {"csrf": csrf(marta, f"/edit/contact/{oldest}"), "was": was, "name": "Łukasz Nowy"}
    with console.store.database.unit_of_work() as session:
        others = [create_company(session, f"Other {ending}") for ending in ("Ltd", "Inc")]
    fields |= {"company_id": str(reading_company(console)), "company_id_asked": "Żabka Café"}
    asked = marta.post(f"/edit/contact/{oldest}", data={**fields, "company_id_words": "other"})
    assert asked_for(asked.text) == ["Other Inc", "Other Ltd"]
    assert 'value="Łukasz Nowy"' in asked.text
    marta.post(f"/edit/contact/{oldest}", data={**fields, "company_id_words": "other ltd"})
    with console.store.database.reading() as session:
        now = reading.contact(session, SYSTEM, oldest)
    assert (now.name, now.company.id) == ("Łukasz Nowy", others[0])


def test_whom_to_merge_with_is_named(console, oldest) -> None:
    marta = console.browser("marta")
    page = f"/records/contact:{oldest}/merge"
    assert f"/choose/contact?but={oldest}" in marta.get(page).text
    alone = marta.get(page, params={"with": "", "with_words": "lukasz", "with_asked": ""}).text
    assert "Which one is left" in alone, "the only other one of this name"
    asked = marta.get(page, params={"with_words": "newer"}).text
    assert (len(asked_for(asked)), asked_for(asked)[0]) == (20, "Newer 23")
    assert "Which one is left" in marta.get(page, params={"with_words": "Newer 1"}).text
    assert "No contact of yours" in marta.get(page, params={"with_words": "zzz"}).text


def test_a_lead_is_converted_into_a_client_that_is_named(console, csrf, oldest) -> None:
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        leads = [create_lead(session, f"Forty {what}") for what in ("cups", "pots")]
    diego = console.browser("diego")
    url = f"/leads/{leads[0]}/convert"
    assert 'name="known_contact_words"' in diego.get(url).text
    sent = {"csrf": csrf(diego, f"/leads/{leads[0]}"), "contact": "known", "company": "none", "form_at": url}
    several = diego.post(url, data={**sent, "known_contact_words": "lukasz"})
    assert several.status_code == 422
    assert "Łukasz Zażółć Żabka Café, +48 601 234 567" in asked_for(several.text)
    nameless = diego.post(url, data={**sent, "known_contact_words": " "})
    assert (nameless.status_code, "Which contact do you know?" in nameless.text) == (422, True)
    diego.post(url, data={**sent, "known_contact_words": "lukasz zazolc"})
    with console.store.database.reading() as session:
        assert reading.lead(session, SYSTEM, leads[0]).contact.id == oldest
    marta = console.browser("marta")
    assert proposed(marta, "lead", words="forty") == ["Forty pots"], "what is converted is nothing to merge with"
