"""A process that tells the server what waits, and dies by SIGKILL before or after one of its steps.

`python killed.py DATA_DIR STEP`: exits 0 when it got through before that step. A step is a command to the server or a
unit of work.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from core.config import load_settings
from mailsync import repository
from mailsync.account import open_connection
from mailsync.actions.applying import tell_server
from mailsync.imap import writing
from mailsync.imap.connection import ImapConnection
from mailsync.sync_context import SyncContext
from mailsync.traffic.metering import Meter
from storage.store import open_store


class Countdown:
    """Kills the process when it was asked often enough."""

    def __init__(self, left: int) -> None:
        self.left = left

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def die_at(step: int) -> None:
    """Count the ends of commands and of units of work: what lies between two of them is one step."""
    countdown = Countdown(step)
    run, write = ImapConnection.run, SyncContext.write

    async def counted_run(self, *args, **options):
        reply = await run(self, *args, **options)
        countdown.step()
        return reply

    async def counted_write(self, change):
        written = await write(self, change)
        countdown.step()
        return written

    ImapConnection.run, SyncContext.write = counted_run, counted_write


async def main(data_dir: Path, step: int) -> None:
    settings = load_settings(data_dir=data_dir, allow_private_hosts=True)
    store = open_store(settings)
    with store.database.reading() as session:
        mailbox = repository.mailbox(session, 1)
    connection = await open_connection(store, settings, mailbox)
    if "MUTE" in os.environ:
        writing._numbers = lambda *_: ()
    die_at(step)
    meter = Meter(connection, mailbox)
    await tell_server(SyncContext(store, settings, connection, mailbox.id, None, lambda _: None, lambda _: None, meter))
    await connection.close()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
