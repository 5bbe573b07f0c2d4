"""Every route is walked as every role: who is let in, and that nothing hidden stands in any answer."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.config import load_settings
from integration.web.rights.expected import EXPECTED
from integration.web.rights.requests_of import Request, request_of, routes_of
from integration.web.rights.roles import LET_IN, SECRETS, SEEN
from integration.web.rights.vault import ANONYMOUS, FINDME, PASSWORD, ROLES, Vault, fill_vault, snapshot
from seeds.console import Console, SeededFolder, csrf_of, running_console
from storage.store import open_store

CHANGES_NOTHING = (ANONYMOUS, "none", "guest", "seller")
FIRST_CHANGE = "POST /login"
LAST = ("POST /settings/account/password", "POST /logout")
"""After these nobody is signed in any more."""
CHANGES_MOST = ("administrator", "seller")
DOCUMENTS = ("GET /api/openapi.json", "GET /api/docs")
ENDLESS = ("GET /live",)
WRONG_PASSWORD = "POST /login"
FURTHER = (
    f"/search?words={FINDME}", f"/contacts?words={FINDME}", f"/companies?words={FINDME}", f"/deals?shape=list&words={FINDME}",
    "/deals?pipeline={pipeline_id}", "/deals?shape=list&pipeline={pipeline_id}",
    f"/leads?shape=board&words={FINDME}",
    "/leads?state=junk", "/deals/lane?stage={stage_id}",

    "/choose/contact?name=contact&contact_words=findme",
    "/choose/company?name=company&company={company_id}", "/leads?state=converted", f"/leads?words={FINDME}",
    "/stream?whose=all", "/stream?whose=all&kind=mail",
    "/tasks?part=set_by_me", f"/feed?words={FINDME}", "/settings/recycle-bin?words=findme", "/contacts/duplicates",
    "/deals/new?message={message_id}", "/tasks/new?message={message_id}", "/tasks/new?record=deal:{deal_id}",
    "/deals/new?contact={contact_id}",
    "/feed/new?message={message_id}", "/entries/new?record=deal:{deal_id}",
    "/compose?to=zq@hidden-client.example", f"/mail?view=all&words={FINDME}", "/mail?view=waiting", "/mail?view=all",
    "/history/deal/{deal_id}", "/edit/deal/{deal_id}", "/records/deal:{deal_id}/delete",
    "/records/contact:{contact_id}/merge?words=findme",
    "/compose/template?template={template_id}&to=zq@hidden-client.example", "/contacts.xlsx", "/deals.csv?pipeline={pipeline_id}",
    "/contacts?order=name", "/contacts?source=api", "/contacts?field_{field_id}=zqfield", "/notifications", "/numbers?days=365",
    f"/api/v1/contacts?words={FINDME}", "/api/v1/deals?contact_id={contact_id}", f"/api/v1/tasks?part=any&words={FINDME}",
    "/api/v1/activities", "/api/v1/activities?kind=mail", "/api/v1/timeline/deal/{deal_id}", "/api/v1/history/deal/{deal_id}",
    f"/api/v1/threads?words={FINDME}", "/api/v1/fields/contact", "/api/v1/contacts/duplicates", "/api/v1/contacts?limit=100",
    "/api/v1/contacts.xlsx",
    "/api/v1/deals.csv", "/api/v1/leads.csv", "/api/v1/companies.csv", "/api/v1/comments/activity/{activity_id}",
    "/mail/messages/{message_id}/raw", "/api/v1/messages/{message_id}/content", "/mail/threads/{thread_id}",
)  # fmt: skip
"""Ways to ask for more than a route gives by itself; asked before anything is changed, and again after all that is."""


@pytest.fixture(scope="session")
def vault(seeded: SeededFolder, tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """The company with secrets in it, made once."""
    path = tmp_path_factory.mktemp("vault") / "data"
    shutil.copytree(seeded.path, path)
    store = open_store(load_settings(data_dir=path))
    filled = fill_vault(store, seeded.seed, path)
    store.close()
    return filled


class Walker:
    """Somebody of a role, at a browser and with a program."""

    def __init__(self, console: Console, vault: Vault, role: str) -> None:
        self.role, self.vault = role, vault
        self.browser = console._client(follow_redirects=False)
        token = vault.tokens.get(role)
        self.program = console._client(headers={"authorization": f"Bearer {token}"} if token else {})
        self.csrf = csrf_of(self.browser, "/login")
        if role != ANONYMOUS:
            form = {"csrf": self.csrf, "email": f"{role}@rights.example", "password": PASSWORD, "next": "/"}
            assert self.browser.post("/login", data=form).status_code == 303
            self.csrf = csrf_of(self.browser, "/settings/account")

    def ask(self, request: Request) -> httpx.Response:
        """Send a request as this person."""
        if request.is_api:
            files = {"files": request.files} if request.files else {"json": request.body}
            return self.program.request(request.method, request.path, params=request.query, **files)
        headers = {"x-csrf-token": self.csrf}
        return self.browser.request(
            request.method,
            request.path,
            params=request.query,
            headers=headers,
            **({"data": request.form, "files": request.files} if request.method != "GET" else {}),
        )

    def get(self, path: str) -> httpx.Response:
        """Look at a page or an answer of the API."""
        address = path.format(**self.vault.ids)
        return (self.program if address.startswith("/api/v1") else self.browser).get(address)

    def first_event(self) -> str:
        """What the stream of live counters says first; why there is none."""
        with self.browser.stream("GET", "/live") as stream:
            return next((line for line in stream.iter_lines() if line.startswith("data:")), f"{stream.status_code}")


@pytest.fixture(params=ROLES)
def walker(request: pytest.FixtureRequest, vault: Vault, tmp_path: Path) -> Iterator[tuple[Walker, Console]]:
    """One of each role in turn, each in a company of their own."""
    with running_console(SeededFolder(vault.path, vault.seed), tmp_path / "data") as console:
        yield Walker(console, vault, request.param), console


def test_every_route_says_whom_it_lets_in(vault: Vault, tmp_path: Path) -> None:
    with running_console(SeededFolder(vault.path, vault.seed), tmp_path / "data") as console:
        there = {name for name, _ in routes_of(console.app)}

    assert there - EXPECTED.keys() == set(), "say in expected.py who may use these routes"
    assert EXPECTED.keys() - there == set(), "these routes are gone"


def test_everybody_gets_what_is_theirs_and_nothing_that_is_hidden(walker: tuple[Walker, Console]) -> None:
    person, console = walker
    before = snapshot(console.store, person.vault)
    wrong: list[str] = []
    seen: set[str] = set()

    def look(name: str, answer: httpx.Response) -> None:
        words = f"{_words_of(answer)} {answer.headers}"
        leaked = {secret for secret in SECRETS if secret in words}
        seen.update(leaked)
        wrong.extend(f"{name}: shows {secret}" for secret in sorted(leaked - SEEN[person.role]))
        if answer.status_code >= 500:
            wrong.append(f"{name}: breaks with {answer.status_code} {answer.text[:300]}")

    routes = sorted(routes_of(console.app), key=_in_order)
    for name, route in routes:
        if name in ENDLESS:
            event = person.first_event()
            assert ("data:" in event) is (LET_IN[person.role] >= EXPECTED[name])
            continue
        if name in DOCUMENTS and person.role != ANONYMOUS:
            continue  # They are the same for everybody, and take long to be written.
        if name == FIRST_CHANGE or (name == LAST[0] and person.role in CHANGES_MOST):
            for path in FURTHER:
                look(path, person.get(path))
        answer = person.ask(request_of(name, route, person.vault))
        look(name, answer)
        if name != WRONG_PASSWORD:
            wrong += _told(name, answer, let_in=LET_IN[person.role] >= EXPECTED[name])

    assert not wrong, "\n".join(wrong)
    assert seen == SEEN[person.role], "each must be able to see what is theirs, else this proves nothing"
    if person.role in CHANGES_NOTHING:
        assert snapshot(console.store, person.vault) == before


def _in_order(one: tuple[str, Any]) -> tuple[int, bool]:
    """First what only looks, then what changes, and what signs out at the end."""
    name, _ = one
    return LAST.index(name) + 1 if name in LAST else 0, not name.startswith("GET ")


def _words_of(answer: httpx.Response) -> str:
    """What an answer says; of a workbook what is in it."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def _told(name: str, answer: httpx.Response, *, let_in: bool) -> Iterator[str]:
    """What is wrong with the status of an answer."""
    status: Any = answer.status_code
    to_login = status == 303 and answer.headers["location"].startswith("/login")
    if let_in and (status in (401, 403) or (to_login and name not in LAST)):
        yield f"{name}: refused with {status}"
    if (
        not let_in
        and status not in (401, 403, 404)
        and not to_login
        and not (status == 422 and not name.startswith("GET "))
    ):
        yield f"{name}: lets in with {status}"
