"""Deleting and restoring in the console and over the API, and the recycle bin."""

import pytest

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.leads import create_lead
from crm.records.repository import reading

KINDS = ("contacts", "companies", "deals", "leads")


@pytest.fixture
def addresses(console) -> dict[str, tuple[str, str, str]]:
    """Of one record of each kind: its page, its name in addresses, and what it is called."""
    with console.store.database.unit_of_work() as session:
        lead = create_lead(session, "Forty cups")
        viewer = Viewer.system()
        contact = reading.contacts(session, viewer)[0]
        company = reading.companies(session, viewer)[0]
        deal = reading.deals(session, viewer)[0]
    return {
        "contacts": (f"/contacts/{contact.id}", f"contact:{contact.id}", contact.name),
        "companies": (f"/companies/{company.id}", f"company:{company.id}", company.name),
        "deals": (f"/deals/{deal.id}", f"deal:{deal.id}", deal.title),
        "leads": (f"/leads/{lead}", f"lead:{lead}", "Forty cups"),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_one_is_deleted_and_restored_on_pages_that_work_without_script(console, csrf, addresses, kind) -> None:
    page, name, called = addresses[kind]
    diego = console.browser("diego")
    assert f'href="/records/{name}/delete"' in diego.get(page).text
    asked = diego.get(f"/records/{name}/delete")
    assert f"Delete {called}?" in asked.text
    assert "restore it for 30 days" in asked.text

    form = {"csrf": csrf(diego, f"/records/{name}/delete")}
    listed = diego.post(f"/records/{name}/delete", data=form)

    assert listed.url.path == f"/{kind}"
    assert "is in the recycle bin" in listed.text
    gone = diego.get(page)
    assert gone.status_code == 410
    assert "was deleted by <b>Diego" in gone.text
    assert called in diego.get("/settings/recycle-bin").text
    back = diego.post(f"/records/{name}/restore", data=form)
    assert (back.url.path, back.status_code) == (page, 200)
    assert "is back" in back.text
    assert called not in diego.get("/settings/recycle-bin").text


def test_what_names_a_deleted_contact_says_so_and_no_more_once_it_was_removed(console, csrf) -> None:
    with console.store.database.reading() as session:
        deal = next(one for one in reading.deals(session, Viewer.system()) if one.contact)
    name = f"contact:{deal.contact.id}"
    diego, rosa = console.browser("diego"), console.browser(administrator(console))
    asked = diego.get(f"/records/{name}/delete").text
    assert "1 deal" in asked
    form = {"csrf": csrf(diego, f"/records/{name}/delete")}
    diego.post(f"/records/{name}/delete", data=form)
    assert "· deleted" in diego.get(f"/deals/{deal.id}").text

    assert diego.get(f"/records/{name}/remove").status_code == 403
    assert diego.post(f"/records/{name}/remove", data=form).status_code == 403
    assert "Remove" not in diego.get("/settings/recycle-bin").text
    going = rosa.get(f"/records/{name}/remove")
    assert "Nobody brings it back" in going.text
    bin_page = rosa.post(f"/records/{name}/remove", data={"csrf": csrf(rosa, f"/records/{name}/remove")})

    assert bin_page.url.path == "/settings/recycle-bin"
    assert deal.contact.name not in bin_page.text
    page = diego.get(f"/deals/{deal.id}")
    assert page.status_code == 200
    assert "· deleted" not in page.text
    assert deal.contact.name not in page.text.split("Timeline")[0]
    assert diego.get(f"/contacts/{deal.contact.id}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_programs_delete_and_restore(console, addresses, kind) -> None:
    page = addresses[kind][0]
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    url = f"/api/v1{page}"

    assert program.delete(url).status_code == 204

    answer = program.get(url)
    assert answer.status_code == 404
    assert "recycle bin" in answer.json()["detail"]
    assert program.delete(url).status_code == 404
    assert program.post(f"{url}/restore").status_code == 204
    assert program.get(url).status_code == 200
    assert program.post(f"{url}/restore").status_code == 409
    only_reads = console.program("diego", Scope.RECORDS_READ)
    assert only_reads.delete(url).status_code == 403


@pytest.mark.parametrize(
    "name", ["contact", "contact:", "contact:0x1", "person:1", "contact:99999999999999", "²:²", "deal:-1"]
)
def test_garbage_in_addresses_is_refused_in_words(console, csrf, name) -> None:
    diego = console.browser("diego")
    form = {"csrf": csrf(diego, "/contacts/new")}
    for act in ("delete", "restore", "remove"):
        assert diego.post(f"/records/{name}/{act}", data=form).status_code in (403, 404, 422)
        assert diego.get(f"/records/{name}/{act}").status_code in (403, 404, 405, 422)
    for query in ("after=x", "kind=person", "words=%00%F0"):
        assert diego.get(f"/settings/recycle-bin?{query}").status_code in (200, 422)
    assert diego.get(f"/contacts?done=deleted:{name}").status_code == 200


def administrator(console) -> str:
    return next(person.key for person in console.seed.company.people if person.role == "administrator")
