"""A power cut at any moment of the first sync costs time and nothing else.

SIGKILLs at random instants of a first sync from Dovecot; then the same store as without them, byte for byte. The full
run is TEST_SYNC_KILLS=100 TEST_SYNC_MESSAGES=20000; TEST_SYNC_SEED repeats the instants of a run that failed.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from e2e.correspondence import OURS, correspondence
from e2e.databases import DATABASES
from e2e.facts import Where, ask, facts_of, has_stored, raw_hashes, stored_messages
from e2e.installation import Installation, left_over, wait_until
from servers.dovecot import Dovecot

MESSAGES = int(os.environ.get("TEST_SYNC_MESSAGES", "1200"))
KILLS = {
    "sqlite": int(os.environ.get("TEST_SYNC_KILLS", "6")),
    "postgresql": int(os.environ.get("TEST_SYNC_KILLS", "3")),
}
SEED = int(os.environ.get("TEST_SYNC_SEED", str(random.randrange(2**32))))
HISTORY = MESSAGES * 4 // 5
"""So many are from before `new_since`: stored and threaded, but they make no records and no jobs."""
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC).timestamp()
ALSO_IN = ("Archive", "Projects", "Projects/North", "Lists")
WHILE_IT_STARTS = 0.1
"""The share of instants that are drawn from the first seconds of a process: it starts, logs in, lists folders."""
STARTS_WITHIN, BATCH_LASTS = 1.5, 0.06
BATCH = "50"
"""The smallest batch that is prepared in the second process; it has to end too."""


def fill(dovecot: Dovecot, user: str) -> Counter[str]:
    """One folder of many, several of few, and some messages in two; how often each SHA-256 lies there.

    New mail from customers lies in the inbox only: a deal is named after the first that comes, and in which order folders
    are loaded depends on how fast they are.
    """
    expected: Counter[str] = Counter()
    for number, letter in enumerate(correspondence(MESSAGES)):
        is_history, folders = number < HISTORY, [letter.folder]
        if is_history and number % 40 < len(ALSO_IN):
            folders = [ALSO_IN[number % 40]]
        if number % 50 == 49 and (is_history or letter.folder == "Sent"):
            folders.append("Archive" if "Archive" not in folders else "Lists")
        for folder in folders:
            dovecot.deliver(user, letter.raw, folder, flags="S", at=LONG_AGO + number if is_history else None)
            expected[sha256(letter.raw).hexdigest()] += 1
    return expected


def connect(installation: Installation, dovecot: Dovecot, user: str) -> None:
    installation.run(
        *("mailbox", "add", OURS, "--imap-host", dovecot.host, "--imap-port", str(dovecot.port)),
        *("--imap-security", "none", "--username", user, "--new-since", "2020-01-01", "--password-stdin"),
        stdin=dovecot.password + "\n",
    )


def let_time_pass(where: Where) -> None:
    """What a dead process held on PostgreSQL is free after 45 s; a daemon on SQLite knows that it is the only one."""
    if isinstance(where, str):
        with psycopg.connect(where) as server:
            server.execute("UPDATE lease SET expires_at = clock_timestamp()")
            server.execute("UPDATE outbox SET until = now() WHERE state IN ('handed', 'running')")


def killed_once(installation: Installation, where: Where, chance: random.Random, share: int) -> tuple[int, int]:
    """Start the daemon and kill it at a random instant: how many messages are stored then, and how many processes died.

    `share` is how many messages there are for each kill.
    """
    before = stored_messages(where)
    daemon = installation.start_daemon("sync", "jobs")
    if chance.random() < WHILE_IT_STARTS:
        time.sleep(chance.uniform(0, STARTS_WITHIN))
    else:
        goal = before + chance.randint(1, max(share, 1))
        wait_until(partial(has_stored, where, goal), every=0.02, what=f"message {goal} (seed {SEED})")
        time.sleep(chance.uniform(0, BATCH_LASTS))
    processes = len(left_over(installation.data_dir))
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.wait()
    wait_until(lambda: not left_over(installation.data_dir), seconds=10, what="the end of every process")
    let_time_pass(where)
    return stored_messages(where), processes


def all_done(where: Where, places: int) -> bool:
    """Every message is stored, and every job that came of it is done."""
    return has_stored(where, places) and ask(where, "SELECT 1 FROM outbox WHERE state <> 'done' LIMIT 1") == []


def finish(installation: Installation, where: Where, places: int) -> None:
    daemon = installation.start_daemon("sync", "jobs")
    wait_until(lambda: all_done(where, places), every=0.3, seconds=90 + MESSAGES / 20, what="the end of the sync")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0


@pytest.mark.slow
@pytest.mark.timeout(600 + KILLS["sqlite"] * 30)
@pytest.mark.parametrize("database", list(DATABASES))
def test_kills_leave_no_trace(
    request: pytest.FixtureRequest,
    dovecot: Dovecot,
    install: Callable[..., Installation],
    tmp_path: Path,
    database: str,
) -> None:
    user, chance, kills = dovecot.new_user(), random.Random(SEED), KILLS[database]
    place = partial(DATABASES[database], request)
    expected = fill(dovecot, user)
    places = expected.total()
    with place(tmp_path / "disturbed") as (there, its), place(tmp_path / "calm") as (here, ours):
        disturbed, calm = install("disturbed", sync_batch_messages=BATCH, **its), install("calm", **ours)
        for installation in (disturbed, calm):
            installation.run("db", "upgrade")
            connect(installation, dovecot, user)

        counts, processes = [], []
        while len(counts) < kills:
            share = (places - (counts[-1] if counts else 0)) // (kills - len(counts) + 1)
            count, died = killed_once(disturbed, there, chance, share)
            assert count < places, f"the sync was over before it was killed {kills} times (seed {SEED})"
            if count > 0:  # Else nothing was stored yet: that instant does not count.
                counts.append(count)
                processes.append(died)
        assert counts == sorted(counts), f"what was committed stays (seed {SEED})"
        if len(os.sched_getaffinity(0)) > 1:
            assert max(processes) >= 2, "the process that prepares was killed with the other"

        finish(disturbed, there, places)
        finish(calm, here, places)
        disturbed_facts, calm_facts = facts_of(there), facts_of(here)
        for name, fact in calm_facts.items():
            assert disturbed_facts[name] == fact, f"{name} (seed {SEED})"
        assert raw_hashes(disturbed.data_dir, **its) == raw_hashes(calm.data_dir, **ours) == expected
        assert max(calm_facts["jobs"].values()) == 1
        assert not left_over(disturbed.data_dir)
