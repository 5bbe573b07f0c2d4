"""Lists of records show the columns that somebody chose, as far as they may see them; views keep these with the filter."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import event, update

from crm.access.rights import FieldAccess
from crm.access.roles.keeping import create_role
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.leads import create_lead
from integration.crm.rights.house import WORKS
from storage.models import FieldKind, RecordType, User

SYSTEM = Viewer.system()
CONTACT, COMPANY, LEAD, DEAL = RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD, RecordType.DEAL


def heads(page: str) -> list[str]:
    found = re.findall(r"<th[^>]*>(.*?)</th>", page, re.DOTALL)
    return [head for each in found if (head := re.sub(r"<[^>]+>", "", each).strip())]


def line(page: str, name: str) -> list[str]:
    """The cells of a record, as text."""
    [row] = [
        row for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if f">{name}</a>" in row or f"{name}</a>" in row
    ]
    cells = re.findall(r'<td class="cell(?![^"]*phone-only)[^>]*>(.*?)</td>', row, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


@pytest.fixture
def fields(console) -> dict[FieldKind, str]:
    """A custom field of contacts of each kind, and a record of each kind with something in each field."""
    with console.store.database.unit_of_work() as session:
        made = {}
        for kind in (FieldKind.TEXT, FieldKind.MONEY, FieldKind.LINK, FieldKind.DATE):
            field = create_field(session, SYSTEM, NewField(CONTACT, f"My {kind.value}", kind))
            made[kind] = f"field_{field}"
        acme = create_company(session, "Col Acme", domain="col-acme.example")
        ann = create_contact(
            session, "Col Ann", emails=["ann@col.example", "b@col.example"], phones=["+48 601 234 567"]
        )
        said = {
            made[FieldKind.TEXT]: "<b>Tesla",
            made[FieldKind.MONEY]: 125000,
            made[FieldKind.LINK]: "https://x.example/a",
        }
        more = {"notes": "likes coffee " * 20, "position": "Pilot", "company_id": acme, "tags": ["vip"]}
        edit_record(session, SYSTEM, (CONTACT, ann), {**said, **more, made[FieldKind.DATE]: "2026-12-01"})
        edit_record(session, SYSTEM, (COMPANY, acme), {"notes": "pays late"})
        deal = create_deal(session, "Col Deal")
        worth = {"amount": 125050, "closes_on": "2026-12-01", "contact_id": ann, "notes": "waits"}
        edit_record(session, SYSTEM, (DEAL, deal), worth)
        lead = create_lead(session, "Col Lead")
        edit_record(session, SYSTEM, (LEAD, lead), {"name": "Ola", "notes": "hot one"})
    return made


def test_columns_are_chosen_shown_and_kept_with_the_view(console, csrf, fields: dict[FieldKind, str]) -> None:
    diego, ines = console.browser("diego"), console.browser("ines")
    usual = diego.get("/contacts?words=col").text
    assert heads(usual) == ["Name", "Company", "E-mail", "Responsible", "Tags"]
    assert line(usual, "Col Ann") == ["Col Acme", "ann@col.example +1", "", "vip"]

    ticked = {"query": "words=col&order=name&before=4", "column": ["phones", "notes", *fields.values()]}
    chosen = diego.get("/lists/contact/columns", params=ticked)
    columns = ".".join(["phones", "notes", *fields.values()])
    assert str(chosen.url).endswith(f"/contacts?columns={columns}&order=name&words=col")
    assert heads(chosen.text) == ["Name", "Phone", "Notes", "My text", "My money", "My link", "My date"]
    phone, notes, text, money, link, day = line(chosen.text, "Col Ann")
    assert (phone, text, link, day) == ("+48 601 234 567", "&lt;b&gt;Tesla", "x.example/a", "2026-12-01")
    assert len(notes) <= 83
    assert "1,250" in money
    assert 'data-label="Phone"' in chosen.text

    form = {"csrf": csrf(diego, "/contacts?words=col"), "kind": "contact", "name": "Phones", "shared": "true"}
    kept = diego.post("/views", data={**form, "query": f"words=col&columns={columns}"})
    assert heads(kept.text)[1:3] == ["Phone", "Notes"]
    [view] = re.findall(r'href="(/contacts\?[^"]+)"[^>]*title="Shared by', ines.get("/contacts").text)
    assert heads(ines.get(view.replace("&amp;", "&")).text)[1:3] == ["Phone", "Notes"]
    filtered = re.search(r'<form class="form card" method="get" action="/contacts">.*?</form>', kept.text, re.DOTALL)
    assert filtered, "the list has a filter"
    assert f'name="columns" value="{columns}"' in filtered.group(), "another filter keeps the columns"

    for odd in (
        "columns=",
        "columns=...",
        "columns=name.currency.nobody.field_99999",
        f"columns={'x.' * 900}",
        "columns=%00",
    ):
        assert heads(diego.get(f"/contacts?words=col&{odd}").text) == heads(usual), odd
    for wrong in ("/lists/nothing/columns", "/lists/1/columns?column=tags"):
        assert diego.get(wrong).status_code in (404, 422)
    none = diego.get("/lists/deal/columns", params={"query": "shape=list&columns=notes"})
    assert heads(none.text)[1:3] == ["Stage", "Amount"], "ticking none brings the usual ones"


def test_every_column_of_each_kind_is_shown_by_as_many_queries_as_none(console, fields: dict[FieldKind, str]) -> None:
    ines = console.browser("ines")
    counted: list[str] = []
    event.listen(console.store.database._reader, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def asked(path: str) -> tuple[int, str]:
        counted.clear()
        page = ines.get(path)
        assert page.status_code == 200, path
        return len(counted), page.text

    shows = {
        "/contacts?words=col": ("Col Ann", {"Pilot", "Col Acme", "vip", "+48 601 234 567"}),
        "/companies?words=col": ("Col Acme", {"pays late", "col-acme.example"}),
        "/deals?shape=list&words=col": ("Col Deal", {"2026-12-01", "Col Ann", "waits"}),
        "/leads?words=col": ("Col Lead", {"Ola", "hot one"}),
    }
    for path, (name, cells) in shows.items():
        usual, page = asked(path)
        every = re.findall(r'name="column" value="([^"]+)"', page)
        assert len(every) > 6
        number, page = asked(f"{path}&columns={'.'.join(every)}")
        assert (number, len(heads(page))) == (usual, min(len(every), 20) + 1), path
        assert cells <= set(line(page, name)), path


def test_what_a_role_hides_is_no_column_and_no_filter_whoever_shared_the_view(
    console, fields: dict[FieldKind, str]
) -> None:
    text = fields[FieldKind.TEXT]
    hide(console, "diego", {"notes": FieldAccess.HIDDEN, text: FieldAccess.HIDDEN, "position": FieldAccess.HIDDEN})
    diego, ines = console.browser("diego"), console.browser("ines")
    path = f"/contacts?words=col+ann&columns=notes.{text}.position.tags"
    assert heads(ines.get(path).text) == ["Name", "Notes", "My text", "Position", "Tags"]
    page = diego.get(path).text
    assert heads(page) == ["Name", "Tags"]
    assert "coffee" not in page
    assert "Tesla" not in page
    assert not {"notes", "position", text} & set(re.findall(r'name="([^"]+)"', page)), "no filter by them either"


def test_lists_are_filtered_by_standard_fields(console, fields: dict[FieldKind, str]) -> None:
    ines = console.browser("ines")
    finds = {
        "/contacts?": (
            "Col Ann",
            ["position=pil", "notes=coffee+likes", "notes=COFFEE"],
            ["position=coffee", "notes=offee", "notes=!"],
        ),
        "/companies?": ("Col Acme", ["domain=col-acme.example", "notes=late"], ["domain=acme.org", "notes=zzz"]),
        "/leads?": ("Col Lead", ["name=ol", "notes=hot"], ["name=hot"]),
        "/deals?shape=list&": (
            "Col Deal",
            ["amount_from=1250,50&amount_to=1250.50", "closes_on_from=2026-12-01&closes_on_to=2026-12-01", "notes=waits"],
            ["words=col&amount_from=1250.51", "words=col&amount_to=1250.49", "closes_on_from=2026-12-02&words=col"],
        ),
    }  # fmt: skip
    for path, (name, right, wrong) in finds.items():
        for query in right:
            page = ines.get(path + query).text
            assert f"{name}</a>" in page, query
            assert ">on</span>" in page, "it is told that the list is filtered"
        for query in wrong:
            assert f"{name}</a>" not in ines.get(path + query).text, query
    for garbage in ("amount_from=much", "closes_on_to=someday", "closes_on_from=2026-13-40"):
        assert ines.get(f"/deals?shape=list&{garbage}").status_code == 422
    hide(console, "diego", {"notes": FieldAccess.HIDDEN})
    assert "Col Ann</a>" in console.browser("diego").get("/contacts?notes=coffee").text, (
        "what is hidden filters nothing"
    )


def hide(console, who: str, access: dict[str, FieldAccess]) -> None:
    """A role of their own, to which fields of contacts are not shown."""
    with console.store.database.unit_of_work() as session:
        role = create_role(session, SYSTEM, f"Without {len(access)}", replace(WORKS, fields={CONTACT: access}))
        mine = User.id == console.seed.people[who]
        session.execute(update(User).where(mine).values(role="own", role_id=role))


def test_a_phone_shows_a_second_line_below_each_name(console) -> None:
    marta = console.browser("marta")
    with console.store.database.unit_of_work() as session:
        create_contact(session, "Phone Zed", emails=["zed@client.example"], phones=["+48601234567"])
        create_deal(session, "Phone deal", amount=1200, responsible_id=console.seed.people["marta"])

    def on_a_phone(path: str) -> list[str]:
        cells = re.findall(r'<td class="(cell[^"]*)"[^>]*>(.*?)</td>', marta.get(path).text)
        return [re.sub("<[^>]*>", "", text) for classes, text in cells if "wide-only" not in classes]

    # Given the usual columns, then the phone has what it needs, and a cell of its own for what no column shows.
    assert on_a_phone("/contacts?words=phone+zed") == ["", "zed@client.example", "+48601234567"]
    assert on_a_phone("/deals?shape=list&words=phone+deal")[:2] == ["New", "€12"]
    assert 'class="cell quiet phone-only"' in marta.get("/contacts").text
    # Given chosen columns, then these alone.
    assert on_a_phone("/contacts?words=phone+zed&columns=emails") == ["zed@client.example"]
