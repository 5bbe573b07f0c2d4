"""Where tests put their files: in memory, where there is enough of it, so that thousands of small databases wait for no disk.

What must be durable is tested by what is asked of the system (strace), not by what a disk happens to keep.
"""

import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024**3
"""A PostgreSQL server of the suite takes 80 MB, and a run at most eight of them; the rest is gone with its test."""


def choose_folder() -> None:
    """Let temporary files of this process and of those that it starts lie in memory, unless somebody chose a place."""
    if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and _room() >= ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(IN_MEMORY)


def _room() -> int:
    """Bytes that may be written there: what it takes is taken from what is free for everybody."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    available = next((int(line[1]) * 1024 for line in lines if line[0] == "MemAvailable:"), 0)
    return min(shutil.disk_usage(IN_MEMORY).free, available // 2)
