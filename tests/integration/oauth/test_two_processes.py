"""Two processes that need a fresh token at the same moment: the provider is asked once, and no token is lost."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from core.clock import utcnow
from integration.oauth.conftest import House, environment_of

PROGRAM = Path(__file__).with_name("refreshing_process.py")


def test_the_provider_is_asked_once(either_house: House) -> None:
    house = either_house
    mailbox_id = house.connect()
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow() - timedelta(seconds=1))
    house.provider.slow_seconds = 1.0
    processes = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), str(mailbox_id)],
            env={**os.environ, **environment_of(house)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0].split()[-1] for process in processes]

    assert said[0] == said[1]
    assert house.provider.account_of(said[0]) == house.provider.account
    assert house.provider.counts["refresh_token"] == 1
    assert house.provider.counts["reused"] == 0
