"""Records that programs make: with every field there is, by the rules of an edit; and what they are told of other records."""

from dataclasses import replace

import pytest

from crm.access.api_tokens import Scope
from crm.access.notifications import notices
from crm.access.rights import FieldAccess
from crm.access.rights import Scope as Reach
from crm.access.rights.built_in import reach
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.fields.custom import NewField, create_field
from crm.records.modes import CrmMode, Mode, write_mode
from integration.crm.rights.house import WORKS, records
from integration.web.test_narrow_roles import give
from storage.models import FieldKind, RecordType

SYSTEM = Viewer.system()
BOTH = (Scope.RECORDS_READ, Scope.RECORDS_WRITE)


@pytest.fixture
def size(console) -> dict[str, str]:
    """The key of a number that each kind of record has."""
    with console.store.database.unit_of_work() as session:
        return {
            kind.value: f"field_{create_field(session, SYSTEM, NewField(kind, 'Size', FieldKind.NUMBER))}"
            for kind in RecordType
        }


def test_new_records_take_every_field(console, size) -> None:
    ines, diego = console.program("ines", *BOTH), console.seed.people["diego"]
    usual = {"responsible_id": diego, "tags": ["#vip", "vip", "fair"], "source": "fair", "notes": "Two\nlines"}
    reached = {"emails": ["ana@nova.example", "ana@home.example"], "phones": ["+351 21 000 0001", "+351 21 000 0002"]}

    company = {"name": "Nova", "domain": "www.nova.example", **usual, "phones": reached["phones"], size["company"]: 7}
    company_id = ines.post("/api/v1/companies", json=company).json()["id"]
    contact = {
        "name": "Ana Sousa",
        "company_id": company_id,
        "position": "Head",
        **usual,
        **reached,
        size["contact"]: "8.5",
    }
    contact_id = ines.post("/api/v1/contacts", json=contact).json()["id"]
    deal = {
        "title": "Ponto",
        "contact_id": contact_id,
        "amount": 5000,
        "currency": "PLN",
        "closes_on": "2027-01-31",
        **usual,
    }
    deal_id = ines.post("/api/v1/deals", json={**deal, size["deal"]: 9}).json()["id"]

    made = {path: ines.get(f"/api/v1/{path}").json() for path in
            (f"companies/{company_id}", f"contacts/{contact_id}", f"deals/{deal_id}")}  # fmt: skip
    for path, one in made.items():
        kind = {"companies": "company", "contacts": "contact", "deals": "deal"}[path.partition("/")[0]]
        told = (one["responsible"]["id"], one["tags"], one["source"], one["notes"])
        assert told == (diego, ["vip", "fair"], "fair", "Two\nlines"), path
        assert one["fields"] == {size[kind]: {"company": 7, "contact": 8.5, "deal": 9}[kind]}, path
    assert made[f"companies/{company_id}"]["domain"] == "nova.example"
    told = made[f"contacts/{contact_id}"]
    assert [one["value"] for one in told["channels"]] == [*reached["emails"], *reached["phones"]]
    assert (told["position"], told["company"]["name"]) == ("Head", "Nova")
    told = made[f"deals/{deal_id}"]
    assert (told["amount"], told["currency"], told["closes_on"]) == (5000, "PLN", "2027-01-31")
    assert told["company"]["id"] == company_id  # Its contact's.
    alone = ines.post("/api/v1/deals", json={"title": "Alone", "contact_id": contact_id, "company_id": None}).json()[
        "id"
    ]
    told = ines.get(f"/api/v1/deals/{alone}").json()
    assert (told["company"], told["responsible"], told["source"]) == (None, None, "api")
    with console.store.database.reading() as session:
        heard = [one.title for one in notices(session, console.seed.viewer("diego"), limit=3)]
    assert heard == [
        "Yours now: the deal “Ponto”",
        "Yours now: the contact “Ana Sousa”",
        "Yours now: the company “Nova”",
    ]


def test_what_a_new_record_can_not_be_is_refused_whole(console, size) -> None:
    ines = console.program("ines", *BOTH)
    refused = {
        ("contacts", "There is no field 'colour' here."): {"name": "Odd", "colour": "blue"},
        ("contacts", "There is no field 'stage_id' here."): {"name": "Odd", "stage_id": 1},
        ("contacts", "There is no field 'field_9999' here."): {"name": "Odd", "field_9999": 1},
        ("contacts", "Size"): {"name": "Odd", size["contact"]: "big"},
        ("contacts", "An e-mail address looks like"): {"name": "Odd", "emails": ["nobody"]},
        ("contacts", "Responsible: choose one from the list."): {"name": "Odd", "responsible_id": 99999},
        ("contacts", "Not usable: name."): {"name": None},
        ("contacts", "too long"): {"name": "Odd", "notes": "x" * 20_001},
        ("companies", "company's own domain"): {"name": "Odd", "domain": "gmail.com"},
        ("deals", "amount of a deal"): {"title": "Odd", "amount": -1},
        ("deals", "A currency has three letters"): {"title": "Odd", "currency": "EURO"},
        ("deals", "Not usable: closes_on."): {"title": "Odd", "closes_on": "soon"},
        ("deals", "title"): {"title": " "},
    }
    for (path, words), new in refused.items():
        answer = ines.post(f"/api/v1/{path}", json=new)
        assert answer.status_code == 422, (path, new, answer.text)
        assert words in answer.json()["detail"], (path, new, answer.text)
        assert ines.get(f"/api/v1/{path}?words=odd").json()["items"] == []


def test_fields_that_a_role_may_not_fill_in_are_refused(console, size) -> None:
    shut = {"position": FieldAccess.HIDDEN, size["contact"]: FieldAccess.READ, "emails": FieldAccess.READ}
    give(console, "diego", replace(WORKS, fields={RecordType.CONTACT: shut}))
    diego = console.program("diego", *BOTH)
    for field, value in (("position", "Head"), (size["contact"], 5), ("emails", ["ana@nova.example"])):
        answer = diego.post("/api/v1/contacts", json={"name": "Odd", field: value})
        assert answer.status_code in (403, 422), answer.text
    assert diego.get("/api/v1/contacts?words=odd").json()["items"] == []
    assert diego.post("/api/v1/contacts", json={"name": "Even", "notes": "kept"}).status_code == 201


def test_values_name_other_records_as_far_as_they_may_be_known(console) -> None:
    ines = console.program("ines", *BOTH)
    with console.store.database.unit_of_work() as session:
        who = console.seed.people
        theirs, other = (create_company(session, name, responsible_id=who["ines"]) for name in ("Theirs", "Other"))
        contact = create_contact(session, "Ana", company_id=theirs, responsible_id=who["diego"])
    told = ines.patch(f"/api/v1/contacts/{contact}", json={"company_id": other}).json()
    assert told["company_id"] == {"id": other, "name": "Other"}
    [change] = ines.get(f"/api/v1/history/contact/{contact}").json()["items"][0]["changes"]
    assert (change["before"], change["before_name"]) == (theirs, "Theirs")

    give(console, "diego", records(reach(Reach.OWN, Reach.OWN)))
    diego = console.program("diego", *BOTH)
    told = diego.patch(f"/api/v1/contacts/{contact}", json={"position": "Head"}).json()
    assert (told["position"], told["company_id"]) == ("Head", None)
    [change] = diego.get(f"/api/v1/history/contact/{contact}").json()["items"][1]["changes"]
    assert [change[part] for part in ("before", "before_name", "after", "after_name")] == [None, "", None, ""]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(console, size) -> None:
    """Given the version of a record or task, then a change by another one is refused, and all stays as it was."""
    ines, diego = (console.program(who, *Scope) for who in ("ines", "diego"))
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
    kinds = {"contacts": "name", "companies": "name", "leads": "title", "deals": "title", "tasks": "title"}
    for path, label in kinds.items():
        url = f"/api/v1/{path}"
        url = f"{url}/{ines.post(url, json={label: 'Cups', 'tags': ['a']}).json()['id']}"
        first = ines.get(url).json()["version"]
        assert ines.get(url).json()["version"] == first, "reading changes nothing"
        kept = ines.patch(url, json={"version": first, "tags": ["a"]})
        assert (kept.status_code, kept.json()["version"]) == (200, first), "nor does writing what stood there"

        second = diego.patch(url, json={"version": first, "tags": ["b"]}).json()["version"] if path != "tasks" else None
        second = second or ines.patch(url, json={"version": first, "tags": ["b"]}).json()["version"]
        assert second not in (first, None)
        assert ines.get(url).json()["version"] == second
        late = ines.patch(url, json={"version": first, label: "Late"})
        assert (late.status_code, "meanwhile: read it again" in late.json()["detail"]) == (409, True)
        assert (ines.get(url).json()[label], ines.get(url).json()["tags"]) == ("Cups", ["b"])
        assert ines.patch(url, json={"version": second, label: "New"}).status_code == 200
        assert ines.patch(url, json={label: "Any"}).status_code == 200, "without a version the last one wins"
        assert ines.patch(url, json={"version": None, label: "Any"}).status_code == 200
        for odd in (5, ["x"], {"of": second}):
            assert ines.patch(url, json={"version": odd, label: "Odd"}).status_code == 422, odd
        assert ines.patch(url, json={"version": "", label: "Odd"}).status_code == 409
        assert ines.get(url).json()[label] == "Any"

    # Custom fields and addresses count; what a role hides does not.
    url = f"/api/v1/contacts/{ines.post('/api/v1/contacts', json={'name': 'Ana'}).json()['id']}"
    seen = {ines.get(url).json()["version"]}
    for change in ({size["contact"]: 7}, {"emails": ["ana@cups.example"]}, {"birthday": "1985-03-14"}):
        seen.add(ines.patch(url, json=change).json()["version"])
    assert len(seen) == 4
    hidden = replace(
        records(reach(Reach.ALL, Reach.ALL)), fields={RecordType.CONTACT: {"position": FieldAccess.HIDDEN}}
    )
    give(console, "diego", hidden)
    before = diego.get(url).json()["version"]
    assert ines.patch(url, json={"position": "Buyer"}).status_code == 200
    assert diego.patch(url, json={"version": before, "tags": ["c"]}).status_code == 200
