"""Pages of the CRM in a large store: 1,000,000 mails, 200,000 contacts, 50,000 deals and 50,000 leads, for three people.

    PYTHONPATH=.:tests .venv/bin/python bench/crm_pages_row.py --keep FOLDER [--postgresql] [--minutes 5]
        [--only stream] [--changes]

The store is filled straight through its tables, for at most so many minutes a run; it stays, and the next run goes on.
A quick form: `--messages 100000 --contacts 20000 --deals 5000 --leads 5000`; it is what is made where no folder is named.
`--changes`: records are changed instead, and every change is taken back; a unit of work may hold SQLite's writer for 50 ms.
Printed are times on the clock, CPU of ours (the asking client's among it) and of PostgreSQL, and statements a page.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.crm_pages.customers import Sizes
from bench.crm_pages.kept_store import kept_postgresql, kept_sqlite
from bench.crm_pages.seeding import CustomerSeeding
from bench.crm_pages.timed_changes import time_changes
from bench.crm_pages.timed_pages import Took, time_more, time_pages
from bench.reading_row import served
from bench.sync.stores import Place
from core.config import load_settings
from core.logging import configure_logging
from web.app import create_app
from web.services import Services

QUICK, FULL = (100_000, 20_000, 5_000, 5_000), (1_000_000, 200_000, 50_000, 50_000)
ROUNDS = 40
MINUTES = 5.0
TARGET, CHANGE_TARGET = 100.0, 50.0
"""Milliseconds at the 95th percentile: of a page, and of the unit of work of a change."""


def main() -> None:
    """Fill what is not there yet, then time the pages."""
    options = _options()
    configure_logging("warning", "auto")
    sizes = Sizes(options.messages, options.contacts, options.deals, options.leads)
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
        folder = options.keep or Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        if options.keep is None:
            folder.chmod(0o711)  # The database server runs as somebody else, who has to get through.
        places = {"PostgreSQL": kept_postgresql} if options.postgresql else {"SQLite": kept_sqlite}
        if options.keep is None:
            places = {"SQLite": kept_sqlite, "PostgreSQL": kept_postgresql}
        for database, kept in places.items():
            with kept(folder) as (place, server_id):
                if _filled(database, place, sizes, folder / f"{database}.cast", options):
                    (_show_changes if options.changes else _show)(database, place, sizes, options, server_id)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder that stays; used as it is if it holds the store")
    parser.add_argument("--postgresql", action="store_true", help="with --keep: in PostgreSQL, not in SQLite")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long a run may fill the store")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--changes", action="store_true", help="change records instead of reading pages")
    parser.add_argument("--only", default="", help="kinds of page, as a pattern")
    known, _ = parser.parse_known_args()
    for name, number in zip(("messages", "contacts", "deals", "leads"), FULL if known.keep else QUICK, strict=True):
        parser.add_argument(f"--{name}", type=int, default=number)
    return parser.parse_args()


def _filled(database: str, place: Place, sizes: Sizes, cast: Path, options: argparse.Namespace) -> bool:
    store = place.open()
    seeding = CustomerSeeding(store, sizes, cast)
    done = seeding.go_on(options.minutes * 60)
    print(f"{database}: {seeding.counts()}", flush=True)
    store.close()
    if not done:
        what_helps = "run it again" if options.keep else "name a folder with --keep, or give it more --minutes"
        print(f"The store is not full yet: {what_helps}.", flush=True)
    return done


def _show(database: str, place: Place, sizes: Sizes, options: argparse.Namespace, server_id: int | None) -> None:
    store = place.open()
    app = create_app(Services(store, load_settings(**place.settings)))
    missed = 0
    print(f"{database}, load {os.getloadavg()[0]:.1f}", flush=True)
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        found = _timed(client, sizes, options, server_id)
        for kind, took in found:
            missed += took.quantile(95) > TARGET
            print(_line(database, kind, took), flush=True)
    print(f"{database}, load {os.getloadavg()[0]:.1f}: {missed} kinds of page above {TARGET:.0f} ms at p95", flush=True)
    store.close()


def _show_changes(database: str, place: Place, sizes: Sizes, options: argparse.Namespace, _: int | None) -> None:
    store = place.open()
    missed = 0
    for kind, took in time_changes(store.database, sizes, options.rounds, options.only):
        p50, p95, most = took.quantile(50), took.quantile(95), max(took.clock)
        missed += p95 > CHANGE_TARGET
        print(
            f"CRM changes {database:10} {kind:28} p50 {p50:6.1f}   p95 {p95:6.1f}   most {most:6.1f} ms   "
            f"CPU {statistics.mean(took.cpu):5.1f} ms   {max(took.statements)} statements",
            flush=True,
        )
    print(
        f"{database}, load {os.getloadavg()[0]:.1f}: {missed} kinds of change above {CHANGE_TARGET:.0f} ms at p95",
        flush=True,
    )
    store.close()


def _timed(
    client: httpx.Client, sizes: Sizes, options: argparse.Namespace, server_id: int | None
) -> Iterator[tuple[str, Took]]:
    """All kinds of page, one after the other."""
    yield from time_pages(client, sizes, options.rounds, options.only, server_id)
    for kind, first in {
        "stream, all, further": "/stream?whose=all",
        "stream, mine, further": "/stream",
        "timeline, further": "/contacts/1",
        "contacts by name, further": "/contacts?order=name&tag=customer",
    }.items():
        if not options.only or options.only in kind:
            yield time_more(client, kind, first, 10, options.rounds, server_id)


def _line(database: str, kind: str, took: Took) -> str:
    p50, p95, p99 = (took.quantile(percent) for percent in (50, 95, 99))
    server = f" + {statistics.mean(took.server):5.1f}" if database == "PostgreSQL" else ""
    slow = f"   slowest {took.slowest[1]}" if p95 > TARGET else ""
    return (
        f"CRM pages {database:10} {kind:26} p50 {p50:7.1f}   p95 {p95:7.1f}   p99 {p99:7.1f} ms   "
        f"CPU {statistics.mean(took.cpu):6.1f}{server} ms   {max(took.statements)} statements{slow}"
    )


if __name__ == "__main__":
    main()
