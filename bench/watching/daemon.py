"""The daemon as it is typed, `mailsync run`, and what it holds and spends, as `/proc` tells it.

Told so by SIGUSR1 it collects its garbage, so that what is measured is what is held: `collected_run` is the command with
nothing but that added.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from bench.sync.memory import family, pss
from bench.sync.spending import demand

DEADLINE = 1800.0
QUIET_SECONDS = 3.0
_ESTABLISHED = "01"


class Daemon:
    """Runs inside `with`; `address` is that of its console and API."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = environment
        self.log = log

    def __enter__(self) -> Self:
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [*_ends_with_us(), sys.executable, "-P", "-m", "bench.watching.collected_run"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.address = self._announced()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def pid(self) -> int:
        """Of its main process."""
        return self._process.pid

    def held_kilobytes(self) -> int:
        """PSS of all its processes, its garbage collected."""
        os.kill(self.pid, signal.SIGUSR1)
        time.sleep(QUIET_SECONDS)  # For the collection, which tells nobody of its end.
        return sum(map(pss, family(self.pid)))

    def cpu_seconds(self) -> float:
        """What all its processes that live have spent."""
        return sum(map(_cpu, family(self.pid)))

    def connections_to(self, port: int) -> int:
        """How many of its connections to that port of loopback stand."""
        ours = {_target(link) for link in Path(f"/proc/{self.pid}/fd").iterdir()}
        rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        return sum(
            row[3] == _ESTABLISHED and int(row[2].rpartition(":")[2], 16) == port and f"socket:[{row[9]}]" in ours
            for row in rows
        )

    def wait_until(self, fact: Callable[[], bool], what: str) -> None:
        """Wait for a fact; ends the run when it does not come true, or the daemon dies."""
        deadline = time.monotonic() + DEADLINE
        while not fact():
            demand(self._process.poll() is None, f"the daemon died: {self.log.read_text()[-2000:]}")
            demand(time.monotonic() < deadline, f"{what} did not happen within {DEADLINE:g} s")
            time.sleep(0.2)

    def _announced(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            for word in line.split():
                if word.startswith("http://"):
                    return word.rstrip("/.")
        raise SystemExit(f"the daemon did not start: {self.log.read_text()[-2000:]}")


def _ends_with_us() -> list[str]:
    """So that a run that is killed leaves no daemon behind."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _target(link: Path) -> str:
    """What a descriptor stands for; empty of one that was closed meanwhile."""
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _cpu(pid: int) -> float:
    """Seconds of a process; 0 of one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
