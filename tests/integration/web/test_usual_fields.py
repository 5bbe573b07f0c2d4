"""Every further standard field goes the whole way: by form, API and import; shown, searched, filtered, exported, changed;
merged, converted, and hidden by a role."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from crm.access.api_tokens import Scope
from crm.access.rights import FieldAccess
from crm.access.roles.keeping import create_role
from crm.access.viewer import Viewer
from crm.records.fields.standard import ADDRESS, FURTHER, STANDARD
from crm.records.importing.running import run_all
from crm.records.importing.trying import try_run
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.paths import PLURALS
from crm.records.repository.terms import fields_with_words
from integration.crm.rights.house import WORKS
from storage.models import RecordType, User
from usual_fields import SAMPLES

SYSTEM = Viewer.system()
CONTACT, COMPANY, LEAD, DEAL = RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD, RecordType.DEAL
LABEL = {CONTACT: "name", COMPANY: "name", LEAD: "title", DEAL: "title"}
NAMES = {CONTACT: "Nora Zelkova", COMPANY: "Zelkova Ltd", LEAD: "Question of Zelkova"}
"""No word of them begins as a sample does: what is found by a sample is found by its field."""
STORED = {kind: {key: one.stored for key, one in fields.items()} for kind, fields in SAMPLES.items()}


@pytest.fixture(autouse=True)
def classic(console) -> None:
    """There are leads."""
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))


@pytest.fixture
def ines(console) -> httpx.Client:
    """A browser of somebody who may do everything with records."""
    return console.browser("ines")


@pytest.fixture
def api(console) -> httpx.Client:
    """A program of hers."""
    return console.program("ines", Scope.RECORDS_READ, Scope.RECORDS_WRITE)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def added(ines, csrf, kind: RecordType) -> int:
    """A record that was typed into the form of a new one."""
    path = f"/{PLURALS[kind]}"
    typed = {key: one.typed for key, one in SAMPLES[kind].items()}
    page = ines.post(path, data={"csrf": csrf(ines, f"{path}/new"), LABEL[kind]: NAMES[kind], **typed})
    assert page.status_code == 200, text_of(page.text)
    return int(page.url.path.rsplit("/", 1)[1])


def ids_at(api, kind: RecordType, **asked: str) -> list[int]:
    """What a program finds by a condition."""
    answer = api.get(f"/api/v1/{PLURALS[kind]}", params=asked)
    assert answer.status_code == 200, (asked, answer.text)
    return [each["id"] for each in answer.json()["items"]]


def exported(api, kind: RecordType, record_id: int) -> dict[str, str]:
    """The line of a record in a file of all with a word that each of `NAMES` has, by its headers."""
    content = api.get(f"/api/v1/{PLURALS[kind]}.csv?words=zelkova").text.lstrip("\ufeff")
    rows = csv.DictReader(io.StringIO(content, newline=""))
    return next(row for row in rows if int(row["Mailsync ID"]) == record_id)


def fields_at(api, kind: RecordType, record_id: int) -> dict[str, Any]:
    return api.get(f"/api/v1/{PLURALS[kind]}/{record_id}").json()["fields"]


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_field_is_typed_shown_found_filtered_exported_and_hidden(
    console, ines, api, csrf, kind: RecordType
) -> None:
    path = f"/{PLURALS[kind]}"
    samples, labels = SAMPLES[kind], {field.key: field.name for field in FURTHER[kind]}
    # given one typed into a form
    record_id = added(ines, csrf, kind)
    assert fields_at(api, kind, record_id) == STORED[kind]
    # then its page and its form show each
    page = unescape(ines.get(f"{path}/{record_id}").text)
    form = unescape(ines.get(f"/edit/{kind.value}/{record_id}").text)
    for key, one in samples.items():
        assert one.shown in page, key
        assert f'name="{key}"' in form, key
        assert f'value="{one.shown}"' in form or f"<option selected>{one.shown}" in form or f"//{one.shown}" in form, (
            key
        )
    assert "openstreetmap.org/search?query=D%C5%82uga%207" in page
    # and a list has a column of each, and another list goes by all of them together
    listed = unescape(ines.get(path, params={"columns": ".".join(samples), "state": "", "words": "zelkova"}).text)
    asked = {key: one.shown if key == "birthday" else one.words for key, one in samples.items()}
    for page in (listed, ines.get(path, params={"state": "", **asked}).text):
        assert f'{path}/{record_id}"' in page
    for key, one in samples.items():
        assert one.shown in listed, key
        assert labels[key] in listed, key
    # and each finds it by itself, as a word and as a condition, and not by what it does not say
    for key, one in samples.items():
        assert record_id in ids_at(api, kind, words=one.words), key
        assert record_id in ids_at(api, kind, **{key: one.words}), key
        assert ids_at(api, kind, **{key: "zzzzz"}) == [], key
    # and it is exported, in every form
    told = exported(api, kind, record_id)
    for key, one in samples.items():
        assert told[labels[key]].lstrip("'") == one.stored.lstrip("'"), key
    # when each is hidden by a role, then nothing of it is told, and nothing is found by it
    with console.store.database.unit_of_work() as session:
        hides = dict.fromkeys(samples, FieldAccess.HIDDEN)
        role = create_role(session, SYSTEM, "Less", replace(WORKS, fields={kind: hides}))
        session.execute(update(User).where(User.id == console.seed.people["diego"]).values(role="own", role_id=role))
    diego, token = console.browser("diego"), console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    page = unescape(diego.get(f"{path}/{record_id}").text) + diego.get(f"/edit/{kind.value}/{record_id}").text
    assert fields_at(token, kind, record_id) == {}
    told = exported(token, kind, record_id)
    assert NAMES[kind] in told.values()
    for guessed in (asked, dict.fromkeys(samples, "zzzzz")):
        listed = diego.get(path, params={"state": "", **guessed}).text
        assert f'{path}/{record_id}"' in listed, "right or wrong, a guess at what is hidden leaves nothing out"
    for key, one in samples.items():
        assert f'name="{key}"' not in page, key
        assert one.shown not in page, key
        assert told[labels[key]] == "", key
        assert one.stored not in told.values(), key
        assert record_id not in ids_at(token, kind, words=one.words), key
        by_itself = token.get(f"/api/v1{path}", params={key: one.words})
        assert (by_itself.status_code, f"no filter “{key}”" in by_itself.text) == (422, True), key
        assert token.patch(f"/api/v1{path}/{record_id}", json={key: one.stored}).status_code in (403, 422), key
    # and the index of words, the registry and the table agree
    assert {*samples} <= {*fields_with_words(kind)} <= {field.key for field in STANDARD[kind]}


@pytest.mark.parametrize("kind", SAMPLES)
def test_programs_write_each_field_and_people_take_it_back(ines, api, csrf, kind: RecordType) -> None:
    path = f"/api/v1/{PLURALS[kind]}"
    # given one that a program made, all at once
    made = api.post(path, json={LABEL[kind]: "Blank", **{key: one.typed for key, one in SAMPLES[kind].items()}})
    assert made.status_code == 201, made.text
    record_id = made.json()["id"]
    expected = dict(STORED[kind])
    if "birthday" in expected:
        assert api.patch(f"{path}/{record_id}", json={"birthday": "1985-03-14"}).json()["birthday"] == "1985-03-14"
        assert api.patch(f"{path}/{record_id}", json={"birthday": "--0314"}).json()["birthday"] == "--03-14"
    assert fields_at(api, kind, record_id) == expected
    # when garbage is sent, then a sentence tells, and everything is as before
    for key, one in SAMPLES[kind].items():
        refused = api.patch(f"{path}/{record_id}", json={key: one.wrong})
        assert refused.status_code == 422, key
        assert refused.json()["detail"].endswith("."), key
    assert api.post(path, json={LABEL[kind]: "Blank", "colour": "red"}).status_code == 422
    assert fields_at(api, kind, record_id) == expected
    # when all are emptied in the form, then it tells of nothing, and the history of each
    form = ines.get(f"/edit/{kind.value}/{record_id}").text
    token = csrf(ines, f"/edit/{kind.value}/{record_id}")
    was = unescape(re.search(r'name="was" value="([^"]*)"', form)[1])
    ines.post(
        f"/edit/{kind.value}/{record_id}",
        data={"csrf": token, "was": was, **dict.fromkeys(SAMPLES[kind], "")},
    )
    assert fields_at(api, kind, record_id) == {}
    history = unescape(ines.get(f"/history/{kind.value}/{record_id}").text)
    assert all(field.name in history and SAMPLES[kind][field.key].shown in history for field in FURTHER[kind])
    assert set(json.loads(was)) >= set(SAMPLES[kind])


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_brings_each_field_and_two_records_become_one(console, ines, api, csrf, kind: RecordType) -> None:
    path = f"/{PLURALS[kind]}"
    # given a file whose headers are those of an export, and a record that is there with another town
    names = {field.key: field.name for field in FURTHER[kind]}
    head = "Lead" if kind is LEAD else "Name"
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([head, "Mailsync ID" if kind is not CONTACT else "E-mail", *names.values()])
    writer.writerow(
        [
            "Imported",
            "" if kind is not CONTACT else "i@imported.example",
            *(one.typed for one in SAMPLES[kind].values()),
        ]
    )
    content = file.getvalue().replace("14/03", "--03-14").encode()
    # when it is imported as it was guessed
    page = ines.post(
        f"{path}/import", data={"csrf": csrf(ines, f"{path}/import")}, files={"file": ("list.csv", content)}
    )
    guessed = re.findall(r'<option value="(\w*)" selected>', page.text)[: 2 + len(names)]
    assert guessed[2:] == [{"first_name": "given_name", "last_name": "family_name"}.get(key, key) for key in names]
    run_id = int(page.url.path.rsplit("/", 1)[1])
    ines.post(
        f"{page.url.path}/try",
        data={"csrf": csrf(ines, page.url.path), "field": guessed, "known": "complete", "responsible": ""},
    )
    try_run(console.store, run_id)
    ines.post(f"{page.url.path}/run", data={"csrf": csrf(ines, page.url.path)})
    run_all(console.store, run_id)
    found = [one for one in api.get(f"/api/v1{path}?words=imported").json()["items"] if one[LABEL[kind]] == "Imported"]
    assert [one["fields"] for one in found] == [STORED[kind]]
    # and merged into one that has nothing of it but a town: all goes along, but no half of an address
    other = api.post(f"/api/v1{path}", json={LABEL[kind]: "Kept", "city": "Paris"}).json()["id"]
    side_by_side = unescape(ines.get(f"/records/{kind.value}:{other}/merge?with={found[0]['id']}").text)
    assert all(f'name="field_{key}"' in side_by_side for key in names)
    assert api.post(f"/api/v1{path}/{other}/merge", json={"others": [found[0]["id"]]}).status_code == 200
    rest = {key: value for key, value in STORED[kind].items() if key not in ADDRESS}
    assert fields_at(api, kind, other) == {**rest, "city": "Paris"}


def test_what_a_lead_becomes_has_what_the_lead_had(api) -> None:
    # given a lead with all of it, and an amount, of which nobody said the currency
    lead = api.post("/api/v1/leads", json={"title": "Paper", "name": "Ola", **STORED[LEAD]}).json()["id"]
    assert api.patch(f"/api/v1/leads/{lead}", json={"amount": 125_000}).json()["currency"] == "EUR"
    assert api.patch(f"/api/v1/leads/{lead}", json={"currency": "JPY"}).json()["amount"] == 1250, (
        "the same in whole units"
    )
    # when it becomes a client and a deal
    became = api.post(f"/api/v1/leads/{lead}/convert", json={"client": "both"}).json()
    # then each has what it can hold
    address = {key: STORED[LEAD][key] for key in ("website", *ADDRESS)}
    contact = api.get(f"/api/v1/contacts/{became['contact_id']}").json()
    company = api.get(f"/api/v1/companies/{became['company_id']}").json()
    deal = api.get(f"/api/v1/deals/{became['deal_id']}").json()
    assert (contact["name"], contact["position"], contact["fields"]) == ("Ola", "Buyer", address)
    assert (company["name"], company["fields"]) == ("Quuxworks", address)
    assert (deal["amount"], deal["currency"]) == (1250, "JPY")


def test_a_name_follows_its_parts_until_somebody_writes_another(api) -> None:
    anna = api.post("/api/v1/contacts", json={"first_name": "Anna", "last_name": "Kowalska"}).json()["id"]

    def name_with(**changes: str) -> str:
        return str(api.patch(f"/api/v1/contacts/{anna}", json=changes).json()["name"])

    assert name_with(position="Buyer") == "Anna Kowalska"
    assert name_with(last_name="Nowak") == "Anna Nowak"
    assert name_with(name="Ania N.") == "Ania N."
    assert name_with(last_name="Kowalska") == "Ania N.", "somebody wrote it"
    assert name_with(name="anna@client.example") == "anna@client.example"
    assert name_with(first_name="Anne") == "Anne Kowalska", "better than an address"
    assert name_with(first_name="", last_name="") == "Anne Kowalska", "a contact has a name"
    assert api.post("/api/v1/contacts", json={"position": "Buyer"}).status_code == 422
