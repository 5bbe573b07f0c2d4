"""Every page there is, taken from the routes that are declared, on a company that has one row of all that a route can name.

A new route stands in `integration.web.rights.pages`, or its test fails; so a new page is looked at here without being listed.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import APIRequestContext

from crm.records.modes import CrmMode, Mode, write_mode
from integration.web.rights.expected import EXPECTED
from integration.web.rights.named_rows import name_rows
from integration.web.rights.requests_of import request_of, routes_of
from integration.web.rights.vault import Vault, fill_vault
from seeds.console import Console

NOT_LOOKED_AT = {
    "GET /live": "never ends",
    "GET /static/{path}": "files",
    "GET /login": "whoever is signed in goes on to the first page; test_signing_in looks at it",
    "GET /settings/mailboxes/oauth/callback/{provider}": "needs a provider that signed somebody in",
}
FURTHER = (
    "/mail/threads/1",
    "/mail?view=waiting",
    "/mail?view=all&words=nothing-is-called-so",
    "/stream?whose=all",
    "/stream/new?to=all&to=contact:1&about=deal:1",
    "/entries/new?record=deal:1&kind=call",
    "/entries/new?record=deal:1&kind=meeting",
    "/tasks/new?record=deal:1",
    "/tasks?shape=board",
    "/contacts?words=nothing-is-called-so",
    "/contacts?tag=newsletter",
    "/contacts/1",
    "/companies/1",
    "/deals?shape=list",
    "/deals/1",
    "/deals/new?contact=1",
    "/edit/company/1",
    "/edit/lead/1",
    "/edit/deal/1",
    "/history/deal/1",
    "/leads?shape=board",
    "/leads?state=junk",
    "/leads/1",
    "/leads/numbers?from=2026-01-01&until=2026-12-31",
    "/numbers?days=365",
    "/numbers?from=2026-01-01&until=2026-12-31",
    "/records/deal:1/delete",
    "/records/contact:1/merge?with=2",
    "/records/company:1/merge",
    "/search?words=levante",
    "/compose?to=ann@client.example",
    "/deals/import",
)
"""Other shapes and states of pages than a route shows by itself."""


def live_in(console: Console, path: Path) -> Vault:
    """Put one of everything into the company, in Classic mode, so that leads have their pages."""
    vault = fill_vault(console.store, console.seed, path)
    name_rows(console.store, vault)
    with console.store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
    return vault


def addresses(console: Console, vault: Vault) -> Iterator[str]:
    """What each declared route that is looked at answers to, and the further ones."""
    routes = dict(routes_of(console.app))
    for name in EXPECTED:
        if name.startswith("GET ") and "/api/v1" not in name and name not in NOT_LOOKED_AT:
            asked = request_of(name, routes[name], vault, {})
            yield asked.path + (f"?{urlencode(asked.query, doseq=True)}" if asked.query else "")
    yield from FURTHER


def is_page(asked: APIRequestContext, address: str) -> bool:
    """Whether that is a page: neither a part of one, nor a picture, nor a file to be saved."""
    answer = asked.get(address, max_redirects=0)
    assert answer.status in (200, 303), f"{address}: {answer.status} {answer.text()[:200]}"
    return answer.headers.get("content-type", "").startswith("text/html") and "<main" in answer.text()
