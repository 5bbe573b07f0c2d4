"""Lists of records in the console: filtered, sorted, kept as views, and changed many at once with a way back."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from crm.access.api_tokens import Scope
from crm.access.viewer import Viewer
from crm.records.bulk.editing import edit_all
from crm.records.bulk.undoing import undo_all
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import BulkEdit, FieldKind, RecordType, Role, User

SYSTEM = Viewer.system()


@pytest.fixture
def size(console) -> str:
    """A number; of three people of the tag `cups` two have it."""
    with console.store.database.unit_of_work() as session:
        field = f"field_{create_field(session, SYSTEM, NewField(RecordType.CONTACT, 'Size', FieldKind.NUMBER))}"
        for name, number in (("Cup Ann", 9), ("Cup Bob", 41.5), ("Cup Cid", None)):
            one = create_contact(session, name, tags=["cups"])
            edit_record(session, SYSTEM, (RecordType.CONTACT, one), {field: number})
    return field


def names(page: str) -> list[str]:
    return re.findall(r"</span>(Cup \w+)</a>", page)


def cups(console) -> list[reading.ContactView]:
    with console.store.database.reading() as session:
        return reading.contacts(session, SYSTEM, RecordFilter(tag="cups"))


def test_filters_and_orders(console, size) -> None:
    diego = console.browser("diego")
    assert names(diego.get("/contacts?tag=cups").text) == ["Cup Cid", "Cup Bob", "Cup Ann"]
    assert names(diego.get("/contacts?tag=%23cups&order=name").text) == ["Cup Ann", "Cup Bob", "Cup Cid"]
    assert names(diego.get(f"/contacts?{size}_from=9,5").text) == ["Cup Bob"]
    assert names(diego.get(f"/contacts?{size}_from=1&{size}_to=9&order=oldest").text) == ["Cup Ann"]
    assert names(diego.get("/contacts?responsible=nobody&words=cup").text) == ["Cup Cid", "Cup Bob", "Cup Ann"]
    assert "Nobody here meets this filter" in diego.get("/contacts?tag=nowhere").text
    for url in ("/contacts?from=yesterday", f"/contacts?{size}_from=big", "/contacts?to=2026-13-01"):
        assert diego.get(url).status_code == 422
    for odd in (
        "/contacts?order=x&responsible=x&before=x",
        "/contacts?tag=%00",
        "/deals?order=name",
        "/companies?from=2026-01-01",
    ):
        assert diego.get(odd).status_code == 200


def test_lists_are_sorted_by_the_heads_of_their_columns(console, csrf) -> None:
    diego = console.browser("diego")
    with console.store.database.unit_of_work() as session:
        amounts = dict(zip(("Cup Ann", "Cup Bob", "Cup Cid"), (500, 90_000, 7_000), strict=True))
        for title, amount in amounts.items():
            create_deal(session, title, amount=amount)

    def head(page: str, label: str) -> tuple[str, str]:
        """How the column is sorted, and what touching its head asks for."""
        [found] = re.findall(rf'<th([^>]*)><a href="([^"]*)"[^>]*>{label}', page)
        return "".join(re.findall(r'aria-sort="(\w+)"', found[0])), found[1].replace("&amp;", "&")

    def titles(page: str) -> list[str]:
        return re.findall(r">(Cup \w+)</a>", page)

    # When the head of amounts is touched, then the largest stand first, then the smallest; the filter stays.
    page = diego.get("/deals?shape=list&words=cup").text
    assert head(page, "Changed")[0] == ""
    assert "order=amount_down" in head(page, "Amount")[1]
    page = diego.get(head(page, "Amount")[1]).text
    assert (titles(page), head(page, "Amount")[0]) == (["Cup Bob", "Cup Cid", "Cup Ann"], "descending")
    page = diego.get(head(page, "Amount")[1]).text
    assert (titles(page), head(page, "Amount")[0]) == (["Cup Ann", "Cup Cid", "Cup Bob"], "ascending")
    assert re.search(r'<option value="amount" selected>smallest amount first', page), "the filter keeps the order, too"

    # When it is kept as a view, then the view has the order; the file has it, too.
    form = {
        "csrf": csrf(diego, "/contacts"),
        "kind": "deal",
        "name": "Small",
        "query": "shape=list&words=cup&order=amount",
    }
    assert titles(diego.post("/views", data=form).text) == ["Cup Ann", "Cup Cid", "Cup Bob"]
    rows = diego.get("/deals.csv?words=cup&order=amount").text
    assert rows.index("Cup Ann") < rows.index("Cup Cid") < rows.index("Cup Bob")

    # What can not be sorted by is no link; another order than a list has is newest first.
    assert not re.search(r"<th[^>]*><a[^>]*>Tags", diego.get("/contacts").text)
    assert head(diego.get("/companies?order=amount").text, "Added")[0] == "descending"
    for odd in ("before=5.x", "before=x.500", "before=5.9999999999999999999999", "before=5."):
        for order in ("amount", "closes_on_down", "stage", "responsible_down", "name_down", "updated_at"):
            assert diego.get(f"/deals?shape=list&order={order}&{odd}").status_code == 200
            assert diego.get(f"/deals?order={order}").status_code == 200


def test_a_list_is_kept_as_a_view(console, csrf, size) -> None:
    diego, ines = console.browser("diego"), console.browser("ines")
    query = "tag=cups&order=name"
    page = diego.get(f"/contacts?{query}").text
    assert "Keep this list as" in page
    form = {"csrf": csrf(diego, f"/contacts?{query}"), "kind": "contact", "query": query, "name": "Cups"}
    kept = diego.post("/views", data=form)
    assert names(kept.text) == ["Cup Ann", "Cup Bob", "Cup Cid"]
    assert re.search(r'aria-current="page"[^>]*>Cups</a>', kept.text)
    assert "Keep this list as" not in kept.text
    assert ">Cups</a>" not in ines.get("/contacts").text

    diego.post("/views", data={**form, "shared": "true"})
    assert 'title="Shared by ' in ines.get("/contacts").text
    [view] = re.findall(r"/views/(\d+)/remove", kept.text)
    tom = console.browser("tom")
    assert tom.post(f"/views/{view}/remove", data={"csrf": csrf(tom, "/contacts?mine=true")}).status_code == 404
    gone = diego.post(f"/views/{view}/remove", data=form)
    assert gone.url.path == "/contacts"
    assert ">Cups</a>" not in gone.text
    for wrong in (
        {"name": " "},
        {"name": "x" * 61},
        {"query": ""},
        {"query": "before=5"},
        {"query": "tag=" + "x" * 2000},
    ):
        assert diego.post("/views", data={**form, **wrong}).status_code == 422


def test_a_filter_of_many_fields_is_shown_also_where_it_is_too_long_to_be_kept(console, csrf) -> None:
    with console.store.database.unit_of_work() as session:
        for number in range(60):
            create_field(session, SYSTEM, NewField(RecordType.CONTACT, f"Number {number}", FieldKind.NUMBER))
    diego = console.browser("diego")
    asked = [("tag", "cups"), *re.findall(r'name="(field_\d+_(?:from|to))"()', diego.get("/contacts").text)]
    assert len(asked) > 120

    shown = diego.get("/contacts", params=asked)

    assert shown.status_code == 200
    assert 'name="query" value="tag=cups"' in shown.text
    form = {"csrf": csrf(diego, "/contacts"), "kind": "contact", "name": "Cups", "query": str(shown.url.query, "ascii")}
    assert diego.post("/views", data=form).url.query == b"tag=cups"
    long = [(name, "1" * 15) for name, _ in asked[1:]]
    assert diego.get("/contacts", params=long).status_code == 200
    refused = diego.post("/views", data={**form, "query": urlencode(long)})
    assert (refused.status_code, "too long to be kept" in refused.text) == (422, True)


def test_guests_keep_views_for_themselves_alone(console, csrf, size) -> None:
    with console.store.database.unit_of_work() as session:
        session.execute(update(User).where(User.email.like("ines@%")).values(role=Role.GUEST))
    ines, diego = console.browser("ines"), console.browser("diego")
    page = ines.get("/contacts?tag=cups").text
    assert "Keep this list as" in page
    assert "for everybody" not in page
    form = {"csrf": csrf(ines, "/contacts?tag=cups"), "kind": "contact", "query": "tag=cups", "name": "Guest list"}

    assert ines.post("/views", data={**form, "shared": "true"}).status_code == 403
    assert ines.post("/views", data=form).status_code == 200

    assert ">Guest list</a>" in ines.get("/contacts").text
    assert ">Guest list</a>" not in diego.get("/contacts").text


def test_ticked_records_are_changed_and_put_back(console, csrf, size) -> None:
    diego = console.browser("diego")
    ann, bob, _ = sorted(cups(console), key=lambda one: one.name)
    token = {"csrf": csrf(diego, "/contacts")}
    form = diego.post("/bulk/contact", data={**token, "id": [ann.id, bob.id]}).text
    assert "Change 2 contacts" in form
    assert 'aria-label="Size"' in form
    ids = re.search(r'name="ids" value="([^"]*)"', form)[1]
    wish = {**token, "ids": ids, "do.position": "set", "position": "Buyer", f"do.{size}": "empty", "add_tags": "#fair"}
    asked = diego.post("/bulk/contact/edit", data=wish)
    assert "0 of 2 records" in asked.text
    edit = int(asked.url.path.rpartition("/")[2])

    edit_all(console.store, edit)
    assert "2 records were changed" in diego.get(f"/bulk/{edit}").text
    assert [(one.position, one.tags, one.fields) for one in cups(console)[1:]] == [("Buyer", ("cups", "fair"), {})] * 2
    assert console.browser("tom").get(f"/bulk/{edit}").status_code == 404
    with console.store.database.unit_of_work() as session:
        refused = {"refused": [{"id": ann.id, "why": "Locked."}], "refused_count": 300, "total": 302, "done": 302}
        session.execute(update(BulkEdit).where(BulkEdit.id == edit).values(refused))
    told = diego.get(f"/bulk/{edit}").text
    assert "300 records could not be changed; the first of them:" in told
    assert "stood so already" not in told
    assert "Undoing: 0 of 2" in diego.post(f"/bulk/{edit}/undo", data=token).text
    undo_all(console.store, edit)
    assert "Undone on 2 records" in diego.get(f"/bulk/{edit}").text
    assert sorted(one.fields.get(size, 0) for one in cups(console)) == [0, 9, 41.5]
    assert diego.post(f"/bulk/{edit}/undo", data=token).status_code == 409


def test_all_that_a_list_shows_are_chosen(console, csrf, size) -> None:
    diego = console.browser("diego")
    token = {"csrf": csrf(diego, "/contacts")}
    form = diego.post("/bulk/contact", data={**token, "all": "true", "query": "tag=cups&before=1"}).text
    assert "Change 3 contacts" in form
    none = diego.post("/bulk/contact", data={**token, "all": "true", "query": "tag=nowhere"})
    assert (none.status_code, "Tick the records" in none.text) == (422, True)


def test_wishes_that_make_no_sense_are_refused(console, csrf, size) -> None:
    diego = console.browser("diego")
    token = {"csrf": csrf(diego, "/contacts"), "ids": str(cups(console)[0].id)}
    for wrong in (
        {},
        {"do.position": "set"},
        {"do.emails": "set", "emails": "a@b.example"},
        {f"do.{size}": "set", size: "x"},
    ):
        assert diego.post("/bulk/contact/edit", data={**token, **wrong}).status_code == 422
    assert diego.post("/bulk/dog", data=token).status_code == 422
    assert diego.post("/bulk/contact", data={**token, "ids": "x,²,99999999999"}).status_code == 422


def test_edits_of_many_are_found_again_and_undone_from_there(console, csrf, size) -> None:
    diego = console.browser("diego")
    token = {"csrf": csrf(diego, "/contacts")}
    ids = ",".join(str(one.id) for one in cups(console))
    wish = {**token, "ids": ids, "do.position": "set", "position": "Buyer"}
    asked = diego.post("/bulk/contact/edit", data=wish)
    edit = int(asked.url.path.rpartition("/")[2])
    bin_page = "/settings/recycle-bin"
    assert "0 of 3 contacts changed so far" in diego.get(bin_page).text
    edit_all(console.store, edit)

    found = diego.get(bin_page).text

    assert re.search(rf'href="/bulk/{edit}">3 contacts changed</a>', found)
    assert "changed many at once" not in console.browser("tom").get(bin_page).text.lower(), "others' edits are theirs"
    assert f'href="/bulk/{edit}"' in console.browser("ines").get(bin_page).text, "administrators see all"
    assert "Undoing: 0 of 3" in diego.post(f"/bulk/{edit}/undo", data=token).text
    undo_all(console.store, edit)
    assert ">undone<" in diego.get(bin_page).text


def test_programs_change_many_and_take_that_back(console, size) -> None:
    program = console.program("diego", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    url, ids = "/api/v1/bulk-edits", [one.id for one in cups(console)]
    new = {
        "record_type": "contact",
        "records": [*ids, 10**8],
        "set": {"position": "Buyer", size: 7},
        "add_tags": ["fair"],
    }

    begun = program.post(url, json=new)

    assert (begun.status_code, begun.json()["total"], begun.json()["done"]) == (201, 4, 0)
    one = f"{url}/{begun.json()['id']}"
    assert program.post(f"{one}/undo").status_code == 409
    edit_all(console.store, begun.json()["id"])
    done = program.get(one).json()
    assert (done["changed"], [told["id"] for told in done["refused"]]) == (3, [10**8])
    assert {(each.position, each.tags, each.fields[size]) for each in cups(console)} == {("Buyer", ("cups", "fair"), 7)}
    assert [each["id"] for each in program.get(url).json()["items"]] == [begun.json()["id"]]
    assert program.post(f"{one}/undo").status_code == 204
    undo_all(console.store, begun.json()["id"])
    assert {each.position for each in cups(console)} == {""}
    assert console.program("tom", Scope.RECORDS_READ).get(one).status_code == 404
    for wrong in (
        {},
        {**new, "records": []},
        {**new, "records": [10**30]},
        {**new, "records": ["x"]},
        {**new, "set": {"emails": ["a@b.example"]}},
        {**new, "set": {size: "many"}},
        {**new, "set": {}, "add_tags": []},
        {**new, "record_type": "dog"},
    ):
        assert program.post(url, json=wrong).status_code == 422
    assert program.get(f"{url}/{10**30}").status_code == 422
    assert program.get(f"{url}?limit=9999").status_code == 422
    assert {each.position for each in cups(console)} == {""}
