"""A running daemon through what happens to daemons: servers that go away, changed passwords, a full disk, being told to stop.

It tells how each mailbox fares, goes on by itself where it can, and ends within seconds, with exit status 0 and nobody
left behind.
"""

import os
import resource
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from e2e.correspondence import correspondence
from e2e.facts import facts_of, has_stored, stored_messages
from e2e.installation import Installation, left_over, wait_until
from e2e.odd_servers import talking
from servers.dovecot import Dovecot
from servers.dovecot_config import dovecot_config

ADDRESS = "sales@ourhouse.example"
STOPS_WITHIN = 10.0


@pytest.fixture
def fragile_dovecot() -> Iterator[Dovecot]:
    """A server of the test's own, to be stopped and changed."""
    with Dovecot() as server:
        yield server


def connect(house: Installation, dovecot: Dovecot, user: str, address: str = ADDRESS) -> None:
    house.run(
        *("mailbox", "add", address, "--imap-host", dovecot.host, "--imap-port", str(dovecot.port)),
        *("--imap-security", "none", "--username", user, "--password-stdin"),
        stdin=f"{dovecot.password}\n",
    )


def mailbox(house: Installation) -> dict[str, str]:
    rows = house.json("mailbox", "list")
    assert isinstance(rows, list)
    return dict(rows[0])


def fares(house: Installation, state: str) -> Callable[[], bool]:
    """Whether the mailbox is in `state`. Asks the file, since a process for each look would take the daemon's processor."""

    def look() -> bool:
        with closing(sqlite3.connect(f"file:{house.data_dir}/mailsync.db?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT 1 FROM mailbox WHERE state = ?", [state]).fetchone())

    return look


def stop(daemon: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> None:
    daemon.send_signal(how)
    assert daemon.wait(STOPS_WITHIN) == 0


def letter(number: int) -> bytes:
    return (
        f"From: Ann <ann@client.example>\r\nTo: {ADDRESS}\r\nSubject: News {number}\r\nMessage-ID: <{number}@client.example>\r\n"
        f"Date: Mon, 5 Jan 2026 08:00:{number:02} +0000\r\n\r\nHello {number}\r\n"
    ).encode()


@pytest.mark.timeout(180)
def test_a_server_that_goes_away_and_a_password_that_becomes_wrong(
    fragile_dovecot: Dovecot, install: Callable[..., Installation]
) -> None:
    dovecot, house = fragile_dovecot, install()
    user = dovecot.new_user()
    dovecot.deliver(user, letter(1))
    connect(house, dovecot, user)
    daemon = house.start_daemon("sync", "jobs")
    wait_until(fares(house, "live"), what="the first pass")

    dovecot.stop()
    wait_until(fares(house, "unreachable"), what="the mailbox's word that its server is away")
    assert mailbox(house)["reason"].startswith("The ")
    dovecot.deliver(user, letter(2))
    dovecot.start()
    wait_until(lambda: stored_messages(house.data_dir) == 2, what="the mail that came meanwhile")
    wait_until(fares(house, "live"), what="the recovery")
    assert mailbox(house)["reason"] == ""

    dovecot.stop()
    wait_until(fares(house, "unreachable"), what="the word that its server is away again")
    asked = house.run("sync", "--once", check=False)
    assert asked.returncode == 1
    assert asked.stderr.startswith(f"mailsync: {ADDRESS}: The ")
    assert asked.stderr.count("\n") == 1
    dovecot.password = "changed"
    dovecot.config_file.write_text(dovecot_config(dovecot))
    dovecot.deliver(user, letter(3))
    dovecot.start()
    house.run("sync", "--once", check=False)  # Whoever asks is not kept waiting for the daemon's next attempt.
    wait_until(fares(house, "auth_failed"), what="the word that the password is wrong")
    assert "enter them again" in mailbox(house)["reason"]
    change = ("mailbox", "password", ADDRESS, "--password-stdin")
    wrong = house.run(*change, stdin="secret\n", check=False)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert fares(house, "auth_failed")()
    house.run(*change, stdin="changed\n")
    wait_until(lambda: stored_messages(house.data_dir) == 3, what="the mail after the new password")
    wait_until(fares(house, "live"), what="the second recovery")

    stop(daemon)
    assert "Traceback" not in house.log()
    assert "secret" not in house.log()
    assert not left_over(house.data_dir)


@pytest.mark.timeout(180)
def test_told_to_stop_in_the_middle_of_a_sync(dovecot: Dovecot, install: Callable[..., Installation]) -> None:
    count = 2500  # So many, in batches so small, that a busy machine is not done before it is told to stop.
    user = dovecot.new_user()
    for one in correspondence(count):
        dovecot.deliver(user, one.raw, one.folder, flags="S")
    house = install(sync_batch_messages="5")
    connect(house, dovecot, user)
    for number, how in enumerate((signal.SIGTERM, signal.SIGINT), start=1):
        daemon = house.start_daemon()
        wait_until(partial(has_stored, house.data_dir, number * 80), every=0.01, what="some mail")
        stop(daemon, how)
        assert number * 80 <= stored_messages(house.data_dir) < count
        assert not left_over(house.data_dir)

    for how, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        had = stored_messages(house.data_dir)
        command = house.start("sync", "--once")
        wait_until(partial(has_stored, house.data_dir, had + 1), every=0.01, what="more mail")
        command.send_signal(how)
        assert command.wait(STOPS_WITHIN) == status
        assert stored_messages(house.data_dir) < count
    house.run("sync", "--once")
    places = facts_of(house.data_dir)["places"]
    assert isinstance(places, Counter)
    assert (len(places), max(places.values())) == (count, 1)
    assert "Traceback" not in house.log()


def test_told_to_stop_while_a_server_is_silent(install: Callable[..., Installation]) -> None:
    house = install()
    with talking(b"") as port:
        add = f"mailbox add {ADDRESS} --imap-host 127.0.0.1 --imap-port {port} --imap-security none --no-test"
        house.run(*add.split(), "--password-stdin", stdin="secret\n")
        daemon = house.start_daemon()
        wait_until(lambda: "daemon.started" in house.log(), what="the start")
        wait_until(lambda: _is_connected(daemon.pid, port), what="the connection")
        stop(daemon)
    assert not left_over(house.data_dir)


def _without_pattern(size: int) -> bytes:
    """A line that takes so many bytes when it is compressed."""
    return os.urandom(size).hex().encode() + b"\r\n"


def _is_connected(pid: int, port: int) -> bool:
    """Whether the process has a connection to `port` (Linux' table of TCP connections, state 01)."""
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    return any(fields[2].endswith(f":{port:04X}") and fields[3] == "01" for fields in map(str.split, lines))


@pytest.mark.timeout(180)
def test_a_full_disk_is_waited_for(dovecot: Dovecot, install: Callable[..., Installation]) -> None:
    """A limit on the size of its files stands for the full disk: SQLite can not write on, and no file grows."""
    user = dovecot.new_user()
    dovecot.deliver(user, letter(1))
    house = install()
    connect(house, dovecot, user)
    daemon = house.start_daemon("sync", "jobs")
    wait_until(fares(house, "live"), what="the first pass")
    largest = max(file.stat().st_size for file in house.data_dir.iterdir())
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (largest + 4096, resource.RLIM_INFINITY))
    dovecot.deliver(user, letter(2) + _without_pattern(largest))  # That does not fit, but the word of it does.
    wait_until(fares(house, "unreachable"), what="the word that it can not go on")
    assert "disk" in mailbox(house)["reason"]
    for number in range(3, 42):  # Perhaps until there is no room for a word either.
        dovecot.deliver(user, letter(number) + _without_pattern(40_000))
    assert daemon.poll() is None
    assert stored_messages(house.data_dir) < 41

    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: stored_messages(house.data_dir) == 41, what="all mail, once there was room")
    stop(daemon)
    assert "Traceback" not in house.log()
