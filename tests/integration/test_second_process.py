"""Work done in a second process is the same as work done here, whatever becomes of that process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pickle import PicklingError

import pytest

from core.errors import Permanent
from core.second_process import SecondProcess

DEADLINE = 20.0
SCRIPT = """
import os, time
import core.second_process
core.second_process._cores = lambda: 2
second = core.second_process.SecondProcess()
while (other := second.run(os.getpid)) == os.getpid():
    time.sleep(0.01)
print(other, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is only one, all work is done here."""
    monkeypatch.setattr("core.second_process._cores", lambda: 2)


@pytest.fixture
def second() -> Iterator[SecondProcess]:
    process = SecondProcess()
    yield process
    process.close()


def up(second: SecondProcess) -> int:
    """Its process id, as soon as it is up."""
    end = time.monotonic() + DEADLINE
    while (pid := second.run(os.getpid)) == os.getpid():
        assert time.monotonic() < end, "it never came up"
        time.sleep(0.01)
    return pid


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + DEADLINE
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end, "it lives on"
        time.sleep(0.01)


def length(text: bytes) -> int:
    return len(text)


def wait_for(file: Path) -> int:
    while not file.exists():
        time.sleep(0.01)
    return os.getpid()


def refuse() -> None:
    raise Permanent(f"refused by {os.getpid()}")


def test_it_gives_what_a_call_gives_and_ends_when_it_is_let_go(second: SecondProcess) -> None:
    assert second.run(length, b"x" * 5_000_000) == 5_000_000
    pid = up(second)
    assert second.run(length, b"x" * 5_000_000) == 5_000_000
    second.close()
    assert not Path(f"/proc/{pid}").exists()


def test_our_errors_are_raised_here(second: SecondProcess) -> None:
    pid = up(second)
    with pytest.raises(Permanent, match=f"refused by {os.getpid()}"):
        second.run(refuse)
    assert second.run(os.getpid) == pid


def in_line(second: SecondProcess, calls: int, *args: object) -> tuple[list[threading.Thread], list[int]]:
    """So many calls of `wait_for` that are under way in it, and where their results come."""
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(second.run(wait_for, *args))) for _ in range(calls)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    while second._line is None or second._line._asked - second._line._answered < calls:
        assert time.monotonic() < end, "it was never busy"
        time.sleep(0.01)
    return threads, found


def test_one_may_stand_in_line_and_who_comes_then_does_the_work(second: SecondProcess, tmp_path: Path) -> None:
    pid = up(second)
    waiting, found = in_line(second, 2, tmp_path / "go")
    assert second.run(os.getpid) == os.getpid()
    (tmp_path / "go").touch()
    for thread in waiting:
        thread.join(DEADLINE)
    assert found == [pid, pid]
    assert second.run(os.getpid) == pid


def test_answers_go_to_who_asked(second: SecondProcess) -> None:
    up(second)
    sizes = list(range(1, 4_000_000, 60_000))
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(lambda size: second.run(length, b"x" * size), sizes)) == sizes


def test_who_waits_for_one_that_dies_does_the_work(second: SecondProcess, tmp_path: Path) -> None:
    pid = up(second)
    waiting, found = in_line(second, 2, tmp_path / "go")
    os.kill(pid, signal.SIGKILL)
    (tmp_path / "go").touch()
    for thread in waiting:
        thread.join(DEADLINE)
    assert found == [os.getpid()] * 2
    assert up(second) != pid


def test_what_can_not_be_handed_over_holds_nobody_up(second: SecondProcess) -> None:
    pid = up(second)
    with pytest.raises((AttributeError, PicklingError)):
        second.run(len, [lambda: None])
    assert second.run(os.getpid) == pid


def test_it_can_be_up_before_there_is_work(second: SecondProcess) -> None:
    second.get_ready(os.getpid)
    pid = up(second)
    second.get_ready(os.getpid)
    assert second.run(os.getpid) == pid != os.getpid()


def test_it_goes_when_it_has_rested_and_comes_again() -> None:
    second = SecondProcess(rest_seconds=0.05)
    pid = up(second)
    wait_until_gone(pid)
    assert second.run(os.getpid) == os.getpid()
    assert up(second) != pid
    second.close()


def test_it_does_not_outlive_the_process_that_began_it() -> None:
    program = subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True)
    with program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        program.kill()
    wait_until_gone(pid)
