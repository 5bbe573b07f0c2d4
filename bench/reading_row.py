"""P6, reading: what pages cost in a store of many messages, by three readers with different rights.

    PYTHONPATH=.:tests .venv/bin/python bench/reading_row.py --messages 1000000 [--postgresql] [--keep FOLDER]

The store is seeded straight through its tables, and removed at the end unless `--keep` names where it is to stay.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from bench.reading.seeding import Seeding
from bench.reading.timed_pages import time_pages
from bench.sync.spending import demand
from bench.sync.stores import Place, postgres_place, sqlite_place
from core.config import load_settings
from core.logging import configure_logging
from servers.postgres import Postgres
from web.app import create_app
from web.services import Services

MESSAGES = 100_000
ROUNDS = 15


def main() -> None:
    """Seed where nothing is yet, then time the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--postgresql", action="store_true", help="in a PostgreSQL of its own, not in SQLite")
    parser.add_argument("--keep", type=Path, help="a folder for SQLite that stays; used as it is if it holds a store")
    options = parser.parse_args()
    configure_logging("warning", "auto")
    with _place(options.keep, postgresql=options.postgresql) as (place, filled):
        if not filled:
            _seed(place, options.messages)
        _show(place, options.rounds)


@contextmanager
def _place(keep: Path | None, *, postgresql: bool) -> Iterator[tuple[Place, bool]]:
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
        if postgresql:
            with Postgres(durable=True) as server, postgres_place(server, Path(directory)) as place:
                yield place, False
        else:
            folder = keep or Path(directory)
            filled = (folder / "mailsync.db").exists()
            with sqlite_place(folder) as place:
                yield place, filled


def _seed(place: Place, messages: int) -> None:
    started = time.monotonic()
    store = place.open()
    Seeding(store, messages).run()
    store.close()
    megabytes = place.stored_bytes() / 2**20
    print(f"P6 seeded {messages:,} messages in {time.monotonic() - started:.0f} s, {megabytes:,.0f} MB", flush=True)


def _show(place: Place, rounds: int) -> None:
    store = place.open()
    app = create_app(Services(store, load_settings(**place.settings)))
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        for timed in time_pages(client, rounds):
            print(
                f"P6 {timed.reader:14} {timed.page:24} median {timed.median:7.1f} ms   p95 {timed.p95:7.1f} ms   "
                f"CPU {timed.cpu:6.1f} ms   {timed.lines} lines",
                flush=True,
            )
    store.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The console on a free port; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        demand(thread.is_alive(), "The console did not start.")
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


if __name__ == "__main__":
    main()
