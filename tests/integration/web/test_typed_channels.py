"""Addresses, phones and domains that people and programs give to records, by every way in."""

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.repository import reading
from crm.records.views import RecordFilter

WRONG = {"emails": "a@@b", "phones": "hello", "domain": "not a domain"}
SAID = {"emails": "“a@@b” is no e-mail", "phones": "“hello” is no phone", "domain": "“not a domain” is no domain"}


def test_what_nothing_could_reach_is_refused_by_every_way_in_and_mail_s_own_stays(console, csrf) -> None:
    with console.store.database.unit_of_work() as session:
        odd = create_contact(session, "Odd Olga", emails=["olga..x@localhost"], phones=["fax 1"])
    diego = console.browser("diego")
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    forms = (("contacts", "name", ("emails", "phones")), ("companies", "name", ("domain", "emails", "phones")))

    def there(name: str) -> int:
        with console.store.database.reading() as session:
            found = RecordFilter(words=name, limit=9)
            lists = (reading.contacts, reading.companies, reading.leads)
            return sum(len(one(session, Viewer.system(), found)) for one in lists)

    for plural, label, keys in forms:
        for key in keys:
            form = {"csrf": csrf(diego, f"/{plural}/new"), label: "Zzyzx Typed", key: WRONG[key]}
            page = diego.post(f"/{plural}", data=form)
            assert (page.status_code, SAID[key] in page.text) == (422, True), (plural, key)
            sent = {label: "Zzyzx Typed", key: WRONG[key] if key == "domain" else [WRONG[key]]}
            told = program.post(f"/api/v1/{plural}", json=sent)
            assert (told.status_code, SAID[key] in told.json()["detail"]) == (422, True), told.text
    lead = program.post("/api/v1/leads", json={"title": "Zzyzx Typed", "emails": ["a@@b"]})
    assert lead.status_code == 422
    for changes in ({"emails": ["a@@b"]}, {"phones": ["hello"]}, {"phones": ["hello1"]}):
        assert program.patch(f"/api/v1/contacts/{odd}", json=changes).status_code == 422

    assert there("Zzyzx") == 0
    kept = {
        "emails": ["olga..x@localhost", "olga@client.example"],
        "phones": ["fax 1", "601 234 567"],
        "name": "Odd Ola",
    }
    assert program.patch(f"/api/v1/contacts/{odd}", json=kept).json()["emails"] == kept["emails"]
    page = program.post("/api/v1/companies", json={"name": "Zzyzx", "domain": "https://www.zzyzx.example/about"})
    assert program.get(f"/api/v1/companies/{page.json()['id']}").json()["domain"] == "zzyzx.example"
