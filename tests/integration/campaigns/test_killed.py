"""The sending process is killed five times in the middle of a campaign: nobody is forgotten, nobody is doubled unseen."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaigns import commands
from core.config import Settings
from seeds.campaign import NAME, SYSTEM, report_of, seed_campaign
from servers.mail_catcher import MailCatcher
from storage.store import Store

PROGRAM = Path(__file__).with_name("sending_process.py")
ROOT = Path(__file__).parents[3]
KILLS = 5
PEOPLE = 1_600
CONNECTIONS = 20


@contextmanager
def sending(store: Store, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The role in a process of its own, killed without warning at the end of the block."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "MAILSYNC_DATA_DIR": str(settings.data_dir),
        "MAILSYNC_ALLOW_PRIVATE_HOSTS": "true",
        "MAILSYNC_BASE_URL": "https://t.example",
        "MAILSYNC_SEND_CONNECTIONS": str(CONNECTIONS),
    }
    if not store.database.embedded:
        folder = settings.data_dir
        environment |= {
            "MAILSYNC_DATABASE_URL": store.database.url,
            "MAILSYNC_SECRET_KEYS_FILE": str(folder / "keys.json"),
            "MAILSYNC_BLOB_DIR": str(folder / "blobs"),
        }
    with subprocess.Popen([sys.executable, str(PROGRAM)], env=environment) as process:
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert process.poll() is None, "the sending process ended by itself"
        assert time.monotonic() < deadline, "it does not get on"
        time.sleep(0.02)


@pytest.mark.slow
def test_five_kills_lose_nobody_and_every_doubt_is_listed(store: Store, settings: Settings) -> None:
    addresses = [f"p{n}@example.org" for n in range(PEOPLE)]
    with MailCatcher() as sink:
        seed_campaign(store, settings, sink.port, addresses)
        commands.start(store, settings, SYSTEM, NAME)

        for kill in range(1, KILLS + 1):
            goal = len(sink.mails) + PEOPLE // (KILLS + 3)
            with sending(store, settings) as process:
                wait_for(lambda goal=goal: len(sink.mails) >= goal, process)
            assert report_of(store, NAME).adds_up, f"after kill {kill}"
        with sending(store, settings) as process:
            wait_for(lambda: report_of(store, NAME).state == "finished", process)
        delivered = Counter(mail.rcpt_tos[0] for mail in sink.mails)

    found = report_of(store, NAME)
    doubtful = {one.address for one in found.doubtful}
    assert found.adds_up
    assert (found.audience, found.sent + found.in_doubt, found.pending) == (PEOPLE, PEOPLE, 0)
    assert found.in_doubt == len(doubtful)
    assert max(delivered.values()) == 1, "nobody got it twice"
    assert set(addresses) - delivered.keys() <= doubtful, "nobody was forgotten"
    assert found.in_doubt <= KILLS * CONNECTIONS * 3, "doubts are bounded by what can be under way"
