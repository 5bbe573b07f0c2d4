"""The numbers of customers' mail as pages and programs show them."""

import re
from datetime import timedelta

import pytest

from crm.access.api_tokens import Scope
from crm.office.formats import USUAL
from crm.office.typed import day_in

TIME = {"since": "2020-01-01T00:00:00Z", "until": "2029-01-01T00:00:00Z"}


def first_number(page: str) -> int:
    return int(re.search(r'class="number"><b>([\d,]+)</b><span>mails received', page)[1].replace(",", ""))


def test_the_page_counts_of_a_time_a_mailbox_and_a_person(console) -> None:
    ines = console.browser("ines")
    whole, month = (ines.get(f"/numbers?days={days}").text for days in (365, 30))
    assert first_number(whole) > first_number(month) > 0
    marta = console.seed.people["marta"]
    assert 0 < first_number(ines.get(f"/numbers?days=365&person={marta}").text) < first_number(whole)
    mailboxes = re.search(r'<select name="mailbox".*?</select>', whole, re.DOTALL)[0]
    ids = re.findall(r'<option value="(\d+)"', mailboxes)
    assert len(ids) >= 2
    for one in ids:
        assert ines.get(f"/numbers?days=365&mailbox={one}").status_code == 200
    assert "Nothing to count yet" in ines.get("/numbers?mailbox=404").text
    assert first_number(ines.get("/numbers?days=5").text) == first_number(month), "a time that is not offered"
    assert "By person" in whole
    assert whole.count("<rect") > 100


def test_days_are_named_both_with_them(console) -> None:
    ines = console.browser("ines")
    shown = re.findall(r"<tr><td>(\d\d/\d\d/20\d\d)</td>", ines.get("/numbers?days=7").text)
    today = day_in(shown[-1], USUAL)
    month = ines.get("/numbers?days=30").text
    named = ines.get("/numbers", params={"from": str(today - timedelta(days=29)), "to": str(today)})

    assert first_number(named.text) == first_number(month)
    assert f"{USUAL.day(today - timedelta(days=29))} to {shown[-1]}</option>" in named.text
    older = ines.get("/numbers", params={"to": str(today - timedelta(days=30)), "from": "2020-01-01"}).text
    assert first_number(older) + first_number(month) == first_number(
        ines.get("/numbers", params={"from": "2020-01-01"}).text
    )
    for wrong in (
        {"from": "soon"},
        {"from": str(today), "to": "2020-01-01"},
        {"from": "1980-01-01"},
        {"to": "9999-12-31", "from": "9999-12-31"},
    ):
        assert ines.get("/numbers", params=wrong).status_code == 422, wrong


def test_what_lies_in_each_mailbox_adds_up(console) -> None:
    program = console.program("ines", Scope.RECORDS_READ)
    found = program.get("/api/v1/numbers", params=TIME).json()
    for table in (found["mailboxes"], found["people"]):
        for what in ("received", "sent", "deals", "won", "leads", "converted"):
            assert sum(one[what] for one in table) == found[what], what
        assert sum(one["responses"]["count"] for one in table) == found["responses"]["count"]
    assert len([one for one in found["mailboxes"] if one["received"]]) >= 2
    assert any(one["deals"] for one in found["mailboxes"] if one["mailbox_id"])
    page = console.browser("ines").get("/numbers?days=365").text
    assert "By mailbox" in page
    assert "new leads converted" in page


def test_a_seller_counts_their_own(console) -> None:
    whole = first_number(console.browser("ines").get("/numbers?days=365").text)
    assert 0 < first_number(console.browser("diego").get("/numbers?days=365").text) < whole


def test_programs_count_too(console) -> None:
    program = console.program("ines", Scope.RECORDS_READ)
    found = program.get("/api/v1/numbers", params={**TIME, "zone": "Europe/Lisbon"}).json()
    assert found["received"] == sum(received for _, received, _ in found["days"]) > 0
    assert found["responses"]["count"] == sum(found["responses"]["classes"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Nowhere"},
        {"zone": "../etc/passwd"},
        {"until": TIME["since"]},
        {"until": "soon"},
        {"since": "0001-01-01T00:00Z"},
    ],
)
def test_what_is_no_time_is_refused(console, wrong) -> None:
    program = console.program("ines", Scope.RECORDS_READ)
    assert program.get("/api/v1/numbers", params={**TIME, **wrong}).status_code == 422
