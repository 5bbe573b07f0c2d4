"""Our first sync as a user has it: `mailsync mailbox add`, `mailsync sync --once`, in a fresh store.

The contacts are in the books before. Afterwards every mail must be there byte for byte, put on its contact, and found
by its words, and `mailsync mailbox audit` must see no difference to the server.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bench.sync.memory import Memory
from bench.sync.peers import Mailbox
from bench.sync.sales_mailbox import OURS, Mail, contact_addresses
from bench.sync.spending import Spent, demand, run_command
from bench.sync.stores import Place
from bench.watching.daemon import Daemon
from bench.watching.states import all_are_live
from crm.records.contacts import create_contact
from storage.search import find_messages

COMMAND = str(Path(sys.executable).with_name("mailsync"))
COUNTS = {
    "messages": "SELECT count(*) FROM message",
    "quarantined": "SELECT count(*) FROM quarantine",
    "on contacts": "SELECT count(DISTINCT a.message_id) FROM activity a JOIN activity_binding b ON b.activity_id = a.id "
    "WHERE b.record_type = 'contact'",
    "files": "SELECT count(*) FROM part",
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
    """The work alone; what start and end of the command took beside it; on disk; whether the parsers were compiled."""

    work: Spent
    around_seconds: float
    stored_megabytes: float
    compiled: bool


def mailsync(mailbox: Mailbox, expected: Expected, place: Place) -> Measured:
    """One first sync into `place`, checked."""
    environment = place.environment
    fill_books(place)
    add_mailbox(mailbox, environment)
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        timed = [sys.executable, "-P", "-m", "bench.sync.timed_command", report.name]
        command, _ = run_command([*timed, "sync", "--once"], environment=environment)
        inside = json.loads(Path(report.name).read_text())
    check(place, expected, environment)
    work = Spent(inside["seconds"], command.cpu - inside["cpu_before"])
    return Measured(work, command.seconds - work.seconds, place.stored_bytes() / 2**20, bool(inside["compiled"]))


def memory_of_daemon(mailbox: Mailbox, expected: Expected, place: Place) -> float:
    """The same by `mailsync run`, checked: the most megabytes (PSS) that it and all its processes held at once.

    In a run of its own: each look at memory stops the processes for as long as it takes to count their pages.
    """
    environment = place.environment
    fill_books(place)
    add_mailbox(mailbox, environment)
    with (
        tempfile.NamedTemporaryFile(suffix=".log") as log,
        Daemon(environment, Path(log.name)) as daemon,
        Memory(daemon.pid) as memory,
    ):
        daemon.wait_until(lambda: all_are_live(place, 1), "the first sync")
    check(place, expected, environment)
    return memory.megabytes


def fill_books(place: Place) -> None:
    """Make the store, with the contacts in it."""
    store = place.open()
    with store.database.unit_of_work() as session:
        for name, address in contact_addresses():
            create_contact(session, name, emails=[address])
    store.close()


def add_mailbox(mailbox: Mailbox, environment: dict[str, str]) -> None:
    """`mailsync mailbox add`."""
    server = ["--imap-host", mailbox.server.host, "--imap-port", str(mailbox.server.port), "--imap-security", "none"]
    login = ["--username", mailbox.user, "--password-stdin"]
    said = f"{mailbox.server.password}\n"
    run_command([COMMAND, "mailbox", "add", OURS, *server, *login], said=said, environment=environment)


def check(place: Place, expected: Expected, environment: dict[str, str]) -> None:
    """End the run unless the store and `mailsync mailbox audit` hold what is expected."""
    run_command([COMMAND, "mailbox", "audit", OURS], environment=environment)
    store = place.open()
    with store.database.reading() as session:
        found = {name: session.execute(text(query)).scalar_one() for name, query in COUNTS.items()}
        hashes = set(session.execute(text("SELECT sha256 FROM place")).scalars())
        searched = len(find_messages(session, "invoice"))
    store.close()
    wanted = {
        "messages": len(expected.hashes),
        "quarantined": 0,
        "on contacts": expected.on_contacts,
        "files": expected.files,
    }
    sentence = f"mailsync found {found} instead of {wanted}; {len(expected.hashes - hashes)} mails are not as received"
    demand(found == wanted and hashes == expected.hashes and searched > 0, sentence)
