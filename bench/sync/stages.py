"""What one mail of the first sync costs us in CPU time, stage by stage, and the functions that cost most.

The stages are those of `mailsync.transfer`, one after the other in one thread, so that they can be told apart:
fetched from the server, prepared (parsed, compressed, hashed), taken in (read, decided, written). As history, and as
new mail, for which activities get deadlines and events are written.
"""

import asyncio
import cProfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import ParamSpec, TypeVar

from bench.sync.mailsync_run import fill_books
from bench.sync.peers import Mailbox
from bench.sync.sales_mailbox import OURS, START
from bench.sync.stores import Place
from core.config import Settings, load_settings
from core.logging import configure_logging
from crm.intake.arrival import Arrival
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from mailsync import repository
from mailsync.account import open_connection
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.fetching import fetch_batch, plan
from mailsync.imap.server import Security
from storage.models import FolderRole
from storage.store import Store, open_store

COSTLIEST = 10
P = ParamSpec("P")
R = TypeVar("R")


class Stage:
    """Adds up the CPU time of calls in this thread; knows the functions that took it when `profiled`."""

    def __init__(self, *, profiled: bool = False) -> None:
        self.seconds = 0.0
        self.profile = cProfile.Profile() if profiled else None

    def __call__(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        started = time.thread_time()
        try:
            return self.profile.runcall(function, *args, **kwargs) if self.profile else function(*args, **kwargs)
        finally:
            self.seconds += time.thread_time() - started


def show_stages(mailbox: Mailbox) -> None:
    """Print what a mail costs in each stage, then the functions; those run again, because watching them costs too."""
    configure_logging("warning", "auto")
    for name, new_since in (("history", None), ("new mail", START)):
        for profiled in (False, True):
            with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
                settings = load_settings(data_dir=Path(directory), allow_private_hosts=True)
                fill_books(Place({"data_dir": directory}))
                store = open_store(settings)
                given = NewMailbox(
                    email=OURS,
                    password=mailbox.server.password,
                    imap_host=mailbox.server.host,
                    imap_port=mailbox.server.port,
                    imap_security=Security.NONE,
                    username=mailbox.user,
                    new_since=new_since,
                )
                stages = _run_stages(store, settings, add_mailbox(store, settings, given), profiled=profiled)
                store.close()
            _show(name, stages, mailbox.mails)


def _run_stages(store: Store, settings: Settings, mailbox_id: int, *, profiled: bool) -> dict[str, Stage]:
    stages = {"fetch": Stage(), "prepare": Stage(profiled=profiled), "take in": Stage(profiled=profiled)}
    with store.database.unit_of_work() as session:
        repository.save_folders(session, mailbox_id, [("INBOX", "/", FolderRole.INBOX)])
        folder_id = repository.folders(session, mailbox_id)[0].id
    for arrivals in stages["fetch"](asyncio.run, _fetch(store, settings, mailbox_id, folder_id)):
        prepared = stages["prepare"](prepare, store, arrivals)
        stages["take in"](take_in_safely, store, mailbox_id, prepared)
    return stages


async def _fetch(store: Store, settings: Settings, mailbox_id: int, folder_id: int) -> list[list[Arrival]]:
    with store.database.reading() as session:
        row = repository.mailbox(session, mailbox_id)
    connection = await open_connection(store, settings, row)
    await connection.select("INBOX")
    uids = sorted(await connection.uid_search("UID 1:*"), reverse=True)
    sizes = await connection.fetch_sizes(uids)
    batches = [await fetch_batch(connection, folder_id, batch, settings, {}) for batch in plan(uids, sizes, settings)]
    await connection.close()
    return batches


def _show(name: str, stages: dict[str, Stage], mails: int) -> None:
    if not any(stage.profile for stage in stages.values()):
        costs = {stage: round(spent.seconds / mails * 1e6) for stage, spent in stages.items()}
        listed = ", ".join(f"{stage} {cost}" for stage, cost in costs.items())
        print(f"P1 {name}: {sum(costs.values())} µs of CPU a mail ({listed})")
    for stage, spent in stages.items():
        if spent.profile:
            for line in _costliest(spent.profile, mails):
                print(f"    {name}, {stage}: {line}")


def _costliest(profile: cProfile.Profile, mails: int) -> Iterator[str]:
    """The functions by what they took themselves; a profiled call takes about twice its time."""
    entries = sorted(profile.getstats(), key=lambda entry: entry.inlinetime, reverse=True)
    for entry in entries[:COSTLIEST]:
        own, calls = entry.inlinetime / mails * 1e6, entry.callcount / mails
        yield f"{own:5.0f} µs  {calls:6.1f} calls a mail  {_named(entry.code)}"


def _named(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code
    return f"{'/'.join(Path(code.co_filename).parts[-2:])}:{code.co_firstlineno} {code.co_name}"
