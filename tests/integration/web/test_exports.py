"""What lists show as files: for the same filter, defused, whole, for whoever may; and imported again without loss."""

import csv
import html
import io
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import delete

from crm.access.api_tokens import Scope
from crm.access.repository import acts, update_person
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.conversions import convert_lead
from crm.records.exporting import rows as exporting_rows
from crm.records.exporting import xlsx_file
from crm.records.exporting.csv_file import csv_pieces
from crm.records.exporting.rows import exported_rows
from crm.records.exporting.xlsx_file import xlsx_pieces
from crm.records.fields.custom import NewField, create_field, fields_of
from crm.records.fields.editing import edit_record
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_run
from crm.records.importing.uploading import upload
from crm.records.lead_moves import move_lead
from crm.records.leads import create_lead
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.views import RecordFilter
from integration.conftest import sqlite_store
from storage.models import (
    Channel,
    Company,
    Contact,
    FieldKind,
    FieldValue,
    ImportRow,
    ImportRun,
    LeadState,
    RecordChange,
    RecordType,
    Role,
)
from storage.sessions import ReadSession
from storage.store import Store

SYSTEM = Viewer.system()


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells_of(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize("path", ["contacts", "companies", "leads", "deals"])
def test_every_list_as_csv_and_xlsx(console, path: str) -> None:
    marta = console.browser("marta")
    answer = marta.get(f"/{path}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{path}-20')
    rows = rows_of(answer.content)
    book = marta.get(f"/{path}.xlsx")
    cells = cells_of(book.content)
    assert rows
    assert cells[0] == tuple(rows[0])
    assert len(cells) == len(rows) + 1
    assert [str(row[cells[0].index("Mailsync ID")]) for row in cells[1:]] == [row["Mailsync ID"] for row in rows]
    # and the page has the button, which carries its filter along
    page = marta.get(f"/{path}?words=a&mine=true").text
    assert f'href="/{path}.csv?words=a&amp;mine=true"' in page


def test_the_filter_of_the_list_is_the_filter_of_the_file(console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting_rows, "AT_ONCE", 3)  # So that there are several pieces.
    marta = console.browser("marta")
    program = console.program("marta", Scope.RECORDS_READ)
    for query in ("words=a", "words=ann", "mine=true", ""):
        mine = "mine" in query
        with console.store.database.reading() as session:
            wanted = RecordFilter(
                words=query.removeprefix("words=") if "words" in query else "",
                responsible_id=console.seed.people["marta"] if mine else None,
                limit=1000,
            )
            ids = [str(contact.id) for contact in reading.contacts(session, SYSTEM, wanted)]
        assert [row["Mailsync ID"] for row in rows_of(marta.get(f"/contacts.csv?{query}").content)] == ids
        if not mine:
            there = program.get(f"/api/v1/contacts.csv?{query}")
            assert [row["Mailsync ID"] for row in rows_of(there.content)] == ids
    deals = rows_of(program.get("/api/v1/deals.csv").content)
    assert all(re.fullmatch(r"\d+\.\d\d", deal["Amount"]) for deal in deals)
    assert deals
    leads = rows_of(program.get("/api/v1/leads.csv?state=active").content)
    assert {row["Lead state"] for row in leads} <= {"active"}


def test_leads_are_exported_as_they_are_listed(console) -> None:
    # given leads in every stage
    with console.store.database.unit_of_work() as session:
        stages = {stage.kind: stage.id for stage in reversed(lead_stages(session, SYSTEM))}  # The first of each kind.
        for kind, stage_id in stages.items():
            for number in range(2):
                lead_id = create_lead(session, f"{kind.value} {number}", emails=[f"{kind.value}{number}@x.example"])
                if kind is LeadState.CONVERTED:
                    convert_lead(session, lead_id)
                elif kind is LeadState.JUNK:
                    move_lead(session, lead_id, stage_id)
    marta = console.browser("marta")
    queries = ["", "state=junk", "state=junk&stage=" + str(stages[LeadState.CONVERTED]), "words=1", "shape=board"]
    queries += [f"stage={stage_id}" for stage_id in stages.values()]
    # then a file has what the page has, and so has "all that this list shows"
    for query in queries:
        page = marta.get(f"/leads?{query}").text
        shown = {row["Mailsync ID"] for row in rows_of(marta.get(f"/leads.csv?{query}").content)}
        assert shown == set(re.findall(r'<a href="/leads/(\d+)"', page))
        assert shown
        if query != "shape=board":
            listed = html.unescape(re.search(r'name="query" value="([^"]*)"', page)[1])
            form = {"csrf": re.search(r'name="csrf" value="([^"]*)"', page)[1], "query": listed, "all": "true"}
            chosen = marta.post("/bulk/lead", data=form)
            assert chosen.status_code == 200
            assert f"{len(shown)} lead" in chosen.text


def test_nothing_in_a_file_is_calculated(console) -> None:
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1"]
    with console.store.database.unit_of_work() as session:
        for name in dangerous:
            create_contact(session, name, tags=["zzz"], phones=["+49 30 1234567"])
    marta = console.browser("marta")
    rows = rows_of(marta.get("/contacts.csv").content)[: len(dangerous)]
    assert [row["Name"] for row in rows] == [f"'{name}" for name in reversed(dangerous)]
    assert {row["Phone"] for row in rows} == {"'+49 30 1234567"}
    sheet = load_workbook(io.BytesIO(marta.get("/contacts.xlsx").content)).worksheets[0]
    assert [(cell.value, cell.data_type) for cell in list(sheet["A"])[1:6]] == [
        ("''=1" if name == "'=1" else name, "s") for name in reversed(dangerous)
    ]


def test_guests_read_and_export_nothing_and_an_export_is_noted(console) -> None:
    with console.store.database.reading() as session:
        before = len(acts(session, SYSTEM))
    guest = Viewer(console.seed.people["tom"], Role.GUEST)
    assert not guest.may_export
    with console.store.database.unit_of_work() as session:
        update_person(session, console.seed.people["tom"], role=Role.GUEST)
    tom, program = console.browser("tom"), console.program("marta", Scope.RECORDS_READ)
    assert tom.get("/contacts").status_code == 200
    assert "contacts.csv" not in tom.get("/contacts").text
    assert tom.get("/contacts.csv").status_code == 403
    assert tom.get("/contacts/import").status_code == 403
    assert program.get("/api/v1/contacts.csv?words=ann").status_code == 200
    assert program.get("/api/v1/contacts.ods").status_code == 422
    assert console.program("marta", Scope.MAIL_READ).get("/api/v1/contacts.csv").status_code == 403
    with console.store.database.reading() as session:
        noted = acts(session, SYSTEM)[: -before or None]
    exports = [(act.action, act.detail) for act in noted if act.action.startswith("records")]
    assert exports == [("records.export", {"record_type": "contact", "format": "csv", "words": "ann"})]


def test_what_does_not_fit_on_a_sheet_goes_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 4)
    chunks = [[("Name",)], [(f"n{number}",) for number in range(5)], [("n5",), ("n6",)]]
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(chunks, "Contacts"))))
    assert book.sheetnames == ["Contacts", "Contacts 2", "Contacts 3"]
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets] == [
        ["Name", "n0", "n1", "n2"],
        ["Name", "n3", "n4", "n5"],
        ["Name", "n6"],
    ]


# --- round trip

LETTERS = st.characters(exclude_categories=["C", "Z"], include_characters=" ;,|'=+-@<>&\"")
PREFIX = st.sampled_from(["", "", "=", "'", "'=", "''+", "-", "@", "_x0041_"])
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
TEXT = st.builds("{}{}".format, PREFIX, WORDS)
WORD = st.text("abcdefghij", min_size=1, max_size=6)
ADDRESS = st.builds(
    "{}@{}.example".format,
    st.one_of(WORD, WORDS.map(lambda text: f'"{text}"').filter(lambda text: text.count('"') == 2)),
    WORD,
)
PHONE = st.from_regex(r"\+?[0-9]{2,5}( [0-9]{1,4}){0,3}(, ext\. [0-9])?", fullmatch=True)
TAG = TEXT.map(lambda text: text.lstrip("*#").strip()).filter(bool)
PERSON = st.fixed_dictionaries(
    {
        "name": TEXT,
        "emails": st.lists(ADDRESS, max_size=3, unique_by=str.lower),
        "phones": st.lists(PHONE, max_size=2, unique=True),
        "position": st.one_of(st.just(""), TEXT),
        "tags": st.lists(TAG, max_size=3, unique=True),
        "source": TEXT,
        "notes": st.one_of(st.just(""), st.lists(TEXT, min_size=1, max_size=3).map("\n".join)),
        "budget": st.one_of(st.none(), st.integers(-(10**6), 10**9)),
        "size": st.one_of(st.none(), st.integers(-(10**6), 10**6).map(lambda number: number / 1000)),
        "born": st.one_of(st.none(), st.dates().map(date.isoformat)),
        "motto": st.one_of(st.none(), TEXT),
        "company": st.one_of(st.none(), st.sampled_from(["Acme", "Bolt & Söhne; Co", "=Calc", "Ä, B"])),
    }
)


@pytest.fixture(scope="module")
def two_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    stores = (sqlite_store(tmp_path_factory.mktemp("first")), sqlite_store(tmp_path_factory.mktemp("second")))
    for store in stores:
        with store.database.unit_of_work() as session:
            for name, kind in CUSTOM.items():
                create_field(session, SYSTEM, NewField(RecordType.CONTACT, name, kind))
    yield stores
    for store in stores:
        store.close()


@given(drawn=st.lists(PERSON, min_size=1, max_size=5), form=st.sampled_from(["csv", "xlsx"]))
@settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_file_that_was_exported_here_comes_in_again_without_loss(two_stores, drawn, form: str) -> None:
    # given people none of whom share an address or phone: those would be one
    first, second = two_stores
    people = _apart(drawn)
    _empty(first)
    _empty(second)
    _fill(first, people)
    content = _export(first, form)
    # when
    _import(second, content)
    again = _import(first, content)
    # then
    assert _contacts(second) == _contacts(first)
    assert again.unchanged == len(people), "who is here is known, also without an address"


CUSTOM = {"size": FieldKind.NUMBER, "budget": FieldKind.MONEY, "born": FieldKind.DATE, "motto": FieldKind.TEXT}


def _keys(session: ReadSession) -> dict[str, str]:
    return {field.name: field.key for field in fields_of(session, SYSTEM, RecordType.CONTACT) if field.custom_id}


def _apart(drawn):
    seen: set[str] = set()
    people = deepcopy(drawn)
    for person in people:
        for kind in ("emails", "phones"):
            fresh = {_key(value): value for value in person[kind] if _key(value) not in seen}
            seen.update(fresh)
            person[kind] = list(fresh.values())
    return people


def _empty(store: Store) -> None:
    with store.database.unit_of_work() as session:
        for table in (ImportRow, ImportRun, FieldValue, RecordChange, Channel, Contact, Company):
            session.execute(delete(table))


def _key(value: str) -> str:
    return value.lower() if "@" in value else "".join(letter for letter in value if letter.isdigit() or letter == "+")


def _fill(store: Store, people) -> None:
    with store.database.unit_of_work() as session:
        companies = {
            name: create_company(session, name, domain=f"c{number}.example")
            for number, name in enumerate(sorted({person["company"] for person in people} - {None}))
        }
        for person in people:
            values = {name: value for name, value in person.items() if name not in ("company", "notes", *CUSTOM)}
            contact_id = create_contact(session, **values, company_id=companies.get(person["company"]))
            filled = {_keys(session)[name]: person[name] for name in CUSTOM if person[name] is not None}
            edit_record(session, SYSTEM, (RecordType.CONTACT, contact_id), {"notes": person["notes"], **filled})


def _export(store: Store, form: str) -> bytes:
    rows = exported_rows(store, SYSTEM, RecordType.CONTACT, RecordFilter())
    if form == "csv":
        return b"".join(csv_pieces(rows))
    header, *chunks = rows
    return b"".join(xlsx_pieces([header, *chunks], "Contacts"))


def _import(store: Store, content: bytes):
    run_id = upload(store, SYSTEM, io.BytesIO(content), "contacts")
    with store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id)
    counts = run_all(store, run_id).counts
    assert counts.refused == 0
    return counts


def _contacts(store: Store) -> list[object]:
    with store.database.reading() as session:
        found = reading.contacts(session, SYSTEM, RecordFilter(limit=1000))
        companies = {company.id: company.domain for company in reading.companies(session, SYSTEM)}
    return sorted(
        (
            contact.name,
            contact.position,
            (contact.company.name, companies[contact.company.id]) if contact.company else ("", None),
            contact.tags,
            contact.source,
            contact.notes,
            tuple(sorted(contact.fields.items())),
            contact.created_at.replace(microsecond=0).isoformat(),
            tuple(channel.value for channel in contact.channels),
        )
        for contact in found
    )
