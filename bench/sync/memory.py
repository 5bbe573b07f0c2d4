"""The memory of a program and of every process that it started, while it runs: PSS, as `/proc` tells it.

PSS counts what processes share once, divided among them; the sum is what ends when they end. Looked at four times a second.
"""

import threading
from pathlib import Path

EVERY_SECONDS = 0.25


class Memory:
    """Looks at a process and its descendants from `with` to its end; then `megabytes` is the most they ever held."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.megabytes = 0.0

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            self.megabytes = max(self.megabytes, sum(map(pss, family(self._pid))) / 1024)


def family(pid: int) -> list[int]:
    """The process and its descendants; those that end meanwhile are left out."""
    family = [pid]
    for member in family:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            try:
                family += map(int, children.read_text().split())
            except OSError:
                continue
    return family


def pss(pid: int) -> int:
    """Kilobytes; 0 of a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
