"""Merging in the console and over the API, where the merged ones lead, and taking it back."""

import re

import pytest

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.fields.editing import edit_record
from storage.models import RecordType


@pytest.fixture
def twins(console) -> tuple[int, int]:
    with console.store.database.unit_of_work() as session:
        firm = create_company(session, "Twin Mills", domain="twins.example")
        one = create_contact(session, "Twin Anna", emails=["anna@twins.example"], company_id=firm)
        return one, create_contact(session, "Twin Anne", emails=["anne@twins.example"], position="Buyer", tags=["vip"])


def test_two_are_found_compared_merged_and_taken_apart_on_pages_that_work_without_script(console, csrf, twins) -> None:
    one, other = twins
    diego = console.browser("diego")
    page = f"/records/contact:{one}/merge"
    assert f'href="{page}"' in diego.get(f"/contacts/{one}").text
    found = diego.get(f"{page}?with_words=twin")
    assert "Twin Anne" in found.text, "the only other one of this name: nobody is merged with oneself"
    assert "Which one is left" in found.text
    compared = diego.get(f"{page}?with={other}").text
    for value in ("Buyer", "Twin Mills", "anna@twins.example", "anne@twins.example", "vip"):
        assert value in compared

    form = {"csrf": csrf(diego, page), "survivor": one, "record": [one, other], "field_name": other}
    left = diego.post(page, data=form)

    assert left.url.path == f"/contacts/{one}"
    assert "They are one now" in left.text
    for value in ("Twin Anne", "Buyer", "Twin Mills", "anne@twins.example", "Merged with Twin Anne"):
        assert value in left.text
    assert diego.get(f"/contacts/{other}").url.path == f"/contacts/{one}", "old links lead to the one that is left"
    assert "Take apart" in diego.get("/settings/recycle-bin").text
    undo = re.search(r"/records/merges/\d+/undo", left.text)
    assert undo is not None
    apart = diego.post(undo.group(), data=form)
    assert "apart again" in apart.text
    assert "Twin Anna" in apart.text
    assert diego.get(f"/contacts/{other}").url.path == f"/contacts/{other}"


def test_programs_merge_are_sent_to_the_one_that_is_left_and_take_it_back(console, twins) -> None:
    one, other = twins
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    url = f"/api/v1/contacts/{one}"

    merged = program.post(f"{url}/merge", json={"others": [other], "fields": {"name": other}})

    assert merged.status_code == 200
    sent = program.get(f"/api/v1/contacts/{other}")
    assert (sent.status_code, sent.headers["location"]) == (303, url)
    assert program.get(url).json()["name"] == "Twin Anne"
    timeline = program.get(f"/api/v1/timeline/contact/{other}")
    assert timeline.headers["location"] == f"/api/v1/timeline/contact/{one}"
    again = program.post(f"{url}/merge", json={"others": [other]})
    assert again.status_code == 409
    assert program.post(f"/api/v1/merges/{merged.json()['merge_id']}/undo").status_code == 204
    assert program.get(f"/api/v1/contacts/{other}").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"others": []},
        {"others": ["x"]},
        {"others": [0, -1, 10**30]},
        {"others": [1], "fields": {"deleted_at": 1}},
        {"others": [1], "fields": {"name": 10**30}},
        {"others": list(range(2, 500))},
    ],
)
def test_garbage_is_refused_in_words(console, csrf, twins, sent) -> None:
    one, other = twins
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    answer = program.post(f"/api/v1/contacts/{one}/merge", json=sent)
    assert answer.status_code in (409, 422)
    assert answer.json()["detail"]
    assert program.get(f"/api/v1/contacts/{other}").status_code == 200


def test_deals_guests_and_nonsense_in_forms_are_refused(console, csrf, twins) -> None:
    one, other = twins
    diego = console.browser("diego")
    page = f"/records/contact:{one}/merge"
    form = {"csrf": csrf(diego, page)}
    assert diego.get("/records/deal:1/merge").status_code == 422
    assert diego.get(f"{page}?with=²&with=x&with={one}").status_code == 200
    assert diego.get(f"{page}?with=999999").status_code == 404
    for sent in ({}, {"survivor": "x"}, {"survivor": other, "record": [one]}, {"survivor": one, "record": [one]}):
        assert diego.post(page, data={**form, **sent}).status_code == 422
    assert diego.post("/records/merges/999/undo", data=form).status_code == 404


def test_buttons_of_a_page_that_is_older_than_a_merge_lead_on_and_never_in_a_circle(console, csrf, twins) -> None:
    one, other = twins
    diego, ines = console.browser("diego"), console.browser("ines")
    token = {"csrf": csrf(diego, f"/records/contact:{one}/merge")}
    diego.post(f"/records/contact:{one}/merge", data={**token, "survivor": one, "record": [one, other]})

    asked = ines.get(f"/records/contact:{other}/delete")
    assert asked.url.path == f"/records/contact:{one}/delete"
    assert "Twin Anna" in asked.text
    assert ines.get(f"/records/contact:{other}/merge?with_words=twin").url.path == f"/records/contact:{one}/merge"
    compared = ines.get(f"/records/contact:{one}/merge?with={other}")
    assert (compared.status_code, "merged or deleted meanwhile" in compared.text) == (409, True)
    assert ines.get(f"/edit/contact/{other}").url.path == f"/edit/contact/{one}"
    assert ines.get(f"/history/contact/{other}").url.path == f"/history/contact/{one}"


def test_programs_are_told_whom_to_ask_instead(console, twins) -> None:
    one, other = twins
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    program.post(f"/api/v1/contacts/{one}/merge", json={"others": [other]})

    history = program.get(f"/api/v1/history/contact/{other}")
    assert (history.status_code, history.headers["location"]) == (303, f"/api/v1/history/contact/{one}")
    written = program.patch(f"/api/v1/contacts/{other}", json={"position": "Buyer"})
    assert (written.status_code, f"its number is {one}" in written.json()["detail"]) == (404, True)


def test_the_button_that_takes_a_merge_back_is_shown_to_who_has_merged(console, csrf, twins) -> None:
    one, other = twins
    diego, ines = console.browser("diego"), console.browser("ines")
    token = {"csrf": csrf(diego, f"/records/contact:{one}/merge")}
    left = diego.post(f"/records/contact:{one}/merge", data={**token, "survivor": one, "record": [one, other]})
    assert "/undo" in left.text

    link = str(left.url)

    assert "They are one now" not in ines.get(link).text
    assert "They are one now" in diego.get(link).text


def test_what_differs_is_offered_though_it_is_called_the_same(console, csrf) -> None:
    with console.store.database.unit_of_work() as session:
        firms = [create_company(session, "Acme Twins") for _ in range(2)]
        one, other = (create_contact(session, "Same Name", company_id=firm) for firm in firms)
    diego = console.browser("diego")

    compared = diego.get(f"/records/contact:{one}/merge?with={other}").text

    for firm in firms:
        assert f"Acme Twins (no. {firm})" in compared
    assert 'name="field_name"' not in compared


def test_tags_of_all_kinds_are_shown_before_a_merge(console) -> None:
    with console.store.database.unit_of_work() as session:
        one, other = (create_company(session, f"Tagged {n}") for n in range(2))
        edit_record(session, Viewer.system(), (RecordType.COMPANY, other), {"tags": ["wholesale"]})
    assert "wholesale" in console.browser("diego").get(f"/records/company:{one}/merge?with={other}").text
