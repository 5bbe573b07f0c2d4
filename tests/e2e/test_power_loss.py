"""What was told to be kept survives power loss: it was on the disk before anybody was told, as the kernel's calls show."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from core.config import load_settings
from e2e.correspondence import OURS, correspondence
from e2e.databases import DATABASES
from e2e.facts import ask, stored_messages
from e2e.installation import Installation
from e2e.system_calls import Call, calls_in, failing, recording
from seeds.campaign import NAME, seed_campaign
from servers.dovecot import Dovecot
from servers.mail_catcher import MailCatcher
from storage.store import open_store

ROOT = Path(__file__).parents[2]
MAILS, BATCH = 60, 10
FRAME_HEADER = 24
"""Octets before each page in SQLite's log; the second four are not zero in the last one of a commit."""
SYNCS = ("fsync", "fdatasync")
TO_A_JOURNAL = """
import asyncio, os, sys
from datetime import datetime, UTC
from pathlib import Path
from campaigns.journal import Entry, Journal
from delivery.verdict import Verdict
from storage.models import TrackingKind

async def main():
    journal = Journal(Path(sys.argv[1]))
    for recipient in range(20):
        kept = await journal.append(Entry(TrackingKind.CLICK, recipient, 1, Verdict.HUMAN, datetime.now(UTC)))
        os.write(1, b"answered" if kept else b"not known")
    journal.close()

asyncio.run(main())
"""


def story(calls: Iterable[Call], file: str, *, answer: Callable[[Call], bool] = lambda _: False) -> str:
    """The life of SQLite's log, or of a journal, in letters: `w`ritten, `C` the last of a commit, `s`ynced, `A`nswered."""
    letters = []
    for call in calls:
        if answer(call):
            letters.append("A")
        elif not call.file.endswith(file):
            continue
        elif call.name in SYNCS:
            letters.append("s")
        elif call.name == "pwrite64" and call.length == FRAME_HEADER:
            letters.append("C" if any(call.data[4:8]) else "w")
        elif call.name == "write":
            letters.append("w")
    return "".join(letters)


def connected(installation: Installation, dovecot: Dovecot) -> Installation:
    """With a mailbox that nobody has looked into yet."""
    user = dovecot.new_user()
    for letter in correspondence(MAILS):
        dovecot.deliver(user, letter.raw, flags="S")
    installation.run("db", "upgrade")
    installation.run(
        *("mailbox", "add", OURS, "--imap-host", dovecot.host, "--imap-port", str(dovecot.port)),
        *("--imap-security", "none", "--username", user, "--new-since", "2020-01-01", "--password-stdin"),
        stdin=dovecot.password + "\n",
    )
    return installation


@pytest.mark.slow
def test_each_commit_of_a_sync_is_synced_before_the_next_begins(
    dovecot: Dovecot, install: Callable[..., Installation], tmp_path: Path
) -> None:
    house = connected(install("data", sync_batch_messages=str(BATCH)), dovecot)
    record = tmp_path / "calls"
    house.run("sync", "--once", under=recording(record, "pwrite64", *SYNCS))

    assert stored_messages(house.data_dir) == MAILS
    log = story(calls_in(record), ".db-wal")
    assert log.count("C") > MAILS / BATCH, "each batch is a commit, and so are the steps around them"
    assert log.count("C") == log.count("Cs"), f"a commit that waits for no disk: {log}"


@pytest.mark.slow
@pytest.mark.parametrize("database", list(DATABASES))
def test_what_the_disk_does_not_take_is_not_told_to_be_stored(
    request: pytest.FixtureRequest,
    dovecot: Dovecot,
    install: Callable[..., Installation],
    tmp_path: Path,
    database: str,
) -> None:
    """Given a disk that fails each sync, then no row names raw mail; on PostgreSQL it is our packs that the disk refuses."""
    with DATABASES[database](request, tmp_path / "data") as (where, settings):
        house = connected(install("data", sync_batch_messages=str(BATCH), **settings), dovecot)
        refused = house.run("sync", "--once", check=False, under=failing(tmp_path / "calls", *SYNCS))
        assert refused.returncode == 1
        assert "disk" in refused.stderr
        assert ask(where, "SELECT (SELECT count(*) FROM place), (SELECT count(*) FROM blob)") == [(0, 0)]

        record = tmp_path / "calls"
        house.run("sync", "--once", under=recording(record, "write", *SYNCS))
        assert stored_messages(where) == MAILS
        if database == "postgresql":
            packs = story(calls_in(record), ".pack")
            assert packs.count("ws") >= MAILS / BATCH, "one sync a batch"
            assert packs.endswith("s"), packs


@pytest.mark.slow
def test_a_mail_of_a_campaign_is_marked_durably_before_it_leaves(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    """One mail, because the marks of those that follow are written while the first ones leave."""
    house = install("data")
    settings = load_settings(data_dir=house.data_dir, allow_private_hosts=True, base_url="https://t.example")
    store = open_store(settings)
    with MailCatcher() as sink:
        seed_campaign(store, settings, sink.port, ["ann@example.org"])
        store.close()
        record = tmp_path / "calls"
        house.run("campaign", "send", NAME, "--wait", under=recording(record, "pwrite64", "sendto", *SYNCS))
        assert len(sink.mails) == 1

    log = story(calls_in(record), ".db-wal", answer=lambda call: call.data.startswith(b"MAIL FROM"))
    before, after = log.split("A")
    assert before.count("C") == before.count("Cs") > 0, f"it left while its mark was not on the disk: {log}"
    assert "Cs" in after, "its result is kept too"


@pytest.mark.slow
def test_a_click_is_in_the_journal_durably_before_it_is_answered(tmp_path: Path) -> None:
    record, folder = tmp_path / "calls", tmp_path / "journal"
    folder.mkdir()
    command = [*recording(record, "write", *SYNCS), sys.executable, "-c", TO_A_JOURNAL, str(folder)]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, check=True)
    calls = list(calls_in(record))
    log = story(calls, ".journal", answer=partial(_says, b"answered"))
    assert log == "wsA" * 20
    assert any(call.name == "fsync" and call.file == str(folder) for call in calls), "its name survives too"


def _says(words: bytes, call: Call) -> bool:
    return call.data == words
