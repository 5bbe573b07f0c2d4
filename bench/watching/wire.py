"""A recording proxy between the daemon and an IMAP server: which commands were sent, and when news came over the wire.

It runs in a thread of its own. A command is a line with a tag; the DONE that ends an IDLE is none. News is `* n EXISTS`,
stamped when its bytes were read from the server, before they are passed on.
"""

import asyncio
import re
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from typing import Self, cast

import uvloop

_COMMAND = re.compile(rb"[A-Za-z0-9.]+ ((?:UID )?[A-Za-z]+)( .*)?\r?")
_EXISTS = re.compile(rb"\* (\d+) EXISTS\r?", re.IGNORECASE)
_LOGIN = re.compile(rb'LOGIN "?([^" ]+)"?', re.IGNORECASE)


class Wire:
    """Listens at `port` inside `with`, and passes everything on to `server_port`."""

    def __init__(self, host: str, server_port: int) -> None:
        self.host, self.server_port = host, server_port
        self.commands: Counter[str] = Counter()
        self.connections = 0
        self._exists: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: uvloop.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def told_at(self, user: str, count: int, since: float) -> float | None:
        """When the server first said after `since` (of the monotonic clock) that a folder of `user` holds `count`."""
        return min((at for many, at in self._exists[user] if many == count and at >= since), default=None)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: _FromClient(self), self.host, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()

    def note_command(self, line: bytes) -> str | None:
        """Count a line of the client; who logs in, where the line is a login."""
        if (found := _COMMAND.fullmatch(line)) is None:
            return None
        self.commands[found[1].decode().upper()] += 1
        login = _LOGIN.search(line)
        return login[1].decode() if login else None

    def note_answer(self, user: str, line: bytes) -> None:
        """Remember a line of the server that tells how many messages there are."""
        if (found := _EXISTS.fullmatch(line)) is not None:
            self._exists[user].append((int(found[1]), time.monotonic()))


class _Lines:
    """Cuts a stream into lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines


class _FromClient(asyncio.Protocol):
    """One connection of the daemon's. What it sends before the server is reached waits in `_early`."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.user = ""
        self.server: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._lines = _Lines()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.client = cast(asyncio.Transport, transport)
        self.wire.connections += 1
        self._reaching = asyncio.create_task(self._reach())

    async def _reach(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            await loop.create_connection(lambda: _FromServer(self), self.wire.host, self.wire.server_port)
            return
        self.client.close()

    def reached(self, server: asyncio.Transport) -> None:
        self.server = server
        for data in self._early:
            server.write(data)

    def data_received(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            self.user = self.wire.note_command(line) or self.user
        if self.server is None:
            self._early.append(data)
        else:
            self.server.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        self.wire.connections -= 1
        if self.server is not None:
            self.server.close()


class _FromServer(asyncio.Protocol):
    """The same connection at its other end."""

    def __init__(self, pair: _FromClient) -> None:
        self._pair = pair
        self._lines = _Lines()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._pair.reached(cast(asyncio.Transport, transport))

    def data_received(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            self._pair.wire.note_answer(self._pair.user, line)
        self._pair.client.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        self._pair.client.close()
