"""Lists of records over the API: filtered, sorted and paged as those of the pages, and refused in words where they can not be."""

from datetime import timedelta

import pytest

from core.clock import utcnow
from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from crm.records.saved_views import save_view
from storage.models import FieldKind, RecordType

SYSTEM = Viewer.system()


@pytest.fixture
def cups(console) -> dict[str, int]:
    """Three people of the tag `cups`, two of one company and one of them Diego's, and two deals of theirs."""
    with console.store.database.unit_of_work() as session:
        size = create_field(session, SYSTEM, NewField(RecordType.CONTACT, "Size", FieldKind.NUMBER))
        company = create_company(session, "Cup Makers", domain="cup-makers.example")
        ids = {"size": size, "company": company}
        for name, number, of in (("Cup Cid", 9, company), ("Cup Ann", 41.5, company), ("Cup Bob", None, None)):
            ids[name] = create_contact(session, name, tags=["cups"], company_id=of, source="fair")
            edit_record(session, SYSTEM, (RecordType.CONTACT, ids[name]), {f"field_{size}": number})
        diego = {"responsible_id": console.seed.people["diego"], "position": "Head of cups", "notes": "likes Espresso"}
        edit_record(session, SYSTEM, (RecordType.CONTACT, ids["Cup Ann"]), diego)
        first, other = reading.pipelines(session, SYSTEM)[0].stages[:2]
        ids |= {"stage": other.id, "pipeline": first.pipeline_id}
        ids["small"] = create_deal(session, "Cup small", contact_id=ids["Cup Ann"], amount=10_000, stage_id=first.id)
        ids["large"] = create_deal(session, "Cup large", company_id=company, amount=900_000, stage_id=other.id)
        edit_record(session, SYSTEM, (RecordType.DEAL, ids["large"]), {"closes_on": "2027-03-01"})
    return ids


def test_lists_take_what_those_of_the_pages_take(console, cups) -> None:
    diego = console.program("diego", Scope.RECORDS_READ)
    who, size = console.seed.people["diego"], f"field_{cups['size']}"
    today, tomorrow = (utcnow() + timedelta(days=days) for days in (-1, 2))
    of_contacts = {
        "tag=cups": "Bob Ann Cid",
        "tag=cups&order=name": "Ann Bob Cid",
        "tag=%23cups&order=oldest": "Cid Ann Bob",
        f"tag=cups&responsible_id={who}": "Ann",
        "tag=cups&responsible_id=nobody": "Bob Cid",
        "tag=cups&mine=true": "Ann",
        "tag=cups&mine=false": "Bob Ann Cid",
        "source=fair&words=cup": "Bob Ann Cid",
        f"company_id={cups['company']}": "Ann Cid",
        f"{size}_from=9.5": "Ann",
        f"{size}_from=1&{size}_to=9": "Cid",
        "position=head+cups": "Ann",
        "notes=espr&tag=cups": "Ann",
        f"tag=cups&from={today:%Y-%m-%d}": "Bob Ann Cid",
        f"tag=cups&from={tomorrow:%Y-%m-%d}": "",
    }
    for query, names in of_contacts.items():
        answer = diego.get(f"/api/v1/contacts?{query}")
        assert answer.status_code == 200, (query, answer.text)
        assert [one["name"].removeprefix("Cup ") for one in answer.json()["items"]] == names.split(), query
    of_deals = {
        "words=cup": ["large", "small"],
        f"words=cup&stage_id={cups['stage']}": ["large"],
        f"words=cup&pipeline_id={cups['pipeline']}&order=oldest": ["small", "large"],
        f"contact_id={cups['Cup Ann']}": ["small"],
        f"company_id={cups['company']}": ["large"],
        "words=cup&amount_from=100.01": ["large"],
        "words=cup&amount_to=100": ["small"],
        "words=cup&closes_on_from=2027-03-01&closes_on_to=2027-03-01": ["large"],
        "words=cup&repeat=true": [],
        "words=cup&repeat=false": ["large", "small"],
    }
    for query, titles in of_deals.items():
        found = diego.get(f"/api/v1/deals?{query}").json()["items"]
        assert [one["title"].removeprefix("Cup ") for one in found] == titles, query
    assert [one["name"] for one in diego.get("/api/v1/companies?domain=cup").json()["items"]] == ["Cup Makers"]
    file = (
        console.program("ines", Scope.RECORDS_READ)
        .get(f"/api/v1/contacts.csv?company_id={cups['company']}&order=name")
        .text
    )
    assert [name for name in ("Cup Ann", "Cup Bob", "Cup Cid") if name in file] == ["Cup Ann", "Cup Cid"]


def test_what_a_list_can_not_mean_is_refused_in_words(console, cups) -> None:
    diego = console.program("diego", Scope.RECORDS_READ)
    size = f"field_{cups['size']}"
    refused = {
        "contacts?colour=blue": "There is no filter “colour” here; there are: after, birthday, city, company_id, country, field_",
        "contacts?amount_from=1": "There is no filter “amount_from”",
        "contacts?field_9999=1": "There is no filter “field_9999”",
        f"contacts?{size}=1": f"There is no filter “{size}” here",
        f"contacts?{size}_from=big": "Size: ",
        "contacts?from=yesterday": "write it as 2026-12-01",
        "contacts?tag=a&tag=b": "Say “tag” once.",
        "contacts?responsible_id=Diego": "responsible_id is the number of a colleague, or “nobody”.",
        "contacts?mine=true&responsible_id=3": "Say “mine” or “responsible_id”, not both",
        "contacts?order=colour": "order",
        "contacts?order=amount": "These are not sorted by “amount”; there are: newest, oldest, name, ",
        "deals?order=amount&after=5": "begin again at its first page",
        "contacts?mine=perhaps": "mine",
        "contacts?company_id=x": "company_id",
        "contacts?after=x": "begin again at its first page",
        "contacts?after=5.cup": "begin again at its first page",
        "contacts?after=5&order=name": "begin again at its first page",
        "deals?closes_on_from=2026-13-01": "Expected to be won on: ",
        "deals?stage=1": "There is no filter “stage”",
        "leads?state=odd": "state",
        "companies?contact_id=1": "There is no filter “contact_id”",
        "contacts.csv?limit=5": "There is no filter “limit”",
    }
    for query, words in refused.items():
        answer = diego.get(f"/api/v1/{query}")
        assert answer.status_code == 422, query
        assert words in answer.json()["detail"], (query, answer.text)


def test_every_order_gives_every_page_once(console, cups) -> None:
    program = console.program("ines", Scope.RECORDS_READ)
    for kind, order in [
        *(("contacts", each) for each in ("newest", "oldest", "name", "name_down", "responsible")),
        *(("deals", each) for each in ("amount_down", "closes_on", "stage", "updated_at_down")),
    ]:
        whole = [one["id"] for one in program.get(f"/api/v1/{kind}?order={order}&limit=200").json()["items"]]
        seen: list[int] = []
        after: str | None = ""
        while after is not None:
            asked = {"order": order, "limit": 7} | ({"after": after} if after else {})
            page = program.get(f"/api/v1/{kind}", params=asked).json()
            seen += [one["id"] for one in page["items"]]
            after = page["next"]
        assert seen == whole, order
        assert len(whole) > 7


def test_a_saved_view_is_a_filter(console, cups) -> None:
    with console.store.database.unit_of_work() as session:
        diego, ines = console.seed.viewer("diego"), console.seed.viewer("ines")
        own = save_view(session, diego, RecordType.CONTACT, "Cups", "tag=cups&order=name&columns=tags")
        gone = save_view(session, ines, RecordType.CONTACT, "Gone", "tag=cups&field_9999=x", shared=True)
        mine = save_view(session, diego, RecordType.CONTACT, "Mine", "tag=cups&mine=true")
        ann = save_view(session, diego, RecordType.CONTACT, "His", f"tag=cups&responsible={diego.user_id}")
        private = save_view(session, ines, RecordType.CONTACT, "Private", "tag=cups")
        deals = save_view(session, ines, RecordType.DEAL, "Large", "shape=list&words=cup&amount_from=1000", shared=True)
    program = console.program("diego", Scope.RECORDS_READ)

    def names(query: str) -> list[str]:
        return [one.get("name") or one["title"] for one in program.get(f"/api/v1/{query}").json()["items"]]

    assert names(f"contacts?view={own}") == ["Cup Ann", "Cup Bob", "Cup Cid"]
    assert names(f"contacts?view={own}&responsible_id=nobody&order=newest") == ["Cup Bob", "Cup Cid"]
    assert names(f"contacts?view={mine}") == names(f"contacts?view={ann}") == ["Cup Ann"]
    assert names(f"contacts?view={mine}&responsible_id=nobody") == ["Cup Bob", "Cup Cid"]
    assert names(f"contacts?view={mine}&mine=false") == ["Cup Bob", "Cup Ann", "Cup Cid"]
    assert names(f"contacts?view={ann}&mine=true") == ["Cup Ann"]
    assert names(f"contacts?view={gone}") == ["Cup Bob", "Cup Ann", "Cup Cid"]
    assert names(f"deals?view={deals}") == ["Cup large"]
    assert names(f"deals?view={deals}&amount_from=1") == ["Cup large", "Cup small"]
    for query in (f"contacts?view={private}", f"deals?view={own}", "contacts?view=99999"):
        answer = program.get(f"/api/v1/{query}")
        assert answer.status_code == 404
        assert "There is no such view of this list" in answer.json()["detail"]


def test_openapi_says_what_lists_are_filtered_by(console) -> None:
    described = console.browser().get("/api/openapi.json").json()["paths"]
    by_path = {
        path: {one["name"]: one for one in described[f"/api/v1/{path}"]["get"]["parameters"]}
        for path in ("contacts", "deals")
    }
    assert {"words", "responsible_id", "mine", "tag", "source", "from", "to", "order", "view", "company_id", "fields",
            "after", "limit"} == set(by_path["contacts"])  # fmt: skip
    assert {"pipeline_id", "stage_id", "contact_id", "repeat"} < set(by_path["deals"])
    assert by_path["contacts"]["from"]["schema"]["examples"] == ["2026-11-01"]
    assert "closes_on_from" in by_path["deals"]["fields"]["description"]
