"""Several supervisors on one PostgreSQL: no mailbox is ever worked on by two, and whoever dies or stands still is replaced.

Who writes is seen by PostgreSQL (each process has a role of its own there, and triggers note the role), who has sessions
by a relay in front of the mail server. With TEST_SUPERVISED=1000 there are as many mailboxes, and leases run out by
themselves; otherwise they are ended when their holder is dead or stopped, which saves two times 45 seconds.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.config import load_settings
from e2e.databases import on_postgresql
from e2e.facts import ask
from e2e.installation import Installation, wait_until
from e2e.witness import Witness
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.server import Security
from servers.dovecot import Dovecot, raise_watch_limit
from storage.store import open_store
from workers.sync import LOGINS_AT_ONCE

MAILBOXES = int(os.environ.get("TEST_SUPERVISED", "20"))
WAITS = "TEST_SUPERVISED" in os.environ
REPORT = os.environ.get("TEST_SUPERVISED_REPORT")
"""Where the figures go, if anywhere: seconds since the kill, and logins by process."""
TAKEN_OVER_WITHIN = 60.0
LONG = 60.0 + MAILBOXES
"""For logins and first passes of all of them."""
AT_FIRST, MEANWHILE = 3, 4
"""Mails in each mailbox before the first login, and that come while a process is stopped."""
WATCHED = ("mailbox", "folder", "folder_gap", "place", "message", "blob", "outbox")


@dataclass
class House:
    """Mailboxes on one server and one database; supervisors are started and ended by the test."""

    url: str
    settings: dict[str, str]
    install: Callable[..., Installation]
    dovecot: Dovecot
    witness: Witness
    users: list[str] = field(default_factory=list)
    mails: int = 0

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return ask(self.url, query)

    def one(self, query: str) -> int:
        [(value,)] = self.ask(query)
        return int(value)

    def deliver(self, count: int) -> None:
        for _ in range(count):
            self.mails += 1
            for user in self.users:
                head = f"From: ann@client.example\r\nTo: {user}\r\nSubject: {self.mails}\r\nMessage-ID: <{self.mails}.{user}>\r\n"
                self.dovecot.deliver(user, f"{head}\r\nHello\r\n".encode())

    def start(self, role: str) -> subprocess.Popen[str]:
        """A supervisor that PostgreSQL knows by this role."""
        with psycopg.connect(self.url) as server:
            server.execute(f"CREATE ROLE {role} LOGIN SUPERUSER".encode())
        url = self.url.replace("//mailsync:", f"//{role}:")
        daemon = self.install(role, **self.settings | {"database_url": url}).start_daemon("sync")
        self.witness.processes.append(daemon.pid)
        return daemon

    def everything_is_stored(self) -> bool:
        stored = self.one("SELECT count(*) FROM place") == self.mails * MAILBOXES
        return stored and self.one("SELECT count(*) FROM mailbox WHERE state <> 'live'") == 0

    def is_held_by(self, pid: int) -> bool:
        """Whether this process has every mailbox now."""
        held = f"SELECT count(*) FROM lease WHERE name LIKE 'mailbox:%' AND holder LIKE '%:{pid}:%' "
        return self.one(held + "AND expires_at > clock_timestamp()") == MAILBOXES

    def is_listening(self, pid: int) -> bool:
        """Whether this process has both sessions of every mailbox open."""
        sessions = self.witness.users_of(pid)
        return len(sessions) == MAILBOXES and set(sessions.values()) == {2}

    def let_leases_run_out(self) -> None:
        """Their holders are dead or stopped; without `WAITS` their time is made to pass."""
        if not WAITS:
            with psycopg.connect(self.url) as server:
                server.execute("UPDATE lease SET expires_at = clock_timestamp()")

    def written_by(self, role: str) -> int:
        return self.one(f"SELECT count(*) FROM written WHERE who = '{role}'")


@pytest.fixture
def house(request: pytest.FixtureRequest, install: Callable[..., Installation], tmp_path: Path) -> Iterator[House]:
    raise_watch_limit(2 * MAILBOXES + 200)
    with Dovecot() as dovecot, Witness(dovecot.port) as witness, on_postgresql(request, tmp_path / "house") as database:
        url, settings = str(database[0]), database[1]
        made = House(url, settings, install, dovecot, witness)
        given = load_settings(data_dir=tmp_path / "house", allow_private_hosts=True, **settings)
        store = open_store(given)
        for _ in range(MAILBOXES):
            made.users.append(user := dovecot.new_user())
            box = NewMailbox(
                user,
                dovecot.password,
                imap_host=dovecot.host,
                imap_port=witness.port,
                imap_security=Security.NONE,
                new_since=datetime(2020, 1, 1, tzinfo=UTC),
            )
            add_mailbox(store, given, box, test=False)
        store.close()
        made.deliver(AT_FIRST)
        watch_writers(url)
        yield made
    for role in ("one", "two", "three"):
        with request.getfixturevalue("postgres").fresh_database() as other, psycopg.connect(other) as server:
            server.execute(f"DROP ROLE IF EXISTS {role}".encode())


def watch_writers(url: str) -> None:
    """Let PostgreSQL note who writes what; a unit that is rolled back leaves no note."""
    with psycopg.connect(url) as server:
        server.execute("CREATE TABLE written (who text, what text)")
        server.execute(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO written VALUES (session_user, TG_TABLE_NAME); RETURN NULL; END $$"
        )
        for table in WATCHED:
            server.execute(
                f"CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION note()".encode()
            )


@pytest.mark.slow
@pytest.mark.timeout(300 + 2 * MAILBOXES)
def test_no_mailbox_is_worked_on_by_two(house: House) -> None:
    witness = house.witness
    first, second = house.start("one"), house.start("two")
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="the first sync")
    wait_until(lambda: bool(witness.users_of(first.pid)) or bool(witness.users_of(second.pid)), what="sessions")
    assert house.one("SELECT max(fence) FROM lease WHERE name LIKE 'mailbox:%'") == 1

    # One is killed: the other has all of them, and hears what came meanwhile.
    killed, left = (
        (first, second) if len(witness.users_of(first.pid)) > len(witness.users_of(second.pid)) else (second, first)
    )
    role = "one" if left is first else "two"
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    began = time.monotonic()
    house.deliver(1)
    house.let_leases_run_out()
    wait_until(lambda: house.is_held_by(left.pid), seconds=TAKEN_OVER_WITHIN, every=0.1, what="the taking over")
    took_over = time.monotonic() - began
    wait_until(lambda: house.is_listening(left.pid), seconds=LONG, every=0.2, what="sessions of the other")
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="mail that came meanwhile")
    listening = time.monotonic() - began
    assert witness.overlaps == []

    # Another stands still, in the middle of its work, for longer than its leases: a third does the work.
    third = house.start("three")
    before = house.one("SELECT count(*) FROM place")
    house.deliver(MEANWHILE)
    wait_until(lambda: house.one("SELECT count(*) FROM place") > before, seconds=LONG, what="the first of the new mail")
    os.kill(left.pid, signal.SIGSTOP)
    house.let_leases_run_out()
    wait_until(lambda: house.is_held_by(third.pid), seconds=TAKEN_OVER_WITHIN, every=0.1, what="the third")
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="mail while one stood still")
    written = house.written_by(role)
    assert written > 0

    # It goes on where it stopped: it writes nothing any more, and lets go.
    os.kill(left.pid, signal.SIGCONT)
    wait_until(lambda: not witness.users_of(left.pid), seconds=LONG, every=0.1, what="the end of late sessions")
    house.deliver(1)
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="mail after that")
    assert house.written_by(role) == written, house.ask(
        f"SELECT what FROM written WHERE who = '{role}' OFFSET {written}"
    )
    assert house.is_held_by(third.pid)
    assert (
        house.one("SELECT count(*) FROM (SELECT DISTINCT folder_id, uid FROM place) AS once") == house.mails * MAILBOXES
    )
    assert house.one("SELECT count(*) FROM folder_gap") + house.one("SELECT count(*) FROM quarantine") == 0

    assert max(witness.most_logging_in.values()) <= LOGINS_AT_ONCE, witness.most_logging_in
    for daemon in (left, third):
        daemon.terminate()
        assert daemon.wait(30) == 0
    assert house.one("SELECT count(*) FROM lease WHERE expires_at > clock_timestamp()") == 0
    if REPORT:
        figures = {"taken over": took_over, "all sessions open": listening, "logins": witness.logins}
        Path(REPORT).write_text(json.dumps(figures | {"at once": witness.most_logging_in}))
