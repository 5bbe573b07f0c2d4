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
from pathlib import Path

from delivery.verdict import Verdict
from storage.models import TrackingKind

FOLDER = "journal"
SUFFIX = ".journal"
ROTATE_AFTER = 64 * 1024 * 1024
_LINE = re.compile(rb"(open|click|unsubscribe) (\d{1,18}) (\d{1,5}|-) (human|machine|unknown) (\d{1,15})")


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
    """Lines that leave in one write, and what waits for them."""

    __slots__ = ("done", "lines")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.lines: list[bytes] = []
        self.done: asyncio.Future[None] = loop.create_future()


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

    def append(self, entry: Entry) -> asyncio.Future[None]:
        """Write `entry`; the future is done when it would survive a power cut. It is shared: do not cancel it.

        It fails with `OSError` when the disk does.
        """
        with self._guard:
            if self._group is None:
                self._group = _Group(asyncio.get_running_loop())
                self._news.notify()
            self._group.lines.append(entry.line())
            return self._group.done

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
        loop = group.done.get_loop()
        try:
            self._write_lines(b"".join(group.lines))
        except OSError as error:
            answer: OSError | None = error
        else:
            answer = None
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, group.done, answer)

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


def _resolve(done: asyncio.Future[None], error: OSError | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
        done.exception()  # Whoever has stopped waiting for it need not be told.
