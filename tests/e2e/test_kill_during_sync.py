"""A power cut at any moment of the first sync costs time and nothing else.

Ten SIGKILLs during the first sync of 5,000 messages, each at another count; then the same store as without them.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

import pytest

from e2e.correspondence import OURS, correspondence
from e2e.facts import facts_of, has_stored, raw_hashes, stored_messages
from e2e.installation import Installation, left_over, wait_until
from servers.dovecot import Dovecot

MESSAGES = 5000
HISTORY = 3800
"""So many are from before `new_since`: stored and threaded, but they make no records and no jobs."""
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC).timestamp()
KILLS = 10


def connect(installation: Installation, dovecot: Dovecot, user: str) -> None:
    installation.run(
        *("mailbox", "add", OURS, "--imap-host", dovecot.host, "--imap-port", str(dovecot.port)),
        *("--imap-security", "none", "--username", user, "--new-since", "2020-01-01", "--password-stdin"),
        stdin=dovecot.password + "\n",
    )


def all_done(installation: Installation) -> bool:
    """Every message is stored, and every job that came of it is done."""
    if stored_messages(installation.data_dir) < MESSAGES:
        return False
    facts = facts_of(installation.data_dir)
    jobs: Counter[tuple[str, str, str]] = facts["jobs"]
    return all(state == "done" for _, state, _ in jobs)


def finish(installation: Installation) -> None:
    daemon = installation.start_daemon("sync", "jobs")
    wait_until(lambda: all_done(installation), every=0.5, seconds=150, what="the end of the sync")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_kills_leave_no_trace(dovecot: Dovecot, install: Callable[..., Installation]) -> None:
    user = dovecot.new_user()
    expected: Counter[str] = Counter()
    for number, letter in enumerate(correspondence(MESSAGES)):
        before = LONG_AGO + number if number < HISTORY else None
        dovecot.deliver(user, letter.raw, letter.folder, flags="S", at=before)
        expected[sha256(letter.raw).hexdigest()] += 1
    disturbed, calm = install("disturbed", sync_batch_messages="40"), install("calm", sync_batch_messages="200")
    connect(disturbed, dovecot, user)
    connect(calm, dovecot, user)

    counts = []
    for kill in range(KILLS):
        goal = (kill + 1) * MESSAGES // (KILLS + 3)
        daemon = disturbed.start_daemon("sync", "jobs")
        wait_until(partial(has_stored, disturbed.data_dir, goal), every=0.002, what=f"message {goal}")
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        counts.append(stored_messages(disturbed.data_dir))
        wait_until(lambda: not left_over(disturbed.data_dir), seconds=5, what="the end of every process")
    assert all(1 <= count < MESSAGES for count in counts), counts
    assert len(set(counts)) == KILLS, counts

    finish(disturbed)
    finish(calm)
    disturbed_facts, calm_facts = facts_of(disturbed.data_dir), facts_of(calm.data_dir)
    for name, fact in calm_facts.items():
        assert disturbed_facts[name] == fact, name
    assert raw_hashes(disturbed.data_dir) == raw_hashes(calm.data_dir) == expected
    assert max(calm_facts["jobs"].values()) == 1
    assert not left_over(disturbed.data_dir)
