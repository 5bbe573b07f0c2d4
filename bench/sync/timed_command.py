"""The `mailsync` command as it is, with a stop-watch inside: what of its time is work, and which part of the work.

    python -m bench.sync.timed_command REPORT.json sync --once

runs `mailsync sync --once` and writes what it took: seconds from connected to up to date, CPU seconds of the process
and of two stages meanwhile, and the most memory it ever held.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from cli.main import run
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from mailsync.mailbox_sync import MailboxSync

P = ParamSpec("P")
R = TypeVar("R")

spent: dict[str, float] = {"seconds": 0.0, "cpu": 0.0, "prepare": 0.0, "take_in": 0.0}


def timed_stage(name: str, stage: Callable[P, R]) -> Callable[P, R]:
    """`stage`, its thread's CPU time added up under `name`."""

    def run_timed(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.thread_time()
        try:
            return stage(*args, **kwargs)
        finally:
            spent[name] += time.thread_time() - started

    return run_timed


async def timed_work(self: MailboxSync, stop: asyncio.Event | None = None) -> int:
    """`MailboxSync.bring_up_to_date`, timed."""
    started, cpu = time.perf_counter(), time.process_time()
    try:
        return await bring_up_to_date(self, stop)
    finally:
        spent["seconds"] += time.perf_counter() - started
        spent["cpu"] += time.process_time() - cpu


bring_up_to_date = MailboxSync.bring_up_to_date


def main(report: Path, command: list[str]) -> None:
    """Run the command, write the report; ends as the command ends."""
    try:
        with (
            patch.object(MailboxSync, "bring_up_to_date", timed_work),
            patch("mailsync.folder_sync.prepare", timed_stage("prepare", prepare)),
            patch("mailsync.folder_sync.take_in_safely", timed_stage("take_in", take_in_safely)),
        ):
            run(command)
    finally:
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        report.write_text(json.dumps({**spent, "megabytes": kilobytes / 1024}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
