"""Several supervisors on one PostgreSQL: they share, no mailbox is ever worked on by two, who dies or stands still is replaced.

Who has sessions is seen by a relay in front of the mail server. With TEST_SUPERVISED=1000 there are as many mailboxes,
leases run out by themselves, and who stands still does so in the middle of its work; otherwise leases are ended when their
holder is dead or stopped, which saves two times 45 seconds.
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
from loopback_mailbox import loopback_mailbox
from mailsync.connecting import add_mailbox
from servers.dovecot import Dovecot, raise_watch_limit
from storage.store import open_store
from workers.sync import LOGINS_AT_ONCE

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MAILBOXES = int(os.environ.get("TEST_SUPERVISED", "12"))
WAITS = "TEST_SUPERVISED" in os.environ
REPORT = os.environ.get("TEST_SUPERVISED_REPORT")
"""Where the figures go, if anywhere: seconds since the kill, and logins by process."""
TAKEN_OVER_WITHIN = 60.0
LONG = 60.0 + MAILBOXES
"""For logins and first passes of all of them."""
AT_FIRST, MEANWHILE = 3, 4
"""Mails in each mailbox before the first login, and that come while a process is stopped."""
STOPPED_FOR_AT_MOST = 80.0 + MAILBOXES / 10
"""Until another has all that came: a lease of 45 s, what the stopped one has locked, logins and passes."""


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

    def start(self, name: str) -> subprocess.Popen[str]:
        """A supervisor with a data directory of its own."""
        daemon = self.install(name, **self.settings).start_daemon("sync")
        self.witness.processes.append(daemon.pid)
        return daemon

    def everything_is_stored(self) -> bool:
        stored = self.one("SELECT count(*) FROM place") == self.mails * MAILBOXES
        return stored and self.one("SELECT count(*) FROM mailbox WHERE state <> 'live'") == 0

    def is_held_by(self, pid: int) -> bool:
        """Whether this process has every mailbox now."""
        held = f"SELECT count(*) FROM lease WHERE name LIKE 'mailbox:%' AND holder LIKE '%:{pid}:%' "
        return self.one(held + "AND expires_at > clock_timestamp()") == MAILBOXES

    def is_shared_by(self, *pids: int) -> bool:
        """Whether each of these processes has its part of the mailboxes, with both sessions open."""
        held = [self.witness.users_of(pid) for pid in pids]
        evenly = all(len(one) == MAILBOXES / len(pids) for one in held)
        return evenly and all(set(one.values()) == {2} for one in held)

    def stored_once(self) -> bool:
        """Whether all mail is there, none of it twice and none of it owed."""
        once = self.one("SELECT count(*) FROM (SELECT DISTINCT folder_id, uid FROM place) AS once")
        owed = self.one("SELECT count(*) FROM folder_gap") + self.one("SELECT count(*) FROM quarantine")
        return once == self.mails * MAILBOXES and owed == 0

    def is_listening(self, pid: int) -> bool:
        """Whether this process has both sessions of every mailbox open."""
        sessions = self.witness.users_of(pid)
        return len(sessions) == MAILBOXES and set(sessions.values()) == {2}

    def let_leases_run_out(self, pid: int) -> None:
        """The process is dead or stopped; without `WAITS` the time of what it holds is made to pass."""
        if not WAITS:
            with psycopg.connect(self.url) as server:
                query = "UPDATE lease SET expires_at = clock_timestamp() WHERE holder LIKE %s"
                server.execute(query, [f"%:{pid}:%"])


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
            add_mailbox(store, given, loopback_mailbox(user, witness.port, new_since=LONG_AGO), test=False)
        store.close()
        made.deliver(AT_FIRST)
        yield made


@pytest.mark.slow
@pytest.mark.timeout(300 + 2 * MAILBOXES)
def test_no_mailbox_is_worked_on_by_two(house: House) -> None:
    witness = house.witness
    first, second = house.start("one"), house.start("two")
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="the first sync")
    wait_until(lambda: house.is_shared_by(first.pid, second.pid), seconds=LONG, every=0.2, what="a half for each")

    # One is killed: the other has all of them, and hears what came meanwhile.
    left = second
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    began = time.monotonic()
    house.deliver(1)
    house.let_leases_run_out(first.pid)
    wait_until(lambda: house.is_held_by(left.pid), seconds=TAKEN_OVER_WITHIN, every=0.1, what="the taking over")
    took_over = time.monotonic() - began
    wait_until(lambda: house.is_listening(left.pid), seconds=LONG, every=0.2, what="sessions of the other")
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="mail that came meanwhile")
    listening = time.monotonic() - began
    assert witness.overlaps == []
    assert house.stored_once()

    # One stands still for longer than its leases: the third has all that comes, and what it does late changes nothing.
    third = house.start("three")
    wait_until(lambda: house.is_shared_by(left.pid, third.pid), seconds=LONG, every=0.2, what="a half for the third")
    assert witness.overlaps == []
    if WAITS:  # In the middle of its work: what it has begun is ended by PostgreSQL after 30 seconds.
        before = house.one("SELECT count(*) FROM place")
        house.deliver(MEANWHILE)
        wait_until(lambda: house.one("SELECT count(*) FROM place") > before, seconds=LONG, what="some of the new mail")
    os.kill(left.pid, signal.SIGSTOP)
    stopped = time.monotonic()
    house.deliver(1)
    house.let_leases_run_out(left.pid)
    wait_until(house.everything_is_stored, seconds=STOPPED_FOR_AT_MOST, every=0.2, what="mail while one stood still")
    without = time.monotonic() - stopped
    os.kill(left.pid, signal.SIGCONT)
    wait_until(lambda: house.is_shared_by(left.pid, third.pid), seconds=LONG, every=0.2, what="a half for it again")
    house.deliver(1)
    wait_until(house.everything_is_stored, seconds=LONG, every=0.2, what="mail after that")
    assert house.stored_once()

    assert max(witness.most_logging_in.values()) <= LOGINS_AT_ONCE, witness.most_logging_in
    for daemon in (left, third):
        daemon.terminate()
    assert [daemon.wait(30) for daemon in (left, third)] == [0, 0]
    assert house.one("SELECT count(*) FROM lease WHERE expires_at > clock_timestamp()") == 0
    if REPORT:
        figures = {
            "taken over": took_over,
            "all sessions open": listening,
            "without the stopped one": without,
            "logins": witness.logins,
        }
        Path(REPORT).write_text(json.dumps(figures | {"at once": witness.most_logging_in}))
