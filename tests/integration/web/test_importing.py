"""Importing in the console and over the API: upload, columns, trial, run, undo; and what is refused."""

import csv
import html
import io
import re

import httpx
import pytest

from crm.access.api_tokens import Scope
from crm.access.repository import update_person
from crm.access.viewer import Viewer
from crm.records.importing.repository import runs
from crm.records.importing.running import Running, run_all
from crm.records.importing.trying import try_run
from crm.records.importing.undoing import undo_all
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import Role
from web import upload_limit

SYSTEM = Viewer.system()
FILE = "Vorname;Firma;E-Mail;Notiz\nAnnegret;Neu GmbH;anna@neu.example;x\nBert;Neu GmbH;bert;=1\n".encode("cp1252")


def words(page: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def found(console, name: str) -> list[str]:
    with console.store.database.reading() as session:
        return [contact.name for contact in reading.contacts(session, SYSTEM, RecordFilter(words=name))]


def sent(browser: httpx.Client, csrf, content: bytes, name: str = "people.csv") -> httpx.Response:
    return browser.post(
        "/contacts/import", data={"csrf": csrf(browser, "/contacts/import")}, files={"file": (name, content)}
    )


def test_a_file_goes_its_way_through_the_console(console, csrf) -> None:
    # given
    marta = console.browser("marta")
    assert 'href="/contacts/import"' in marta.get("/contacts").text
    # when it is uploaded
    page = sent(marta, csrf, FILE)
    path = page.url.path
    run_id = int(path.rsplit("/", 1)[1])
    chosen = re.findall(r'<option value="(\w*)" selected>', page.text)
    assert chosen[:4] == ["given_name", "company", "email", "notes"]
    assert "anna@neu.example" in page.text
    # and tried
    form = {"csrf": csrf(marta, path), "field": chosen[:4], "known": "overwrite", "responsible": ""}
    page = marta.post(f"{path}/try", data=form)
    assert "0 of 2 rows" in words(page)
    assert "hx-refresh" not in marta.get(f"{path}/progress", headers={"hx-request": "true"}).headers
    try_run(console.store, run_id)
    assert marta.get(f"{path}/progress", headers={"hx-request": "true"}).headers["hx-refresh"] == "true"
    page = marta.get(path)
    assert "Import: 1 new, 0 overwritten" in words(page)
    assert "3 E-Mail “bert” is no e-mail address" in words(page)
    assert found(console, "Annegret") == []
    # and run
    marta.post(f"{path}/run", data={"csrf": csrf(marta, path)})
    run_all(console.store, run_id)
    page = marta.get(path)
    assert "1 new contact, 1 new company" in words(page)
    assert found(console, "Annegret") == ["Annegret"]
    assert "people.csv" in marta.get("/contacts/import").text
    # then the errors are a file that can be mended, in which nothing is calculated
    lines = list(csv.reader(io.StringIO(marta.get(f"{path}/errors.csv").content.decode("utf-8-sig"), newline="")))
    assert lines[0] == ["Row", "Column", "Why", "Vorname", "Firma", "E-Mail", "Notiz"]
    assert lines[1][:2] + lines[1][3:] == ["3", "E-Mail", "Bert", "Neu GmbH", "bert", "'=1"]
    # and all of it is taken back
    marta.post(f"{path}/undo", data={"csrf": csrf(marta, path)})
    undo_all(console.store, run_id)
    assert "1 contact removed" in words(marta.get(path))
    assert found(console, "Annegret") == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "This is no CSV, XLSX or vCard file"),
        (b"PK\x03\x04 and nothing more", "The XLSX file is damaged"),
        (",".join(f"c{number}" for number in range(10_000)).encode() + b"\n1\n", "more than 200 columns"),
    ],
)
def test_what_is_no_list_is_told_where_it_was_sent(console, csrf, content: bytes, sentence: str) -> None:
    marta = console.browser("marta")
    page = sent(marta, csrf, content)
    assert page.status_code == 422
    assert sentence in words(page)
    with console.store.database.reading() as session:
        assert runs.run_views(session, SYSTEM) == []


def test_more_than_a_file_may_have_is_refused_before_it_is_kept(console, csrf, monkeypatch) -> None:
    monkeypatch.setattr(upload_limit, "MOST", 100_000)
    marta = console.browser("marta")
    token = csrf(marta, "/contacts/import")
    program = console.program("marta", Scope.RECORDS_WRITE)
    announced = program.post("/api/v1/imports", files={"file": ("a.csv", b"Name\n" + b"Ann\n" * 50_000)})
    assert (announced.status_code, announced.json()["title"]) == (413, "Too large")

    def body():
        yield b'--end\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 10_000

    headers = {"x-csrf-token": token, "content-type": "multipart/form-data; boundary=end"}
    unannounced = marta.post("/contacts/import", content=body(), headers=headers)
    assert unannounced.status_code == 413


def test_over_the_api_by_the_same_rules(console) -> None:
    program = console.program("marta", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    made = program.post("/api/v1/imports", files={"file": ("people.csv", FILE)})
    assert made.status_code == 201
    run = made.json()
    assert (run["state"], run["fields"], run["rows"]) == ("ready", ["given_name", "company", "email", "notes"], 2)
    at = f"/api/v1/imports/{run['id']}"
    # a trial with another mapping
    tried = program.post(f"{at}/try", json={"mapping": {"E-Mail": "", "Notiz": "position"}, "known": "skip"})
    assert (tried.status_code, tried.json()["state"]) == (202, "trying")
    assert program.post(f"{at}/run", json={}).status_code == 409
    try_run(console.store, run["id"])
    assert program.get(at).json()["trial"] == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "joined": 0,
        "refused": 1,
        "companies": 1,
        "contacts": 0,
    }
    (error,) = program.get(f"{at}/errors").json()["items"]
    assert (error["row"], error["column"]) == (3, "Notiz")
    assert "formula" in error["reason"]
    # columns of one name, each by its own
    twice = program.post("/api/v1/imports", files={"file": ("a.csv", b"E-mail,E-mail\na@x.example,b\n")}).json()
    assert (twice["header"], twice["fields"]) == (["E-mail", "E-mail (2)"], ["email", "email"])
    told = program.post(f"/api/v1/imports/{twice['id']}/try", json={"mapping": {"E-mail (2)": "notes"}}).json()
    assert told["fields"] == ["email", "notes"]
    # wrong wishes
    assert "no column" in program.post(f"{at}/run", json={"mapping": {"Nix": "name"}}).json()["detail"]
    assert program.post(f"{at}/run", json={"mapping": {"Firma": "colour"}}).status_code == 422
    assert program.post(f"{at}/undo").status_code == 409
    # the run, and its undoing
    assert program.post(f"{at}/run", json={"mapping": {"E-Mail": "email"}}).json()["state"] == "running"
    run_all(console.store, run["id"])
    done = program.get(at).json()
    assert (done["state"], done["counts"]["new"], done["known"]) == ("done", 1, "skip")
    assert program.post(f"{at}/undo").json()["state"] == "undoing"
    undo_all(console.store, run["id"])
    assert program.get(at).json()["undo"] == {
        "removed": 1,
        "put_back": 0,
        "kept": 0,
        "companies_kept": 0,
        "contacts_kept": 0,
    }
    assert [one["id"] for one in program.get("/api/v1/imports").json()["items"]] == [twice["id"], run["id"]]


def test_the_file_of_errors_is_mended_and_comes_in_as_it_was_meant(console, csrf) -> None:
    """The cells of our own files are defused already, those of others are not."""
    marta = console.browser("marta")
    content = "Name,E-mail,Phone,Notes\n'=Eve,eve,'+48 601 100 200,-x\n''@Ann,ann,+48 601 100 201,'quoted'\n"
    path = sent(marta, csrf, content.encode()).url.path
    marta.post(f"{path}/run", data={"csrf": csrf(marta, path)})
    run_all(console.store, int(path.rsplit("/", 1)[1]))
    errors = marta.get(f"{path}/errors.csv").content.decode()
    mended = errors.replace(",eve,", ",eve@x.example,").replace(",ann,", ",ann@x.example,")
    path = sent(marta, csrf, mended.encode()).url.path
    marta.post(f"{path}/run", data={"csrf": csrf(marta, path)})
    assert run_all(console.store, int(path.rsplit("/", 1)[1])).counts.new == 2
    with console.store.database.reading() as session:
        came = {one.name: one for one in reading.contacts(session, SYSTEM, RecordFilter(limit=2))}
    assert {name: [each.value for each in one.channels] for name, one in came.items()} == {
        "=Eve": ["eve@x.example", "+48 601 100 200"],
        "'@Ann": ["ann@x.example", "+48 601 100 201"],
    }
    assert (came["=Eve"].notes, came["'@Ann"].notes) == ("-x", "'quoted'")


DEALS = (
    "Deal name;Amount;Deal stage;Contact;Company\n"
    "Relaunch;12,5;Won;Anna Neu;Neu GmbH\nAudit;7;Somewhere;;\nShop;much;;;\n" + "Again;1;;;\n" * 20
).encode()


def test_deals_go_the_same_way_and_a_stopped_import_goes_on(console, csrf) -> None:
    # given what the list of deals offers
    marta = console.browser("marta")
    for path in ("/companies", "/deals"):
        assert f'href="{path}/import"' in marta.get(path).text
    assert "/leads/import" not in marta.get("/leads").text
    assert marta.get("/leads/import").status_code == 409
    assert marta.get("/nothing/import").status_code == 422
    token = csrf(marta, "/deals/import")
    page = marta.post("/deals/import", data={"csrf": token}, files={"file": ("deals.csv", DEALS)})
    path = page.url.path
    run_id = int(path.rsplit("/", 1)[1])
    fields = re.findall(r'<option value="(\w*)" selected>', page.text)[:5]
    assert fields == ["title", "amount", "stage", "contact", "company"]
    assert marta.get(f"/contacts/import/{run_id}").url.path == path
    # when nobody may be made
    form = {"csrf": csrf(marta, path), "field": fields, "known": "complete", "missing": "refuse"}
    marta.post(f"{path}/try", data=form)
    try_run(console.store, run_id)
    page = marta.get(path)
    assert "2 There is no company “Neu GmbH” here" in words(page)
    assert "3 Deal stage There is no stage “Somewhere”; there are: New" in words(page)
    assert "4 Amount “much” is no number" in words(page)
    # and when they may
    marta.post(f"{path}/try", data={**form, "missing": "make"})
    try_run(console.store, run_id)
    page = marta.get(path)
    assert "21 new deals, 1 new company, 1 new contact" in words(page)
    # and it is stopped in the middle, of what was not imported there are no errors
    marta.post(f"{path}/run", data={"csrf": csrf(marta, path)})
    Running(console.store, run_id, at_once=2).step()
    page = marta.post(f"{path}/stop", data={"csrf": csrf(marta, path)})
    assert "Imported in part: 2 of 23 rows" in words(page)
    assert "With the 21 rows that are left" in words(page)
    assert "“Somewhere”" in words(page)
    assert "“much”" not in words(page)
    assert "stopped at 2 of 23" in words(marta.get("/contacts/import"))
    # then it goes on by a button
    assert f'action="{path}/go-on"' in page.text
    page = marta.post(f"{path}/go-on", data={"csrf": csrf(marta, path)})
    assert "Importing: 2 of 23 rows" in words(page)
    run_all(console.store, run_id)
    page = marta.get(path)
    assert "21 new deals, 1 new company, 1 new contact" in words(page)
    assert "go-on" not in page.text
    assert "“much”" in words(page)
    marta.post(f"{path}/undo", data={"csrf": csrf(marta, path)})
    undo_all(console.store, run_id)
    assert "21 deals removed" in words(marta.get(path))


def test_other_kinds_over_the_api(console) -> None:
    program = console.program("marta", Scope.RECORDS_READ, Scope.RECORDS_WRITE)

    def sent_as(kind: str, content: bytes) -> httpx.Response:
        return program.post("/api/v1/imports", data={"record_type": kind}, files={"file": ("a.csv", content)})

    # what can not be
    assert "no leads in Simple mode" in sent_as("lead", b"Title\nA\n").json()["detail"]
    assert sent_as("task", b"Title\nA\n").status_code == 422
    assert "vCards hold people" in sent_as("deal", b"BEGIN:VCARD\nFN:A\nEND:VCARD\n").json()["detail"]
    run = sent_as("company", b"Name,Domain\nNeu,neu.example\nBolt,\n").json()
    assert (run["record_type"], run["fields"], run["missing"]) == ("company", ["name", "company_domain"], "refuse")
    at = f"/api/v1/imports/{run['id']}"
    wrong = program.post(f"{at}/run", json={"mapping": {"Domain": "amount"}})
    assert (wrong.status_code, "There is no field 'amount'" in wrong.json()["detail"]) == (422, True)
    people = program.post("/api/v1/imports", files={"file": ("a.csv", b"Name\nA\n")}).json()
    twice = program.post(f"/api/v1/imports/{people['id']}/run", json={"known": "add"})
    assert (twice.status_code, twice.json()["detail"].startswith("Contacts are not added twice")) == (422, True)
    # and what can: stopped, gone on with
    assert program.post(f"{at}/go-on").status_code == 409
    assert program.post(f"{at}/run", json={"known": "add", "missing": "make"}).json()["known"] == "add"
    stopped = program.post(f"{at}/stop").json()
    assert (stopped["state"], stopped["unfinished"]) == ("done", True)
    assert program.post(f"{at}/go-on").json()["state"] == "running"
    assert program.post(f"{at}/go-on").status_code == 409
    run_all(console.store, run["id"])
    done = program.get(at).json()
    assert (done["state"], done["unfinished"], done["counts"]["new"]) == ("done", False, 2)


def test_what_is_at_work_is_stopped_by_a_button_and_over_the_api(console, csrf) -> None:
    marta = console.browser("marta")
    path = sent(marta, csrf, FILE).url.path
    form = {"csrf": csrf(marta, path), "field": ["given_name", "company", "email", ""]}
    page = marta.post(f"{path}/try", data=form)
    assert f'action="{path}/stop"' in page.text
    page = marta.post(f"{path}/stop", data={"csrf": csrf(marta, path)})
    assert "The trial has not ended: somebody stopped it." in words(page)
    assert marta.post(f"{path}/stop", data={"csrf": csrf(marta, path)}).status_code == 409
    # and over the API, where wrong numbers are told, too
    program = console.program("marta", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    at = f"/api/v1/imports/{path.rsplit('/', 1)[1]}"
    for wrong in (999_999, 10**30):
        assert program.post(f"{at}/try", json={"responsible_id": wrong}).status_code == 422
        assert program.get(f"/api/v1/imports/{wrong}").status_code in (404, 422)
    assert program.post(f"{at}/run", json={}).json()["stopped"] == ""
    stopped = program.post(f"{at}/stop").json()
    assert (stopped["state"], stopped["counts"]["new"]) == ("done", 0)
    assert "Not all rows were imported" in stopped["stopped"]


def test_who_may(console, csrf) -> None:
    reader = console.program("marta", Scope.RECORDS_READ)
    assert reader.post("/api/v1/imports", files={"file": ("a.csv", FILE)}).status_code == 403
    made = console.program("ines", Scope.RECORDS_WRITE, Scope.RECORDS_READ).post(
        "/api/v1/imports", files={"file": ("a.csv", FILE)}
    )
    run_id = made.json()["id"]
    with console.store.database.unit_of_work() as session:
        update_person(session, console.seed.people["tom"], role=Role.GUEST)
        update_person(session, console.seed.people["marta"], role=Role.SELLER)
    tom, marta = console.browser("tom"), console.browser("marta")
    for path in ("/contacts/import", f"/contacts/import/{run_id}", f"/contacts/import/{run_id}/errors.csv"):
        assert tom.get(path).status_code in (403, 404)
    assert marta.get(f"/contacts/import/{run_id}").status_code == 404
    assert reader.get(f"/api/v1/imports/{run_id}").status_code == 404
    mine = sent(marta, csrf, FILE)
    assert f'<option value="{console.seed.people["marta"]}" selected>' in mine.text


def test_the_api_is_described(console) -> None:
    described = console.browser().get("/api/openapi.json").json()["paths"]
    assert set(described["/api/v1/imports"]) == {"get", "post"}
    assert "multipart/form-data" in described["/api/v1/imports"]["post"]["requestBody"]["content"]
    assert "text/csv" in described["/api/v1/contacts.{form}"]["get"]["responses"]["200"]["content"]
