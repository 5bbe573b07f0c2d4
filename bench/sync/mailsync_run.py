"""Our first sync as a user has it: `mailsync mailbox add`, `mailsync sync --once`, in a fresh data directory.

The contacts are in the books before. Afterwards every mail must be there byte for byte, put on its contact, and found
by its words, and `mailsync mailbox audit` must see no difference to the server.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.sync.peers import Mailbox
from bench.sync.sales_mailbox import OURS, Mail, contact_addresses
from core.config import load_settings
from crm.records.contacts import create_contact
from storage.store import open_store

COMMAND = str(Path(sys.executable).with_name("mailsync"))
FACTS = {
    "messages": "SELECT count(*) FROM message",
    "quarantined": "SELECT count(*) FROM quarantine",
    "on contacts": "SELECT count(DISTINCT a.message_id) FROM activity a JOIN activity_binding b ON b.activity_id = a.id "
    "WHERE b.record_type = 'contact'",
    "files": "SELECT count(*) FROM part",
    "about invoices": "SELECT count(*) FROM message_search WHERE message_search MATCH 'invoice'",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What must have come of the mails: SHA-256 of each, and how many of which."""

    hashes: frozenset[str]
    on_contacts: int
    files: int

    @classmethod
    def of(cls, mails: Sequence[Mail]) -> "Expected":
        """What is expected of these mails."""
        hashes = frozenset(hashlib.sha256(mail.raw).hexdigest() for mail in mails)
        return cls(hashes, sum(mail.from_contact for mail in mails), sum(mail.files for mail in mails))


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the work alone and of the whole command, CPU seconds by stage, peak memory, bytes on disk."""

    work: float
    command: float
    cpu: float
    prepare: float
    take_in: float
    megabytes: float
    stored_megabytes: float


def mailsync(mailbox: Mailbox, expected: Expected) -> Measured:
    """One first sync, checked."""
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
        data_dir = Path(directory, "data")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAILSYNC_")},
            "MAILSYNC_DATA_DIR": str(data_dir),
            "MAILSYNC_ALLOW_PRIVATE_HOSTS": "true",
        }
        _fill_books(data_dir)
        _add_mailbox(mailbox, environment)
        report = Path(directory, "report.json")
        started = time.perf_counter()
        _run([sys.executable, "-m", "bench.sync.timed_command", str(report), "sync", "--once"], environment)
        command = time.perf_counter() - started
        _run([COMMAND, "mailbox", "audit", OURS], environment)
        _check(data_dir / "mailsync.db", expected)
        spent = json.loads(report.read_text())
        stored = sum(path.stat().st_size for path in data_dir.glob("mailsync.db*")) / 2**20
    return Measured(
        work=spent["seconds"],
        command=command,
        cpu=spent["cpu"],
        prepare=spent["prepare"],
        take_in=spent["take_in"],
        megabytes=spent["megabytes"],
        stored_megabytes=stored,
    )


def _fill_books(data_dir: Path) -> None:
    store = open_store(load_settings(data_dir=data_dir))
    with store.database.unit_of_work() as session:
        for name, address in contact_addresses():
            create_contact(session, name, emails=[address])
    store.close()


def _add_mailbox(mailbox: Mailbox, environment: dict[str, str]) -> None:
    server = ["--imap-host", mailbox.server.host, "--imap-port", str(mailbox.server.port), "--imap-security", "none"]
    login = ["--username", mailbox.user, "--password-stdin"]
    _run([COMMAND, "mailbox", "add", OURS, *server, *login], environment, said=f"{mailbox.server.password}\n")


def _run(command: Sequence[str], environment: dict[str, str], said: str = "") -> None:
    done = subprocess.run(command, env=environment, input=said, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stdout[-500:]}{done.stderr[-1500:]}")


def _check(database: Path, expected: Expected) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = {name: connection.execute(query).fetchone()[0] for name, query in FACTS.items()}
        hashes = {row[0] for row in connection.execute("SELECT sha256 FROM place")}
    wanted = {
        "messages": len(expected.hashes),
        "quarantined": 0,
        "on contacts": expected.on_contacts,
        "files": expected.files,
    }
    differs = {name: found[name] for name, number in wanted.items() if found[name] != number}
    if differs or hashes != expected.hashes or not found["about invoices"]:
        lost = len(expected.hashes - hashes)
        raise SystemExit(f"mailsync did not do its work: {found} instead of {wanted}; {lost} mails are not as received")
