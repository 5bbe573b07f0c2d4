"""From the journal to the database: events in groups, each exactly once.

Every process reads its own journal, and those whose writer has died (their lock is free). A position is remembered
beside each file only to save work: a line that is read again finds its key taken. A finished file is deleted.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaigns.journal import SUFFIX, Entry, Journal, read_line
from campaigns.repository import tracking
from campaigns.repository.tracking import Event, unsubscription_key
from core.errors import Transient
from core.logging import get_logger
from storage.models import TrackingKind
from storage.store import Store
from storage.writer_lock import Urgency

EVERY_SECONDS = 0.1
GROUP = 500
CHUNK_BYTES = 64 * 1024
PATIENCE_SECONDS = 1.0

log = get_logger(__name__)


class Recorder:
    """Carries journals to the database, in a thread of its own."""

    def __init__(self, store: Store, folder: Path, journal: Journal) -> None:
        self._store = store
        self._folder = folder
        self._journal = journal
        self._positions: dict[Path, int] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Record what is there and end. Call it when the journal is closed."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.wait(EVERY_SECONDS):
            self._record_all()
        self._record_all()

    def _record_all(self) -> None:
        try:
            for path in sorted(self._folder.glob(f"*{SUFFIX}")):
                self._record_file(path)
        except Transient:
            log.warning("tracking.waiting")
            self._closing.wait(PATIENCE_SECONDS)

    def _record_file(self, path: Path) -> None:
        if path == self._journal.path and not self._closing.is_set():
            self._record_new(path)
            return
        with _if_abandoned(path) as abandoned:
            if abandoned:
                self._record_new(path)
                _mark(path).unlink(missing_ok=True)
                path.unlink()
                self._positions.pop(path, None)

    def _record_new(self, path: Path) -> None:
        """Everything behind the position, a group of whole lines at a time."""
        position = self._positions.get(path)
        if position is None:
            position = _remembered(path)
        with path.open("rb") as file:
            file.seek(position)
            while lines := _whole_lines(file.read(CHUNK_BYTES)):
                position = self._record_lines(path, position, lines)
                file.seek(position)
        self._positions[path] = position

    def _record_lines(self, path: Path, position: int, lines: list[bytes]) -> int:
        for start in range(0, len(lines), GROUP):
            group = lines[start : start + GROUP]
            events = []
            for line in group:
                entry = read_line(line)
                if entry is not None:
                    events.append(_event(entry, f"{path.stem}:{position}"))
                position += len(line) + 1
            with self._store.database.unit_of_work(Urgency.PERSON) as session:
                tracking.record(session, events)
            self._positions[path] = position
            _mark(path).write_text(str(position), "ascii")
        return position


def _event(entry: Entry, place: str) -> Event:
    key = unsubscription_key(entry.recipient_id) if entry.kind is TrackingKind.UNSUBSCRIBE else place
    return Event(entry.recipient_id, entry.kind, entry.verdict.value, entry.link_number, entry.at, key)


def _whole_lines(read: bytes) -> list[bytes]:
    """Lines that have their end; the rest is being written."""
    return read[: read.rfind(b"\n") + 1].split(b"\n")[:-1]


def _mark(path: Path) -> Path:
    return path.with_suffix(".position")


def _remembered(path: Path) -> int:
    try:
        return int(_mark(path).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0


@contextmanager
def _if_abandoned(path: Path) -> Iterator[bool]:
    """Whether nobody writes the file any more; inside the block nobody else reads it either."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        free = False
    else:
        free = True
    try:
        yield free and path.exists()
    finally:
        os.close(descriptor)
