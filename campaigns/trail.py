"""The trail of a sender: which mails went to the connections and how they ended, written as it happens.

The ledger is written in groups, so after a crash a whole group may stand as attempted. The trail tells how far it had
really come. It is not synced: what a process wrote survives its death (`kill -9`, a crash), not that of the machine. So
it is believed only where machine and boot are the same and its writer is dead; else every attempt is in doubt.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from campaigns.repository.ledger import Settled
from storage.models import SendState

FOLDER = "sending"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Trail:
    """Written by the one process that holds the campaign under `fence`."""

    def __init__(self, data_dir: Path, campaign_id: int, fence: int) -> None:
        folder = data_dir / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{campaign_id}-{fence}"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.write(self._file, f"{_boot()}\n".encode())

    def handed(self, recipient_id: int) -> None:
        """From now on the mail may be on its way."""
        os.write(self._file, b"%d\n" % recipient_id)

    def ended(self, settled: Settled) -> None:
        """How it ended."""
        moments = [moment and moment.isoformat() for moment in (settled.due_at, settled.sent_at, settled.bounced_at)]
        words = [settled.id, settled.state.value, settled.reason, settled.reply, *moments, settled.untried]
        os.write(self._file, json.dumps(words).encode("ascii") + b"\n")

    def close(self, *, complete: bool) -> None:
        """End it; when the ledger holds everything (`complete`) nobody needs it any more."""
        if complete:
            self._path.unlink(missing_ok=True)
        os.close(self._file)


@dataclass(slots=True)
class Found:
    """What a dead sender left. Every attempt under `fence` that is in neither was never handed over."""

    fence: int
    handed: set[int] = field(default_factory=set)
    ended: dict[int, Settled] = field(default_factory=dict)


@contextmanager
def left_trails(data_dir: Path, campaign_id: int) -> Iterator[list[Found]]:
    """The trails of dead senders of this campaign that can be believed; they are deleted when the block has ended well."""
    held: list[tuple[Path, int]] = []
    try:
        for path in sorted((data_dir / FOLDER).glob(f"{campaign_id}-*")):
            descriptor = os.open(path, os.O_RDONLY)
            held.append((path, descriptor))
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # Its writer lives: it must settle its own mails.
                os.close(descriptor)
                held.pop()
        found = [_read(path) for path, _ in held]
        yield [one for one in found if one is not None]
        for path, _ in held:
            path.unlink(missing_ok=True)
    finally:
        for _, descriptor in held:
            os.close(descriptor)


def _read(path: Path) -> Found | None:
    boot, *lines = path.read_bytes().split(b"\n")
    if boot.decode("ascii", "replace") != _boot():
        return None
    found = Found(int(path.name.rpartition("-")[2]))
    for line in lines[:-1]:
        if line.startswith(b"["):
            settled = _settled(line)
            found.ended[settled.id] = settled
        else:
            found.handed.add(int(line))
    return found


def _settled(line: bytes) -> Settled:
    recipient_id, state, reason, reply, *moments, untried = json.loads(line)
    due_at, sent_at, bounced_at = (moment and datetime.fromisoformat(moment) for moment in moments)
    return Settled(recipient_id, SendState(state), reason, reply, due_at, sent_at, bounced_at, untried)


@lru_cache(maxsize=1)
def _boot() -> str:
    """Tells one run of the machine from the next; where the system does not say, no trail is ever believed."""
    try:
        return BOOT_ID.read_text("ascii").strip()
    except OSError:
        return f"unknown:{os.getpid()}"
