"""Duplicates in the console and over the API: proposed, merged, dismissed, and pointed at before somebody is added twice."""

import re

import pytest
from sqlalchemy import event

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.duplicates import find_duplicates, group_page
from storage.models import RecordType


@pytest.fixture
def twins(console) -> tuple[int, int]:
    with console.store.database.unit_of_work() as session:
        firms = [create_company(session, name) for name in ("Twin Mills Ltd", "TWIN MILLS")]
        twins = [
            create_contact(session, name, emails=["twin@twins.example"], company_id=firms[0])
            for name in ("Twin Anna", "Twin Anne")
        ]
    find_duplicates(console.store)
    return twins[0], twins[1]


def test_the_lists_say_how_many_and_each_group_is_merged_or_dismissed(console, csrf, twins) -> None:
    one, other = twins
    diego = console.browser("diego")
    assert "Duplicates (1)" in diego.get("/contacts").text
    assert "Duplicates (1)" in diego.get("/companies").text
    page = diego.get("/contacts/duplicates").text
    assert "the same e-mail address" in page
    assert f"/records/contact:{one}/merge?with={other}" in page
    companies = diego.get("/companies/duplicates").text
    assert "TWIN MILLS" in companies

    form = {"csrf": csrf(diego, "/contacts/duplicates"), "kind": "contact", "record": [one, other]}
    after = diego.post("/records/duplicates/dismiss", data=form)

    assert after.url.path == "/contacts/duplicates"
    assert "No duplicates" in after.text
    assert "Duplicates (" not in diego.get("/contacts").text
    find_duplicates(console.store)
    assert "No duplicates" in diego.get("/contacts/duplicates").text
    assert diego.get("/contacts/duplicates?page=7").status_code == 404
    assert diego.get("/contacts/duplicates?page=x").status_code == 422


def test_programs_read_and_dismiss_them(console, twins) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    url = "/api/v1/contacts/duplicates"
    [group] = program.get(url).json()["items"]
    assert group["reasons"] == ["email"]
    assert [record["id"] for record in group["records"]] == list(twins)
    assert len(program.get("/api/v1/companies/duplicates").json()["items"]) == 1
    for wrong in ({}, {"ids": []}, {"ids": [twins[0]]}, {"ids": ["x", 10**40]}):
        assert program.post(f"{url}/dismiss", json=wrong).status_code == 422
    assert program.post(f"{url}/dismiss", json={"ids": list(twins)}).status_code == 204
    assert program.get(url).json()["items"] == []


@pytest.mark.parametrize("typed", [{"emails": "TWIN@twins.example"}, {"phones": "0601 234 567"}])
def test_who_is_added_twice_is_pointed_at_and_added_anyway(console, csrf, typed) -> None:
    with console.store.database.unit_of_work() as session:
        known = create_contact(session, "Twin Anna", emails=["twin@twins.example"], phones=["+48 601 234 567"])
    diego = console.browser("diego")
    form = {"csrf": csrf(diego, "/contacts/new"), "name": "Twin <b>", "tags": "vip, fair", **typed}

    asked = diego.post("/contacts", data=form)

    assert asked.status_code == 409
    assert "There is Twin Anna already" in asked.text
    assert f'href="/contacts/{known}"' in asked.text
    assert 'value="vip, fair"' in asked.text, "what was typed is not lost"
    assert '<b>"' not in asked.text
    added = diego.post("/contacts", data={**form, "anyway": "true"})
    assert added.status_code == 200
    assert added.url.path != f"/contacts/{known}"


def test_programs_are_told_who_is_known(console) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    new = {"name": "Twin Anna", "emails": ["twin@twins.example"]}
    first = program.post("/api/v1/contacts", json=new)
    assert first.status_code == 201

    told = program.post("/api/v1/contacts", json=new)

    assert told.status_code == 409
    assert told.json()["known"] == [{"type": "contact", "id": first.json()["id"], "name": "Twin Anna"}]
    assert program.post("/api/v1/contacts?anyway=true", json=new).status_code == 201
    assert program.post("/api/v1/contacts", json={"name": "x", "emails": ["no address"]}).status_code == 422


def test_a_large_group_is_shown_in_part_and_dismissed_as_a_whole(console, csrf) -> None:
    with console.store.database.unit_of_work() as session:
        firms = [create_company(session, "Chain Stores Ltd") for _ in range(60)]
    find_duplicates(console.store)
    diego = console.browser("diego")
    page = diego.get("/companies/duplicates").text
    assert "And 40 others, not shown here." in page
    assert page.count("with=") == 19, "so many are merged at once"
    ids = re.findall(r'name="record" value="(\d+)"', page)
    assert sorted(map(int, ids)) == firms

    diego.post(
        "/records/duplicates/dismiss",
        data={"csrf": csrf(diego, "/companies/duplicates"), "kind": "company", "record": ids},
    )

    assert "No duplicates" in diego.get("/companies/duplicates").text
    find_duplicates(console.store)
    assert "No duplicates" in diego.get("/companies/duplicates").text


@pytest.mark.parametrize("number", [2, 9])
def test_a_page_of_groups_is_read_by_a_few_questions_however_many_there_are(console, number) -> None:
    with console.store.database.unit_of_work() as session:
        for group in range(number):
            for _ in range(2):
                create_contact(session, f"{chr(97 + group) * 5} Twin", emails=[f"twin@twins{group}.example"])
    find_duplicates(console.store)
    asked: list[str] = []
    with console.store.database.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        shown, count = group_page(session, Viewer.system(), RecordType.CONTACT, 0, 20)
    assert (count, [len(group.records) for group in shown]) == (number, [2] * number)
    assert len([each for each in asked if each.startswith("SELECT")]) == 4
