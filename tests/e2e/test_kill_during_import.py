"""An import that is killed again and again, and its undoing too: each row counts once, nobody is doubled or left."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.facts import ask
from e2e.installation import Installation, left_over, wait_until

ROWS = int(os.environ.get("TEST_IMPORT_ROWS", "3000"))
KILLS = int(os.environ.get("TEST_IMPORT_KILLS", "3"))
DEALT_WITH = "SELECT coalesce(max(dealt_with), 0) FROM import_run WHERE state = '{}'"
PEOPLE = ROWS * 2 // 3


@pytest.mark.slow
@pytest.mark.timeout(300 + 40 * KILLS)
def test_kills_leave_no_trace(install: Callable[..., Installation], tmp_path: Path) -> None:
    # given a file in which every third row is about the person of the row before
    house = install("data")
    file = tmp_path / "people.csv"
    rows = (_line(number - 1, "CEO") if number % 3 == 2 else _line(number) for number in range(ROWS))
    file.write_text("Name,E-mail,Position,Company\n" + "".join(rows))

    # when the command is killed in the middle, then the daemon that goes on by itself
    for kill in range(KILLS):
        process = house.start("import", "contacts", str(file)) if kill == 0 else house.start_daemon("jobs")
        _kill_at(house, process, DEALT_WITH.format("running"), (kill + 1) * ROWS // (KILLS + 2))
    daemon = house.start_daemon("jobs")
    wait_until(lambda: ask(house.data_dir, "SELECT state FROM import_run") == [("done",)], what="the last row")

    # then
    assert ask(house.data_dir, "SELECT count(*) FROM import_row WHERE outcome IS NULL") == [(0,)]
    assert ask(house.data_dir, "SELECT count(*), count(DISTINCT name) FROM contact") == [(PEOPLE, PEOPLE)]
    assert ask(house.data_dir, "SELECT count(*), count(DISTINCT key) FROM channel") == [(PEOPLE, PEOPLE)]
    assert ask(house.data_dir, "SELECT count(*) FROM company") == [(40,)]
    completed = "SELECT count(*) FROM contact WHERE position = 'CEO'"
    assert ask(house.data_dir, completed) == [(ROWS // 3,)]
    counts = "SELECT json_extract(counts, '$.new'), json_extract(counts, '$.joined') FROM import_run"
    assert ask(house.data_dir, counts) == [(PEOPLE, ROWS // 3)]
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0

    # and when it is undone, by a command that is killed too
    _kill_at(house, house.start("import", "undo", "1"), DEALT_WITH.format("undoing"), ROWS // 3)
    daemon = house.start_daemon("jobs")
    wait_until(lambda: ask(house.data_dir, "SELECT state FROM import_run") == [("undone",)], what="the first row")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0
    for table in ("contact", "company"):
        assert ask(house.data_dir, f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL") == [(0,)], table
    assert ask(house.data_dir, "SELECT json_extract(counts, '$.removed') FROM import_run") == [(PEOPLE,)]
    assert "Traceback" not in house.log()


def _line(number: int, position: str = "") -> str:
    return f"Person {number},p{number}@c{number % 40}.example,{position},Company {number % 40}\n"


def _kill_at(house: Installation, process: subprocess.Popen[str], progress: str, goal: int) -> None:
    def reached() -> bool:
        return ask(house.data_dir, progress)[0][0] >= goal

    wait_until(lambda: (house.data_dir / "mailsync.db").exists() and _has_table(house), what="the tables")
    wait_until(reached, every=0.01, what=f"row {goal}")
    time.sleep(random.uniform(0, 0.05))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not left_over(house.data_dir), seconds=10, what="the end of every process")
    assert goal <= ask(house.data_dir, progress)[0][0] < ROWS, "it was killed in the middle"


def _has_table(house: Installation) -> bool:
    return ask(house.data_dir, "SELECT count(*) FROM sqlite_master WHERE name = 'import_run'") == [(1,)]
