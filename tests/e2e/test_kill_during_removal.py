"""A power cut at any moment of a removal costs time and nothing else: the same is left as after one without any."""

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from e2e.correspondence import OURS, correspondence
from e2e.facts import raw_hashes, stored_messages
from e2e.installation import Installation, left_over, wait_until
from servers.dovecot import Dovecot

MESSAGES = 1000
KILLS = 2
"""For each of both choices. The next daemon on the data directory knows itself to be the only one, and goes on at once."""
BEFORE = datetime(2019, 1, 1, tzinfo=UTC).timestamp()


def ask(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{data_dir / 'mailsync.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def places_gone(data_dir: Path, fewer_than: int) -> bool:
    return stored_messages(data_dir) < fewer_than


def is_removed(data_dir: Path) -> bool:
    return ask(data_dir, "SELECT count(*) FROM mailbox_removal") == [(0,)]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("choice", ["--all-mail", "--keep-mail"])
def test_kills_leave_no_trace(dovecot: Dovecot, install: Callable[..., Installation], choice: str) -> None:
    user = dovecot.new_user()
    for number, letter in enumerate(correspondence(MESSAGES)):
        before = BEFORE + number if number < MESSAGES - 200 else None
        dovecot.deliver(user, letter.raw, letter.folder, flags="S", at=before)
    installation = install("removed")
    installation.run(
        *("mailbox", "add", OURS, "--imap-host", dovecot.host, "--imap-port", str(dovecot.port)),
        *("--imap-security", "none", "--username", user, "--new-since", "2020-01-01", "--password-stdin"),
        stdin=dovecot.password + "\n",
    )
    installation.run("sync", "--once", timeout=300)
    data_dir = installation.data_dir
    plan = installation.json("mailbox", "remove", OURS)
    assert plan["places"] == stored_messages(data_dir) >= MESSAGES
    kept = plan["on_records"] if choice == "--keep-mail" else 0
    going = plan["places"] - kept

    asked = installation.run("mailbox", "remove", OURS, choice, "--yes")
    assert "mailbox keep" in asked.stdout
    with closing(sqlite3.connect(data_dir / "mailsync.db")) as connection, connection:
        connection.execute("UPDATE mailbox_removal SET begins_at = asked_at")
        connection.execute("UPDATE outbox SET due_at = created_at WHERE job = 'mailbox.remove'")
    for kill in range(KILLS):
        daemon = installation.start_daemon("jobs", "sync")
        goal = plan["places"] - kill * going // (KILLS + 2)
        wait_until(partial(places_gone, data_dir, goal), every=0.01, what=f"place {goal}")
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        wait_until(lambda: not left_over(data_dir), seconds=10, what="the end of every process")
    assert not is_removed(data_dir)
    assert ask(data_dir, "SELECT password_encrypted FROM mailbox") == [("",)]

    daemon = installation.start_daemon("jobs", "sync")
    wait_until(lambda: is_removed(data_dir), seconds=120, what="the end of the removal")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0
    assert stored_messages(data_dir) >= kept
    assert ask(data_dir, "SELECT count(*) FROM message") == [(kept,)]
    assert ask(data_dir, "SELECT count(*) FROM message_text") == [(kept,)]
    assert len(raw_hashes(data_dir)) >= kept, "what is kept can be read"
    unnamed = """SELECT count(*) FROM blob WHERE id NOT IN (SELECT head_blob_id FROM place)
                 AND id NOT IN (SELECT body_blob_id FROM message) AND id NOT IN (SELECT body_blob_id FROM variant)"""
    assert ask(data_dir, unnamed) == [(0,)]
    assert ask(data_dir, "SELECT count(*) FROM mailbox") == [(1 if kept else 0,)]
