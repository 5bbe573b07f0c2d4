"""The nine and more people, each with a browser and a program, at an application that runs in this process.

A request is encoded once and sent as everybody. No port and no client stand between: they took more time than most answers.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from integration.web.rights.requests_of import Request
from web.signed_in import CSRF_HEADER

HOST = "http://127.0.0.1"
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def location(self) -> str:
        """Where to go on, if anywhere."""
        return self.headers.get("location", "")


@dataclass(frozen=True)
class Walker:
    """Somebody of a role; empty strings where nobody is signed in."""

    role: str
    cookie: str = ""
    csrf: str = ""
    token: str = ""

    def headers(self, *, is_api: bool) -> Headers:
        """How a browser or a program says who it is."""
        if is_api:
            return [(b"authorization", f"Bearer {self.token}".encode())] if self.token else []
        shown = [(b"cookie", self.cookie.encode())] if self.cookie else []
        return [*shown, (CSRF_HEADER.encode(), self.csrf.encode())]


class Encoded:
    """A request as bytes."""

    def __init__(self, request: Request) -> None:
        self.route, self.is_api = request.route, request.is_api
        if request.is_api:
            content: dict[str, Any] = {"files": request.files} if request.files else {"json": request.body}
        else:
            content = {"data": request.form, "files": request.files} if request.method != "GET" else {}
        built = httpx.Request(request.method, HOST + request.path, params=request.query or None, **content)
        self.method, self.url = built.method, built.url
        self.body = built.read()
        self.headers: Headers = [(name.lower(), value) for name, value in built.headers.raw]


def looking_at(path: str) -> Encoded:
    """A request for a page or an answer of the API."""
    return Encoded(Request(path, "GET", path))


WITH_A_LOOP = ("POST /campaigns/{campaign_id}/test", "POST /settings/mailboxes/{mailbox_id}/password")
"""Routes that talk to servers in a loop of their own, which is not possible inside of another."""


class Door:
    """The application, asked without a network."""

    def __init__(self, app: FastAPI, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self._loop = app, loop
        self._in_threads = False

    async def run_sync(self, function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        """Instead of `anyio.to_thread.run_sync`: one request after the other needs no threads, and to change them takes time."""
        return await asyncio.to_thread(function, *arguments) if self._in_threads else function(*arguments)

    def ask(self, walker: Walker, encoded: Encoded) -> Answer:
        """Send a request as that person."""
        self._in_threads = encoded.route in WITH_A_LOOP
        return self._loop.run_until_complete(self._ask(walker, encoded))

    async def _ask(self, walker: Walker, encoded: Encoded) -> Answer:
        scope = {
            "type": "http", "http_version": "1.1", "method": encoded.method, "scheme": "http", "root_path": "",
            "path": encoded.url.path, "raw_path": encoded.url.raw_path, "query_string": encoded.url.query,
            "headers": [*encoded.headers, *walker.headers(is_api=encoded.is_api)],
            "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        said: list[Any] = []
        pieces: list[bytes] = []
        given = iter(({"type": "http.request", "body": encoded.body, "more_body": False},))

        async def receive() -> Any:
            if (message := next(given, None)) is None:
                await asyncio.Event().wait()  # Nobody hangs up; who waits for it is cancelled.
            return message

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                said.append(message)
            else:
                pieces.append(message.get("body", b""))

        await self._app(scope, receive, send)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in said[0]["headers"]}
        return Answer(said[0]["status"], headers, b"".join(pieces))
