"""The `mailsync` command as it is, with a stop-watch inside: what of its time is work, and what is start and end.

    python -P -m bench.sync.timed_command REPORT.json sync --once

runs `mailsync sync --once` and writes seconds from connected to up to date, the CPU seconds spent before, and whether the
parsers were compiled. (-P: else the folder that one stands in comes before PYTHONPATH, and sources before what is compiled.)
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from unittest.mock import patch

import parsers.message
from cli.main import run
from mailsync.mailbox_sync import MailboxSync

report: dict[str, float] = {"compiled": not (parsers.message.__file__ or "").endswith(".py")}
bring_up_to_date = MailboxSync.bring_up_to_date


async def timed(self: MailboxSync, stop: asyncio.Event | None = None) -> int:
    """`MailboxSync.bring_up_to_date`, timed."""
    report["cpu_before"], started = time.process_time(), time.perf_counter()
    try:
        return await bring_up_to_date(self, stop)
    finally:
        report["seconds"] = time.perf_counter() - started


def main(path: Path, command: list[str]) -> None:
    """Run the command, write the report; ends as the command ends."""
    try:
        with patch.object(MailboxSync, "bring_up_to_date", timed):
            run(command)
    finally:
        path.write_text(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
