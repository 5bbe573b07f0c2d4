"""Many processes by role on PostgreSQL and Redis: work is shared, nothing is done twice, and a killed process is replaced."""

import base64
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from e2e.correspondence import OURS, correspondence
from e2e.installation import Installation, wait_until
from servers.dovecot import Dovecot
from servers.postgres import Postgres
from servers.redis import Redis

MAILS = 300
TAKEN_OVER_WITHIN = 60.0


@dataclass
class Cluster:
    """Processes by role on one database; each has a data directory of its own, as on machines of their own."""

    folder: Path
    dovecot: Dovecot
    redis: Redis
    database_url: str
    user: str

    def machine(self, name: str, **but: str) -> Installation:
        settings = {
            "database_url": self.database_url,
            "redis_url": self.redis.url,
            "secret_keys_file": str(self.folder / "keys.json"),
            "blob_dir": str(self.folder / "blobs"),
        }
        return Installation(self.folder / name, **settings | but)

    def all(self, query: LiteralString) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query).fetchall()

    def one(self, query: LiteralString) -> int:
        [(value,)] = self.all(query)
        assert isinstance(value, int)
        return value

    def jobs_are_done(self) -> bool:
        return self.one("SELECT count(*) FROM outbox WHERE state <> 'done'") == 0

    @contextmanager
    def nobody_reads_campaigns(self) -> Iterator[None]:
        """Meanwhile no job about new mail comes to its end: it asks whether the mail answers a campaign."""
        with psycopg.connect(self.database_url) as connection:
            connection.execute("LOCK TABLE campaign IN ACCESS EXCLUSIVE MODE")
            yield

    def deliver(self, number: int) -> None:
        head = f"From: Ann <ann@late{number}.example>\r\nTo: {OURS}\r\nSubject: Late {number}\r\n"
        self.dovecot.deliver(self.user, f"{head}Message-ID: <late.{number}@late.example>\r\n\r\nHello\r\n".encode())

    def has(self, number: int) -> bool:
        return self.one("SELECT count(*) FROM message") >= MAILS + number


@pytest.fixture(scope="module")
def cluster(
    postgres: Postgres, dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Cluster, dict[str, subprocess.Popen[str]]]]:
    folder = tmp_path_factory.mktemp("cluster")
    key = base64.b64encode(os.urandom(32)).decode()
    (folder / "keys.json").write_text(json.dumps({"keys": {"1": key}, "current": "1"}))
    with Redis() as redis, postgres.fresh_database() as url:
        cluster = Cluster(folder, dovecot, redis, url, dovecot.new_user())
        for letter in correspondence(MAILS):
            dovecot.deliver(cluster.user, letter.raw, letter.folder, flags="S")
        machines = {name: cluster.machine(name) for name in ("sync-1", "sync-2", "jobs-1", "jobs-2", "scheduler")}
        machines["sync-1"].run("db", "upgrade")
        machines["sync-1"].run(
            *("mailbox", "add", OURS, "--imap-host", dovecot.host, "--imap-port", str(dovecot.port)),
            *("--imap-security", "none", "--username", cluster.user, "--new-since", "2020-01-01", "--password-stdin"),
            stdin=f"{dovecot.password}\n",
        )
        running = {name: machine.start_daemon(name.partition("-")[0]) for name, machine in machines.items()}
        yield cluster, running
        logs = "".join(machine.log() for machine in machines.values())
        for machine in machines.values():
            machine.close()
    assert "Traceback" not in logs


@pytest.mark.parametrize(
    ("without", "says"),
    [
        ({"secret_keys_file": "/nowhere/keys.json"}, "There is no key file"),
        ({"secret_keys_file": ""}, "MAILSYNC_SECRET_KEYS_FILE"),
        ({"blob_dir": ""}, "MAILSYNC_BLOB_DIR"),
        ({"database_url": "postgresql://mailsync:hunter2@127.0.0.1:9/nothing"}, "check MAILSYNC_DATABASE_URL"),
    ],
    ids=["no key file", "no keys", "no blobs", "no database"],
)
def test_a_process_that_lacks_something_does_not_start(
    cluster: tuple[Cluster, dict[str, subprocess.Popen[str]]], without: dict[str, str], says: str
) -> None:
    refused = cluster[0].machine("lacking", **without).run("run", "--only", "sync", check=False)
    assert refused.returncode == 2
    assert refused.stderr.startswith("mailsync: ")
    assert refused.stderr.count("\n") == 1
    assert says in refused.stderr
    assert "hunter2" not in refused.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_work_is_shared_and_taken_over(cluster: tuple[Cluster, dict[str, subprocess.Popen[str]]]) -> None:
    house, running = cluster

    wait_until(lambda: house.one("SELECT count(*) FROM place") == MAILS, what="the sync", every=0.1)
    wait_until(house.jobs_are_done, what="the end of the jobs", every=0.1)
    assert house.one("SELECT count(*) FROM message") == MAILS
    assert house.one("SELECT count(DISTINCT identity) FROM message") == MAILS
    assert house.one("SELECT count(*) FROM (SELECT DISTINCT folder_id, uid FROM place) AS once") == MAILS
    assert house.one("SELECT count(*) FROM blob") == 2 * MAILS  # A head and a body each, none prepared twice.
    assert house.one("SELECT count(*) FROM quarantine") + house.one("SELECT count(*) FROM folder_gap") == 0
    assert house.one("SELECT max(tries) FROM outbox") == 1
    [(holder, fence)] = house.all("SELECT holder, fence FROM lease WHERE name = 'mailbox:1'")
    assert fence == 1  # Nobody else ever had it.
    assert house.one("SELECT count(*) FROM lease WHERE name = 'scheduler'") == 1

    killed = next(name for name, process in running.items() if str(process.pid) == str(holder).split(":")[1])
    assert killed in ("sync-1", "sync-2")

    # Who has the mailbox is killed, and who is in the middle of a job: another takes over the one, and begins the other
    # once more. Both are held for 45 seconds, which run out together. No older job is in anybody's hands then: one in
    # those of the process that is stopped would be taken for the one that the killed process has.
    os.kill(running["jobs-2"].pid, signal.SIGSTOP)
    with house.nobody_reads_campaigns():
        house.deliver(1)
        wait_until(lambda: house.one("SELECT count(*) FROM outbox WHERE state = 'running'") == 1, what="a job in hand")
        os.kill(running["jobs-1"].pid, signal.SIGKILL)
        os.kill(running[killed].pid, signal.SIGKILL)
    os.kill(running["jobs-2"].pid, signal.SIGCONT)
    house.deliver(2)
    wait_until(lambda: house.has(2), seconds=TAKEN_OVER_WITHIN, what="the taking over", every=0.2)
    assert house.all("SELECT fence, holder <> '' FROM lease WHERE name = 'mailbox:1'") == [(2, True)]
    wait_until(house.jobs_are_done, what="the end of its job", every=0.1)
    assert house.one("SELECT max(tries) FROM outbox") == 2

    # Redis away: mail is stored, jobs wait; nothing ends, nothing is given up.
    house.redis.stop()
    house.deliver(3)
    wait_until(lambda: house.has(3), what="mail without Redis", every=0.1)
    assert not house.jobs_are_done()
    house.redis.start()
    wait_until(house.jobs_are_done, seconds=30, what="the jobs that waited for Redis", every=0.1)
    assert house.one("SELECT count(*) FROM outbox WHERE tries > 1") == 1  # Only the one of the killed process.

    left = {name: process for name, process in running.items() if process.poll() is None}
    assert len(left) == 3
    for process in left.values():
        process.terminate()
    assert [process.wait(20) for process in left.values()] == [0, 0, 0]
    assert house.one("SELECT count(*) FROM lease WHERE expires_at > clock_timestamp()") == 0
