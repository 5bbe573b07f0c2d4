"""One application, one company and one connection for all who walk."""

import asyncio
import gc
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import anyio.to_thread
import pytest
from fastapi.routing import APIRoute

from core.config import load_settings
from crm.access.signing_in import open_session
from integration.web.rights.beforehand import DONE, NOTED, SENT
from integration.web.rights.named_rows import name_rows
from integration.web.rights.requests_of import request_of, routes_of
from integration.web.rights.undoing import Undoing, undoing
from integration.web.rights.vault import ROLES, Vault, fill_vault
from integration.web.rights.walking import Door, Encoded, Walker, looking_at
from seeds.console import TOKEN, SeededFolder
from storage.store import Store, open_store
from web.app import create_app
from web.services import Services
from web.signed_in import SESSION_COOKIE, VISIT_COOKIE


@dataclass
class Walk:
    """What is walked: the routes, each with its request, and who may be sent."""

    store: Store
    door: Door
    undoing: Undoing
    vault: Vault
    routes: dict[str, APIRoute]
    walkers: dict[str, Walker]

    def request(self, name: str, noted: dict[str, Any] | None = None) -> Encoded:
        """A request to that route."""
        return Encoded(request_of(name, self.routes[name], self.vault, noted or {}))

    def prepare(self, name: str) -> tuple[Encoded, bool]:
        """Let happen what has to have happened before that route is asked for; the request to it, and whether it was anything."""
        noted: dict[str, Any] = {}
        if (sent := SENT.get(name)) is not None:
            answer = self.door.ask(self.walkers["owner"], self.request(sent))
            assert answer.status < 400, f"{sent} before {name}: {answer.status} {answer.content[:300]!r}"
            if sent in NOTED:
                parameter, key = NOTED[sent]
                noted[parameter] = json.loads(answer.content)[key]
        if (done := DONE.get(name)) is not None:
            done(self.store, self.vault.ids)
        return self.request(name, noted), sent is not None or done is not None


def signed_in(door: Door, store: Store, vault: Vault, role: str) -> Walker:
    """Somebody of that role, at the browser with the token that forms carry, and with a program."""
    user_id = vault.people.get(role)
    if user_id is None:
        page = door.ask(Walker(role), looking_at("/login"))
        cookie = f"{VISIT_COOKIE}={SimpleCookie(page.headers['set-cookie'])[VISIT_COOKIE].value}"
    else:
        cookie = f"{SESSION_COOKIE}={open_session(store, user_id, 'a walk').token}"
        page = door.ask(Walker(role, cookie), looking_at("/settings/account"))
    found = TOKEN.search(page.content.decode())
    assert found, f"{role} has no form"
    return Walker(role, cookie, found.group(1), vault.tokens.get(role, ""))


@pytest.fixture(scope="module")  # No longer: other tests need threads, and their garbage looked for.
def walk(seeded: SeededFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The company with secrets in it, made once, and the application on it."""
    path = tmp_path_factory.mktemp("vault") / "data"
    shutil.copytree(seeded.path, path)
    settings = load_settings(data_dir=path, allow_private_hosts=True)
    store = open_store(settings)
    vault = fill_vault(store, seeded.seed, path)
    name_rows(store, vault)
    loop = asyncio.new_event_loop()
    with undoing(store) as changes, pytest.MonkeyPatch.context() as patch:
        app = create_app(Services(store, settings))
        door = Door(app, loop)
        patch.setattr(anyio.to_thread, "run_sync", door.run_sync)
        walkers = {role: signed_in(door, store, vault, role) for role in (*ROLES, "owner")}
        changes.mark()
        gc.collect()
        gc.freeze()
        gc.disable()  # A fifth of the walk was spent on looking for garbage among what stays.
        yield Walk(store, door, changes, vault, dict(routes_of(app)), walkers)
        gc.enable()
        gc.unfreeze()
        app.state.live.close()
        loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    store.close()
