"""Formats of the company and of a person: on pages, in forms, in files. And currencies, each with its own decimals."""

import csv
import io
import json
import re
from datetime import date

from pypdf import PdfReader

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.office.formats import DateStyle, Formats, NumberStyle
from crm.office.settings import read_office
from crm.records.bulk.editing import edit_all
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import current_values, edit_record
from storage.models import FieldKind, RecordType

SYSTEM = Viewer.system()
POLISH = {"dates": "31.12.2026", "clock": "14:30", "numbers": "1 234,56", "first_day": "monday", "currency": "PLN"}
AMERICAN = {"dates": "12/31/2026", "clock": "2:30 pm", "numbers": "1,234.56", "first_day": "sunday"}


def deal_with_fields(console) -> tuple[int, str, str]:
    """A deal of 1200.50 that closes on the 1st of February, with a date and a number of one's own."""
    with console.store.database.unit_of_work() as session:
        deal_id = create_deal(session, "A press", amount=120_050)
        day, number = (
            f"field_{create_field(session, SYSTEM, NewField(RecordType.DEAL, kind.value, kind))}"
            for kind in (FieldKind.DATE, FieldKind.NUMBER)
        )
        values = {"closes_on": "2027-02-01", day: "2027-03-04", number: 1234.5}
        edit_record(session, SYSTEM, (RecordType.DEAL, deal_id), values)
    return deal_id, day, number


def values_of(console, deal_id: int) -> dict:
    with console.store.database.reading() as session:
        return current_values(session, SYSTEM, (RecordType.DEAL, deal_id))


def exported(browser, delimiter: str = ",") -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(browser.get("/deals.csv").content.decode("utf-8-sig")), delimiter=delimiter)
    return next(one for one in rows if one["Deal"] == "A press")


def lists_and_files(ines, marta, day: str, number: str) -> None:
    # lists are asked in it; what is kept of them is the same for all
    for browser, asked in ((ines, "4.3.2027"), (marta, "3/4/2027")):
        shown = browser.get("/deals", params={"shape": "list", f"{day}_from": asked, f"{number}_to": "1234.5"}).text
        assert "A press" in shown
        assert f"{day}_from=2027-03-04" in shown, "what would be kept as a view"
    assert "A press" not in ines.get("/deals", params={"shape": "list", f"{day}_from": "5.3.2027"}).text

    # files are written in it
    row = exported(ines, ";")
    assert (row["Amount"], row["Closes on"], row["date"], row["number"]) == (
        "1200,50",
        "01.02.2027",
        "04.03.2027",
        "1234,5",
    )
    printed = ines.get("/deals.pdf", params={f"{day}_from": "4.3.2027"}).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages).replace("\u00a0", " ")
    assert [said in text for said in ("1 200,50", "01.02.2027", "date from 04.03.2027")] == [True] * 3, text
    row = exported(marta)
    assert (row["Amount"], row["Closes on"]) == ("1200.50", "02/01/2027")


def test_what_the_company_and_a_person_chose(console, csrf) -> None:
    # given the company writes as in Poland, and one colleague as in America
    ines, marta = console.browser("ines"), console.browser("marta")
    token, hers = csrf(ines, "/settings/company"), csrf(marta, "/settings/account")
    deal_id, day, number = deal_with_fields(console)
    assert ines.post("/settings/company/formats", data={"csrf": token, **POLISH}).status_code == 200
    assert marta.post("/settings/account/formats", data={"csrf": hers, **AMERICAN}).status_code == 200
    # what is no format, or not theirs to say, changes nothing
    for wrong in ({"dates": "31-12"}, {"currency": "zł"}, {"currency": ""}, {"numbers": "1234"}):
        assert ines.post("/settings/company/formats", data={"csrf": token, **POLISH, **wrong}).status_code == 422, wrong
    assert marta.post("/settings/account/formats", data={"csrf": hers, "dates": "tomorrow"}).status_code == 422
    assert marta.post("/settings/company/formats", data={"csrf": hers, **POLISH}).status_code == 403
    # and formats are kept when hours change
    hours = {"time_zone": "Europe/Warsaw", "phone_country": "PL", "begin": ["8:00"] * 7, "end": ["16"] * 7}
    assert ines.post("/settings/company", data={"csrf": token, **hours}).status_code == 200
    with console.store.database.reading() as session:
        office = read_office(session)
    assert (office.formats, office.currency) == (Formats(DateStyle.DOTS, numbers=NumberStyle.SPACE_COMMA), "PLN")

    # then pages and forms say it so, to each in their own way
    for browser, on_page, in_form in (
        (ines, ("1\u00a0200,50\u00a0€", "1 Feb 2027"), ("01.02.2027", "1200,50", "1234,5")),
        (marta, ("€1,200.50", "Feb 1, 2027"), ("02/01/2027", "1200.50", "1234.5")),
    ):
        page, form = browser.get(f"/deals/{deal_id}").text, browser.get(f"/edit/deal/{deal_id}").text
        assert [words in page for words in on_page] == [True, True]
        assert [f'value="{words}"' in form for words in in_form] == [True] * 3, in_form
    week = marta.get("/settings/company").text
    assert week.index("Sunday from") < week.index("Monday from")
    assert 'value="8:00\u00a0am"' in week

    # what is typed is read so
    before = {"closes_on": "2027-02-01", "amount": 120_050, day: "2027-03-04", number: 1234.5}
    was = json.dumps({**before, "currency": "EUR"})
    for browser, csrf_token, typed in (
        (ines, token, {"closes_on": "3.4.2027", "amount": "2.400", day: "5.6.2027", number: "1.250"}),
        (marta, hers, {"closes_on": "4/3/2027", "amount": "2,400", day: "6/5/2027", number: "1,250"}),
    ):
        answer = browser.post(f"/edit/deal/{deal_id}", data={"csrf": csrf_token, "was": was, **typed})
        assert answer.status_code == 200, answer.text
        now = values_of(console, deal_id)
        assert [now[key] for key in before] == ["2027-04-03", 240_000, "2027-06-05", 1250.0]
        with console.store.database.unit_of_work() as session:
            edit_record(session, SYSTEM, (RecordType.DEAL, deal_id), before)
    refused = ines.post(f"/edit/deal/{deal_id}", data={"csrf": token, "was": was, "closes_on": "12/31/2027"})
    assert (refused.status_code, "write it as 31.12.2026" in refused.text) == (422, True)
    lists_and_files(ines, marta, day, number)


def amounts_for_many(console, ines, token: str, with_products: int, page: str) -> None:
    # lists are asked for amounts in whole units, whatever the company's currency and the deal's
    program = console.program("ines", Scope.RECORDS_READ)
    for company in ("jpy", "kwd", "eur"):
        ines.post("/settings/company/formats", data={"csrf": token, **POLISH, "currency": company})
        for asked, listed in (("1 200", True), ("1500", True), ("1500,01", False)):
            least = {"amount_from": asked, "amount_to": "1600", "words": "new one"}
            assert ("New one</a>" in ines.get("/deals", params={"shape": "list", **least}).text) is listed, asked
            found = program.get("/api/v1/deals", params={**least, "amount_from": asked.replace(",", ".")})
            assert [one["title"] for one in found.json()["items"]] == ["New one"] * listed, asked
    # and an amount for many is one in the currency of each, with a company in euros
    ids = {"csrf": token, "ids": f"{with_products},{page.rsplit('/', 1)[1]}"}
    assert "Amount, in the currency of each" in ines.post("/bulk/deal", data=ids).text
    asked = ines.post("/bulk/deal/edit", data={**ids, "do.amount": "set", "amount": "1.600"})
    edit_all(console.store, int(asked.url.path.rsplit("/", 1)[1]))
    assert "sum of this deal" in ines.get(asked.url.path).text, "the one with products stays"
    assert (exported(ines, ";")["Amount"], "1\u00a0600\u00a0JP¥<" in ines.get(page).text) == ("0,250", True)
    refused = ines.post("/bulk/deal/edit", data={**ids, "do.amount": "set", "amount": "much"})
    assert (refused.status_code, "Amount: " in refused.text) == (422, True)
    all_of_list = {"csrf": token, "all": "1", "query": "amount_from=1600&amount_to=1600"}
    assert "Delete 1 deal?" in ines.post("/bulk/deal/ask/delete", data=all_of_list).text
    printed = PdfReader(io.BytesIO(ines.get("/deals.pdf", params={"amount_from": "1500"}).content)).pages[0]
    assert "Amount from 1 500;" in printed.extract_text().replace("\u00a0", " ")


def test_each_currency_has_its_own_decimals(console, csrf) -> None:
    ines = console.browser("ines")
    token = csrf(ines, "/settings/company")
    # given a deal of 1,200.50 euros that becomes one in yen by the form, and one in dinars by a program
    deal_id, _, _ = deal_with_fields(console)
    form = {"csrf": token, "was": '{"amount": 120050, "currency": "EUR"}', "amount": "1200.50", "currency": "JPY"}
    assert ines.post(f"/edit/deal/{deal_id}", data=form).status_code == 200
    now = values_of(console, deal_id)
    assert (now["amount"], now["currency"]) == (1201, "JPY")
    assert "JP¥1,201<" in ines.get(f"/deals/{deal_id}").text
    assert 'value="1201"' in ines.get(f"/edit/deal/{deal_id}").text
    with console.store.database.unit_of_work() as session:
        edit_record(session, SYSTEM, (RecordType.DEAL, deal_id), {"currency": "KWD"})
    assert values_of(console, deal_id)["amount"] == 1_201_000
    assert "KWD\u00a01,201<" in ines.get(f"/deals/{deal_id}").text
    # with products, whose prices are in it, another one is refused
    version = ines.get(f"/deals/{deal_id}/products").text.split('name="version" value="')[1].split('"')[0]
    line = {"name": "Bolt", "quantity": "2", "unit": "", "price": "0.125", "discount": "", "product": ""}
    lines = {"csrf": token, "version": version, **line}
    assert ines.post(f"/deals/{deal_id}/products", data=lines).status_code == 200
    assert values_of(console, deal_id)["amount"] == 250
    assert 'value="0.125"' in ines.get(f"/deals/{deal_id}/products").text
    refused = ines.post(f"/edit/deal/{deal_id}", data={"csrf": token, "was": '{"currency": "KWD"}', "currency": "EUR"})
    assert (refused.status_code, "take them away first" in refused.text) == (422, True)
    assert values_of(console, deal_id)["currency"] == "KWD"
    # its history tells what stood there, in what it was then
    history = ines.get(f"/history/deal/{deal_id}").text
    told = set(re.findall(r"<del>(\S*)</del>.*?<ins>(\S*)</ins>", history.replace("\u00a0", "_")))
    amounts = {("KWD_1,201", "KWD_0.250"), ("JP¥1,201", "KWD_1,201"), ("€1,200.50", "JP¥1,201")}
    assert amounts | {("JPY", "KWD"), ("EUR", "JPY")} <= told
    # the catalogue and files have them too, and what is new is in the company's
    product = {"csrf": token, "name": "Yen thing", "price": "1500", "currency": "jpy"}
    assert "JP¥1,500" in ines.post("/settings/products", data=product).text
    assert exported(ines)["Amount"] == "0.250"
    ines.post("/settings/company/formats", data={"csrf": token, **POLISH, "currency": "jpy"})
    assert 'name="currency" value="JPY"' in ines.get("/deals/new").text
    made = ines.post("/deals", data={"csrf": token, "title": "New one", "amount": "1500"})
    now = values_of(console, int(made.url.path.rsplit("/", 1)[1]))
    assert (now["amount"], now["currency"]) == (1500, "JPY")
    amounts_for_many(console, ines, token, deal_id, made.url.path)


def test_absences_are_typed_in_it(console, csrf) -> None:
    marta = console.browser("marta")
    token = csrf(marta, "/settings/account")
    marta.post("/settings/account/formats", data={"csrf": token, **AMERICAN})
    year = date.today().year + 1  # noqa: DTZ011 (any day of next year will do)
    away = {"csrf": token, "person": console.seed.people["marta"], "first": f"2/1/{year}", "last": f"2/13/{year}"}
    page = marta.post("/settings/absences", data=away).text
    assert f"Feb 1, {year}" in page
    assert f"Feb 13, {year}" in page
