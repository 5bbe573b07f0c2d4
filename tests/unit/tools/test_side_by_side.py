"""What runs side by side all ends well, or nothing of it is left."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "side_by_side.py"
STAYS = "sleep 300 & echo $! > {file}; wait"


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, TOOL, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def runs(file: Path) -> bool:
    """Whether what wrote its number there is still running."""
    stat = Path(f"/proc/{file.read_text().strip()}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_written(file: Path) -> bool:
    return file.exists() and file.read_text().endswith("\n")


def test_the_first_speaks_and_of_the_others_the_last_line_is_told(tmp_path: Path) -> None:
    done = start(str(tmp_path / "logs"), "one=echo aloud", "two=echo much; echo 7 passed")

    said, _ = done.communicate(timeout=30)

    assert done.returncode == 0
    assert "aloud\n" in said
    assert re.search(r"^two: done in \d+ s. 7 passed$", said, re.MULTILINE)
    assert "much" not in said
    assert (tmp_path / "logs" / "two.log").read_text() == "much\n7 passed\n"


def test_one_that_fails_is_told_in_full_and_ends_the_others(tmp_path: Path) -> None:
    file = tmp_path / "number"
    fails = f"echo why; while [ ! -s {file} ]; do sleep 0.02; done; false | true; echo never"

    done = start(str(tmp_path), f"one={STAYS.format(file=file)}", f"two={fails}")
    said, _ = done.communicate(timeout=30)

    assert done.returncode == 1
    assert "why\ntwo: failed" in said
    assert "never" not in said
    wait_until(lambda: not runs(file))  # What is killed takes a moment to end.


def test_ctrl_c_ends_all_of_them(tmp_path: Path) -> None:
    files = [tmp_path / "first", tmp_path / "second"]

    started = start(str(tmp_path), *(f"{file.name}={STAYS.format(file=file)}" for file in files))
    for file in files:
        wait_until(partial(is_written, file))
    started.send_signal(signal.SIGINT)
    said, _ = started.communicate(timeout=60)

    assert started.returncode == 130, said
    wait_until(lambda: not any(map(runs, files)))


def test_wrong_use_is_told(tmp_path: Path) -> None:
    for words in ([], [str(tmp_path)], [str(tmp_path), "one"], [str(tmp_path), "one=true", "one=false"]):
        done = start(*words)
        said, _ = done.communicate(timeout=30)

        assert done.returncode == 2
        assert said.startswith("Name a folder")
