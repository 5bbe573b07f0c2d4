"""P6: what a mail costs when a million are stored, beside what it costs when ten thousand are.

2,000 mails of the sales mailbox are understood beforehand and taken in, batch by batch, on SQLite and PostgreSQL, into a store of
`--few` mails and, in turn, into one of `--many`, which is made of the small one (`bench/sync/multiplying.py`). Both are
measured `--runs` times, medians; what one left to be written to disk is written before the next begins. Counted is what was
stored. A million take long to be made, and some gigabytes of disk.

    PYTHONPATH=build/compiled:.:tests python bench/growth_row.py [--few 10000] [--many 1000000] [--runs 5]
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bench.sync.mailsync_run import fill_books
from bench.sync.multiplying import multiply
from bench.sync.sales_mailbox import OURS, sales_mailbox
from bench.sync.spending import Spent, demand
from bench.sync_row import Places, stores_here
from core.clock import utcnow
from core.garbage import collect_rarely
from core.logging import configure_logging
from crm.intake.arrival import Arrival, Flags
from crm.intake.prepared import Prepared, Unreadable
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from mailsync import repository
from storage.models import FolderRole, Mailbox
from storage.store import Store

TAKEN_IN = 2_000
AT_ONCE = 200
P6_AT_MOST = 1.3


@dataclass(frozen=True, slots=True)
class Filled:
    """A store with one folder of mail, and the UID up to which it is filled."""

    store: Store
    mailbox_id: int
    folder_id: int
    highest_uid: int


def arrivals(folder_id: int, raws: Sequence[bytes], first_uid: int) -> Iterator[list[Arrival]]:
    """Mails as history brings them, in batches."""
    yesterday = utcnow() - timedelta(days=1)
    for start in range(0, len(raws), AT_ONCE):
        yield [
            Arrival(folder_id, first_uid + number, Flags(seen=True), yesterday, raw)
            for number, raw in enumerate(raws[start : start + AT_ONCE], start)
        ]


def take(filled: Filled, batches: Sequence[Sequence[Prepared | Unreadable]]) -> Spent:
    """Take the batches in: seconds on the clock, CPU seconds of this process; one that is not stored ends the run."""
    cpu, started = time.process_time(), time.perf_counter()
    stored = sum(take_in_safely(filled.store, filled.mailbox_id, batch).stored for batch in batches)
    spent = Spent(time.perf_counter() - started, time.process_time() - cpu)
    demand(stored == sum(map(len, batches)), f"{stored} mails were stored instead of {sum(map(len, batches))}")
    return spent


@contextmanager
def filled(places: Places, raws: Sequence[bytes], times: int) -> Iterator[Filled]:
    """A fresh store with the mails in it, so many times over."""
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory, places(Path(directory)) as place:
        fill_books(place)
        store = place.open()
        mailbox_id, folder_id = _add_folder(store)
        small = Filled(store, mailbox_id, folder_id, len(raws))
        for batch in arrivals(folder_id, raws, 1):
            take(small, [prepare(store, batch)])
        stored = multiply(store, times)
        demand(stored == times * len(raws), f"the store holds {stored} mails instead of {times * len(raws)}")
        with store.database.reading() as session:
            highest = session.execute(text("SELECT max(uid) FROM place")).scalar_one()
        yield Filled(store, mailbox_id, folder_id, highest)
        store.close()


def _add_folder(store: Store) -> tuple[int, int]:
    """Mailbox and folder without a server; nobody syncs it."""
    with store.database.unit_of_work() as session:
        at = utcnow()
        row = Mailbox(
            email=OURS,
            email_key=OURS,
            imap_host="",
            imap_port=0,
            imap_security="",
            username="",
            password_encrypted="",
            connected_at=at,
            new_since=at,
        )
        session.add(row)
        session.flush()
        repository.save_folders(session, row.id, [("INBOX", "/", FolderRole.INBOX)])
        return row.id, repository.folders(session, row.id)[0].id


def measure(stores: Sequence[Filled], raws: Sequence[bytes], runs: int) -> list[list[Spent]]:
    """What each store spent on the same mails, in turn, for each run."""
    spent: list[list[Spent]] = [[] for _ in stores]
    for run in range(runs):
        mails = raws[run * TAKEN_IN : (run + 1) * TAKEN_IN]
        for number, one in enumerate(stores):
            first = one.highest_uid + 1 + run * TAKEN_IN
            batches = [prepare(one.store, batch) for batch in arrivals(one.folder_id, mails, first)]
            os.sync()
            spent[number].append(take(one, batches))
    return spent


def show(row: str, sizes: Sequence[int], spent: list[list[Spent]]) -> None:
    """One line of the clock, one of CPU time."""
    for what, took in (("", lambda one: one.seconds), (", CPU", lambda one: one.cpu)):
        small, large = (statistics.median(map(took, of_store)) / TAKEN_IN * 1e6 for of_store in spent)
        few, many = (f"{size:,}" for size in sizes)
        print(f"P6 {row}{what}  with {many} stored {large:,.0f} µs a mail  with {few} {small:,.0f} µs", end="  ")
        print(f"ratio {large / small:.2f}  at most {P6_AT_MOST}", flush=True)


def main() -> None:
    """Read the options, fill the stores, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    configure_logging("warning", "auto")
    collect_rarely()
    raws = [mail.raw for mail in sales_mailbox(arguments.few + arguments.runs * TAKEN_IN)]
    first, later = raws[: arguments.few], raws[arguments.few :]
    times = arguments.many // arguments.few
    with ExitStack() as servers:
        for name, places in stores_here(servers).items():
            with filled(places, first, 1) as few, filled(places, first, times) as many:
                spent = measure([few, many], later, arguments.runs)
                show(name.partition(", ")[2], [few.highest_uid, times * len(first)], spent)


if __name__ == "__main__":
    main()
