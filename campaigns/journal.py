"""The journal of clicks and opens: a request is answered as soon as its line is on the disk, whatever the database does.

One file per process, append-only, in `data_dir/journal`. Lines that come while the disk is busy leave together as soon
as it is free: no fixed window, and one fsync for all of them. What stands in a file is carried to the database by
`campaigns/recording.py`; name and place of a line are its key there, so reading a file twice counts once.
"""

import asyncio
import fcntl
import os
import re
import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from core.logging import get_logger
from delivery.verdict import Verdict
from storage.models import TrackingKind

FOLDER = "journal"
SUFFIX = ".journal"
PATIENCE = 0.2
"""Seconds that a request waits for the disk at most: a person clicked, and wants the page."""
ROTATE_AFTER = 64 * 1024 * 1024
_LINE = re.compile(rb"(open|click|unsubscribe) (\d{1,18}) (\d{1,5}|-) (human|machine|unknown) (\d{1,15})")


log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a recipient, or a machine in their name, did."""

    kind: TrackingKind
    recipient_id: int
    link_number: int | None
    verdict: Verdict
    at: datetime

    def line(self) -> bytes:
        """As it stands in a journal."""
        link = "-" if self.link_number is None else self.link_number
        moment = int(self.at.timestamp() * 1000)
        return f"{self.kind.value} {self.recipient_id} {link} {self.verdict.value} {moment}\n".encode("ascii")


def read_line(line: bytes) -> Entry | None:
    """The entry of one line without its end; None for a line that a crash has torn."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    kind, recipient, link, verdict, moment = (word.decode("ascii") for word in found.groups())
    return Entry(
        TrackingKind(kind),
        int(recipient),
        None if link == "-" else int(link),
        Verdict(verdict),
        datetime.fromtimestamp(int(moment) / 1000, UTC),
    )


class _Group:
    """Lines that leave in one write, and who waits for them."""

    __slots__ = ("lines", "loop", "waiters")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.lines: list[bytes] = []
        self.waiters: list[asyncio.Future[bool]] = []

    def tell(self, *, kept: bool) -> None:
        """Answer all who wait still."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(kept)

    def lose_patience(self) -> None:
        """The disk takes too long: nobody waits any longer, though the lines may be kept in the end."""
        if any(not waiter.done() for waiter in self.waiters):
            log.warning("journal.slow", waiting=len(self.waiters))
            self.tell(kept=False)


class Journal:
    """The journal of this process. `append` from one event loop, the rest from any thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._guard = threading.Lock()
        self._news = threading.Condition(self._guard)
        self._group: _Group | None = None
        self._closing = False
        self._open_file()
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self._path

    def append(self, entry: Entry) -> asyncio.Future[bool]:
        """Write `entry`. The future is true when it would survive a power cut, false when that is not known in time."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        with self._guard:
            group = self._group
            if group is None:
                group = self._group = _Group(loop)
                loop.call_later(PATIENCE, group.lose_patience)
                self._news.notify()
            group.lines.append(entry.line())
            group.waiters.append(waiter)
        return waiter

    def close(self) -> None:
        """Write what is left and end the thread."""
        with self._guard:
            self._closing = True
            self._news.notify()
        self._thread.join()
        os.close(self._file)

    def _open_file(self) -> None:
        self._path = self._folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # Tells others that its writer is alive.
        self._size = 0
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _write(self) -> None:
        while True:
            with self._guard:
                while self._group is None and not self._closing:
                    self._news.wait()
                group, self._group = self._group, None
            if group is None:
                return
            self._write_group(group)

    def _write_group(self, group: _Group) -> None:
        try:
            self._write_lines(b"".join(group.lines))
        except OSError:
            log.exception("journal.failed")
            kept = False
        else:
            kept = True
        if not group.loop.is_closed():
            group.loop.call_soon_threadsafe(partial(group.tell, kept=kept))

    def _write_lines(self, lines: bytes) -> None:
        if self._size >= ROTATE_AFTER:
            os.close(self._file)
            self._open_file()
        # A write that a full disk cut short leaves half a line; a line end before the next keeps them apart.
        written = os.write(self._file, lines)
        self._size += written
        if written < len(lines):
            os.write(self._file, b"\n")
            raise OSError("the journal's disk is full")
        os.fdatasync(self._file)
