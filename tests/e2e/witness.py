"""A relay in front of a mail server that knows whose sessions pass through it: which user's, and of which of our processes.

The kernel tells which process a connection belongs to, so nothing that we say of ourselves is believed.
"""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
CHUNK = 65_536
_LOGIN = re.compile(rb'^(\S+) LOGIN "([^"]+)"', re.MULTILINE | re.IGNORECASE)
_TCP = Path("/proc/net/tcp")


@dataclass(slots=True, eq=False)
class Session:
    """One connection through the relay, from the moment that it is accepted until our side has closed it."""

    port: int
    """Of our side: what the kernel knows it by."""
    pid: int
    user: str = ""
    tag: bytes = b""
    logged_in: bool = False


@dataclass
class Witness:
    """Relays to `server_port`; `processes` are those whose sessions are told apart."""

    server_port: int
    processes: list[int] = field(default_factory=list)
    port: int = 0
    sessions: set[Session] = field(default_factory=set)
    logins: Counter[int] = field(default_factory=Counter)
    most_logging_in: Counter[int] = field(default_factory=Counter)
    """By process: how many of its connections were on their way to a login at the same time."""
    overlaps: list[tuple[str, int, int]] = field(default_factory=list)
    """Users who had sessions of two processes at the same time, and of which."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        self._loop.close()

    def users_of(self, pid: int) -> Counter[str]:
        """Who has how many sessions of this process open."""
        return Counter(one.user for one in list(self.sessions) if one.pid == pid and one.logged_in)

    def _run(self, ready: threading.Event) -> None:
        self._loop.run_until_complete(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._relay, HOST, 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._end.wait()
        server.close()
        relays = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("peername")[1]
        session = Session(port, _process_of(port, self.port, self.processes))
        self.sessions.add(session)
        self._count_logging_in(session.pid)
        try:
            theirs, to_server = await asyncio.open_connection(HOST, self.server_port)
            answers = asyncio.create_task(self._answers(session, theirs, writer))
            try:
                while data := await reader.read(CHUNK):
                    self._heard(session, data)
                    to_server.write(data)
            finally:
                self.sessions.discard(session)
                answers.cancel()
                to_server.close()
                writer.close()
        except (OSError, asyncio.CancelledError):  # The test is over.
            self.sessions.discard(session)

    async def _answers(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if session.tag and not session.logged_in and session.tag + b" OK" in data:
                session.logged_in = True
                self.logins[session.pid] += 1
            writer.write(data)
        writer.close()

    def _heard(self, session: Session, data: bytes) -> None:
        """Note the login: from here on the session is the user's."""
        if session.user or not (login := _LOGIN.search(data)):
            return
        session.tag, session.user = login[1], login[2].decode()
        for other in self.sessions:
            if other.user == session.user and other.pid != session.pid and _is_open(other.port, self.port):
                self.overlaps.append((session.user, other.pid, session.pid))

    def _count_logging_in(self, pid: int) -> None:
        now = sum(one.pid == pid and not one.logged_in for one in self.sessions)
        self.most_logging_in[pid] = max(self.most_logging_in[pid], now)


def _entry(port: int, server_port: int) -> list[str]:
    """The kernel's line about our side of a connection; empty when there is none any more."""
    pair = f" 0100007F:{port:04X} 0100007F:{server_port:04X} ".encode()
    table = _TCP.read_bytes()
    found = table.find(pair)
    return [] if found < 0 else table[found : table.index(b"\n", found)].decode().split()


def _is_open(port: int, server_port: int) -> bool:
    """Whether our side has not closed it (its state is ESTABLISHED, or CLOSE_WAIT)."""
    return _entry(port, server_port)[2:3] in (["01"], ["08"])


def _process_of(port: int, server_port: int, processes: Collection[int]) -> int:
    """Whose connection it is; 0 when it is none of theirs."""
    entry = _entry(port, server_port)
    wanted = f"socket:[{entry[8]}]" if entry else None
    return next((pid for pid in processes if wanted and wanted in _descriptors(pid)), 0)


def _descriptors(pid: int) -> Iterator[str]:
    """What the process has open; nothing when it has ended."""
    try:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # It was closed while we looked.
                yield str(descriptor.readlink())
    except FileNotFoundError:
        return
