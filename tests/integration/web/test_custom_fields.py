"""Fields that an installation adds: made, changed, moved, removed and restored in Settings, used by programs."""

import re

import pytest

from core.errors import Conflict
from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.fields.custom import NewField, change_field, create_field, remove_field, restore_field
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import CustomField, FieldKind, RecordType

URL = "/settings/fields"


@pytest.fixture
def contact_id(console) -> int:
    with console.store.database.reading() as session:
        return reading.contacts(session, Viewer.system(), RecordFilter(limit=1))[0].id


def added(page: str) -> dict[str, str]:
    """Names of the fields that are shown, with what may be done to each."""
    return dict(re.findall(r'action="/settings/fields/(\d+)/up">.*?aria-label="([^"]+): further up"', page, re.DOTALL))


def test_no_field_is_called_as_a_column_of_the_files(console) -> None:
    with console.store.database.unit_of_work() as session:
        for name in ("Source", "mailsync id", "Known since"):
            with pytest.raises(Conflict):
                create_field(session, Viewer.system(), NewField(RecordType.CONTACT, name, FieldKind.TEXT))
        # but one that was called so before may stay, be changed and come back
        field_id = create_field(
            session, Viewer.system(), NewField(RecordType.CONTACT, "Origin", FieldKind.CHOICE, ["a"])
        )
        session.get_one(CustomField, field_id).name = "Source"
        change_field(session, Viewer.system(), field_id, "Source", ["a", "b"])
        remove_field(session, Viewer.system(), field_id)
        restore_field(session, Viewer.system(), field_id)
        with pytest.raises(Conflict):
            change_field(session, Viewer.system(), field_id, "Known since", ["a"])


def test_an_administrator_adds_changes_moves_removes_and_restores(console, csrf) -> None:
    ines = console.browser("ines")
    assert "None yet" in ines.get(f"{URL}?kind=deal").text
    token = {"csrf": csrf(ines, f"{URL}/new?kind=deal")}
    new = {**token, "record_type": "deal"}
    ines.post(URL, data={**new, "name": "Size", "kind": "choice", "choices": "S\n\n M \nS"})
    page = ines.post(URL, data={**new, "name": "Fee", "kind": "money", "currency": "pln"}).text
    ids = {name: number for number, name in added(page).items()}
    assert list(ids) == ["Size", "Fee"]
    assert "Choice: S, M" in page
    assert "Money, PLN" in page

    assert list(added(ines.post(f"{URL}/{ids['Fee']}/up", data=token).text).values()) == ["Fee", "Size"]
    assert list(added(ines.post(f"{URL}/{ids['Fee']}/down", data=token).text).values()) == ["Size", "Fee"]
    assert list(added(ines.post(f"{URL}/{ids['Size']}/up", data=token).text).values()) == ["Size", "Fee"]
    changed = ines.post(f"{URL}/{ids['Size']}", data={**token, "name": "Format", "choices": "A4\nA5"}).text
    assert "Choice: A4, A5" in changed

    removed = ines.post(f"{URL}/{ids['Fee']}/remove", data=token).text
    assert list(added(removed).values()) == ["Format"]
    assert "0 values are kept" in removed
    assert list(added(ines.post(f"{URL}/{ids['Fee']}/restore", data=token).text).values()) == ["Format", "Fee"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"name": " "}, 422),
        ({"name": "x" * 81}, 422),
        ({"name": "Position"}, 409),
        ({"kind": "choice", "choices": " \n"}, 422),
        ({"kind": "money", "currency": "zł"}, 422),
        ({"kind": "colour"}, 422),
        ({"record_type": "dog"}, 422),
    ],
)
def test_wrong_fields_are_not_made(console, csrf, wrong, status) -> None:
    ines = console.browser("ines")
    form = {"csrf": csrf(ines, f"{URL}/new?kind=contact"), "record_type": "contact", "name": "Size", "kind": "text"}
    assert ines.post(URL, data={**form, **wrong}).status_code == status
    assert "None yet" in ines.get(URL).text
    assert ines.post(URL, data=form).status_code == 200
    assert ines.post(URL, data={**form, "name": "SIZE"}).status_code == 409


def test_others_see_and_do_not_change(console, csrf) -> None:
    diego = console.browser("diego")
    assert "New field" not in diego.get(URL).text
    form = {"csrf": csrf(diego, "/settings/account"), "record_type": "contact", "name": "Size", "kind": "text"}
    assert diego.post(URL, data=form).status_code == 403
    assert diego.get(f"{URL}/new?kind=deal").status_code == 403


def test_programs_read_and_change_fields(console, csrf, contact_id) -> None:
    ines = console.browser("ines")
    form = {"csrf": csrf(ines, f"{URL}/new?kind=contact"), "record_type": "contact", "name": "Renewal", "kind": "date"}
    ines.post(URL, data=form)
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    *_, renewal = program.get("/api/v1/fields/contact").json()
    assert (renewal["name"], renewal["kind"]) == ("Renewal", "date")

    url = f"/api/v1/contacts/{contact_id}"
    changed = program.patch(url, json={"position": "Buyer", renewal["key"]: "2027-01-31"})
    assert (changed.json()["position"], changed.json()[renewal["key"]]) == ("Buyer", "2027-01-31")
    shown = program.get(url).json()
    assert (shown["position"], shown["fields"]) == ("Buyer", {renewal["key"]: "2027-01-31"})
    told = program.get(f"/api/v1/history/contact/{contact_id}").json()["items"]
    assert {one["field"]["name"] for one in told[0]["changes"]} == {"Position", "Renewal"}

    refused = program.patch(url, json={"position": "Seller", renewal["key"]: "31.01.2027"})
    assert (refused.status_code, refused.json()["detail"]) == (422, "Renewal takes a date, such as 2026-12-01.")
    for garbage in ([], "x", None, {"id": 5}):
        assert program.patch(url, json=garbage).status_code == 422
    assert program.get(url).json()["position"] == "Buyer"
    assert program.patch("/api/v1/contacts/404404", json={"position": "x"}).status_code == 404
    assert program.get("/api/v1/history/contact/404404").status_code == 404
    only_reads = console.program("diego", Scope.RECORDS_READ)
    assert only_reads.patch(url, json={"position": "x"}).status_code == 403


def test_each_kind_of_record_is_changed_by_programs(console) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    refused = program.post("/api/v1/leads", json={"title": "Cups"})
    assert (refused.status_code, "Simple mode" in refused.json()["detail"]) == (422, True)
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
    lead = program.post("/api/v1/leads", json={"title": "Cups"}).json()["id"]
    deal = program.post("/api/v1/deals", json={"title": "Cups"}).json()["id"]
    company = program.post("/api/v1/companies", json={"name": "Cups"}).json()["id"]
    assert program.patch(f"/api/v1/leads/{lead}", json={"notes": "Forty"}).json()["notes"] == "Forty"
    changed = program.patch(
        f"/api/v1/deals/{deal}", json={"amount": 1250, "closes_on": "2027-02-01", "company_id": company}
    )
    assert {key: changed.json()[key] for key in ("amount", "closes_on", "company_id")} == {
        "amount": 1250,
        "closes_on": "2027-02-01",
        "company_id": {"id": company, "name": "Cups"},
    }
    assert (
        program.patch(f"/api/v1/companies/{company}", json={"domain": "www.cups.example"}).json()["domain"]
        == "cups.example"
    )
    assert program.patch(f"/api/v1/companies/{company}", json={"domain": "gmail.com"}).status_code == 422
