"""Our first sync as a user has it: `mailsync mailbox add`, `mailsync sync --once`, in a fresh data directory.

The contacts are in the books before. Afterwards every mail must be there byte for byte, put on its contact, and found
by its words, and `mailsync mailbox audit` must see no difference to the server.
"""

import hashlib
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.sync.peers import Mailbox
from bench.sync.sales_mailbox import OURS, Mail, contact_addresses
from bench.sync.spending import Spent, demand, run_command
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
    """The work alone; what start and end of the command took beside it; peak memory; size on disk."""

    work: Spent
    around_seconds: float
    megabytes: float
    stored_megabytes: float


def mailsync(mailbox: Mailbox, expected: Expected) -> Measured:
    """One first sync, checked."""
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
        data_dir, report = Path(directory, "data"), Path(directory, "report.json")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAILSYNC_")},
            "MAILSYNC_DATA_DIR": str(data_dir),
            "MAILSYNC_ALLOW_PRIVATE_HOSTS": "true",
        }
        fill_books(data_dir)
        _add_mailbox(mailbox, environment)
        timed = [sys.executable, "-m", "bench.sync.timed_command", str(report)]
        command, _ = run_command([*timed, "sync", "--once"], environment=environment)
        run_command([COMMAND, "mailbox", "audit", OURS], environment=environment)
        _check(data_dir / "mailsync.db", expected)
        inside = json.loads(report.read_text())
        stored = sum(path.stat().st_size for path in data_dir.glob("mailsync.db*")) / 2**20
    work = Spent(inside["seconds"], command.cpu - inside["cpu_before"])
    return Measured(work, command.seconds - work.seconds, inside["megabytes"], stored)


def fill_books(data_dir: Path) -> None:
    """Make the store, with the contacts in it."""
    store = open_store(load_settings(data_dir=data_dir))
    with store.database.unit_of_work() as session:
        for name, address in contact_addresses():
            create_contact(session, name, emails=[address])
    store.close()


def _add_mailbox(mailbox: Mailbox, environment: dict[str, str]) -> None:
    server = ["--imap-host", mailbox.server.host, "--imap-port", str(mailbox.server.port), "--imap-security", "none"]
    login = ["--username", mailbox.user, "--password-stdin"]
    said = f"{mailbox.server.password}\n"
    run_command([COMMAND, "mailbox", "add", OURS, *server, *login], said=said, environment=environment)


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
    sentence = f"mailsync found {found} instead of {wanted}; {len(expected.hashes - hashes)} mails are not as received"
    demand(wanted.items() <= found.items() and hashes == expected.hashes and found["about invoices"] > 0, sentence)
