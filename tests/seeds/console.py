"""The whole console on a loopback port, over a copy of the seeded company: what browsers and programs in tests talk to."""

import re
import shutil
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from core.config import Settings, load_settings
from crm.access.api_tokens import Scope, create_token
from crm.access.signing_in import open_session
from seeds.company import Seed, seed_company
from storage.store import Store, open_store
from web.app import create_app
from web.services import Services
from web.signed_in import SESSION_COOKIE

TOKEN = re.compile(r'name="csrf" value="(\w+)"')
WITHOUT_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of what speaks no TLS: to read all authorities of the world takes each of them 27 ms."""


@dataclass
class SeededFolder:
    """A data directory with the company in it, to be copied."""

    path: Path
    seed: Seed


@dataclass
class Console:
    """A running console, its store and what is in it."""

    store: Store
    seed: Seed
    url: str
    app: FastAPI

    clients: list[httpx.Client] = field(default_factory=list)

    def browser(self, who: str | None = None) -> httpx.Client:
        """A browser, signed in as one of the company's people."""
        client = self._client(follow_redirects=True)
        if who is not None:
            client.cookies.set(SESSION_COOKIE, self.session(who), domain="127.0.0.1")
        return client

    def session(self, who: str) -> str:
        """The cookie of a new session; without a password, whose hash takes longer than most tests."""
        return open_session(self.store, self.seed.people[who], "a test").token

    def program(self, who: str, *scopes: Scope) -> httpx.Client:
        """A program with a token of one of them."""
        name = f"{who} {time.monotonic_ns()}"
        viewer = self.seed.viewer(who)
        token = create_token(self.store, viewer, name=name, scopes=scopes, user_id=self.seed.people[who])
        return self._client(headers={"authorization": f"Bearer {token}"})

    def _client(self, **options: Any) -> httpx.Client:
        self.clients.append(httpx.Client(base_url=self.url, timeout=20, verify=WITHOUT_AUTHORITIES, **options))
        return self.clients[-1]


def csrf_of(client: httpx.Client, path: str) -> str:
    """The token in the forms of a page."""
    found = TOKEN.search(client.get(path).text)
    assert found, f"{path} has no form"
    return found.group(1)


def seed_folder(path: Path) -> SeededFolder:
    """Make the data directory that tests copy."""
    store = open_store(load_settings(data_dir=path))
    seed = seed_company(store)
    store.close()
    return SeededFolder(path, seed)


@contextmanager
def running_console(seeded: SeededFolder, path: Path, **more: Any) -> Iterator[Console]:
    """Serve a copy of the company until the block ends; `more` are settings."""
    shutil.copytree(seeded.path, path, dirs_exist_ok=True)
    settings = load_settings(**{"data_dir": path, "allow_private_hosts": True, "port": 0, **more})
    store = open_store(settings)
    with serving(store, settings, seeded.seed) as console:
        yield console
    store.close()


@contextmanager
def serving(store: Store, settings: Settings, seed: Seed) -> Iterator[Console]:
    """Serve a store on the port of the settings (0: a free one) until the block ends."""
    app = create_app(Services(store, settings))
    server = uvicorn.Server(uvicorn.Config(app, port=settings.port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    console = Console(store, seed, f"http://127.0.0.1:{_port(server, thread)}", app)
    try:
        yield console
    finally:
        for client in console.clients:
            client.close()
        app.state.live.close()
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive(), "the console ends when it is told to"


def _port(server: uvicorn.Server, thread: threading.Thread) -> int:
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the console did not start"
        assert time.monotonic() < deadline, "the console takes too long to start"
        time.sleep(0.01)
    return int(server.servers[0].sockets[0].getsockname()[1])
