"""P5: a pass in which nothing changed, over 200 folders that hold 10,000 mails together, beside mbsync's, in turn.

Ours is `mailsync sync --once` as it is typed, timed from logged in to up to date, with start and end of the command told
apart; theirs is the whole of `mbsync all`. A recording proxy stands before the server for both and counts commands.
Twice: a server with CONDSTORE and LIST-STATUS, and one without either. Afterwards one mail is dropped
into one of the folders, and both must bring it: a pass that looks at nothing would be the fastest.

    PYTHONPATH=.:tests python bench/nochange_row.py [--folders 200] [--mails 10000] [--runs 5]
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sync.spending import demand
from bench.sync.stores import data_place
from bench.watching.office import connect_all, mail, open_office
from bench.watching.passes import Mailsync, Mbsync, Run
from bench.watching.wire import Wire
from core.logging import configure_logging
from mailsync.imap.server import Security
from servers.dovecot import Dovecot
from servers.process import MissingServer

SERVERS = {
    "CONDSTORE and LIST-STATUS": ("COMPRESS=DEFLATE",),
    "neither": ("COMPRESS=DEFLATE", "CONDSTORE", "QRESYNC", "LIST-STATUS"),
}
MOST_COMMANDS = 3
"""Of a folder."""


def main() -> None:
    """Read the options, measure on both servers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=int, default=200)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    configure_logging("warning", "auto")
    if shutil.which("mbsync") is None:
        print("P5: mbsync left out, mbsync (Debian's isync) is not installed")
    try:
        for name, without in SERVERS.items():
            with Dovecot(without=without) as server, tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
                measure(name, server, Path(directory), arguments)
    except MissingServer:
        print("P5 left out: dovecot is not installed (run tools/install-test-servers)")


@contextmanager
def both(server: Dovecot, directory: Path, user: str) -> Iterator[tuple[Mailsync, Mbsync | None]]:
    """Ours and theirs before the same proxy, with everything brought over."""
    place = data_place(directory / "ours")
    with Wire(server.host, server.port) as wire:
        open_office(place)
        connect_all(place, [user], server, wire.port, Security.NONE)
        ours = Mailsync(place, wire)
        theirs = Mbsync(server, wire, user, directory / "theirs") if shutil.which("mbsync") else None
        yield ours, theirs


def measure(name: str, server: Dovecot, directory: Path, arguments: argparse.Namespace) -> None:
    """One server: filled, brought over, and then nothing changes."""
    user, mails, folders = server.new_user(), arguments.mails, arguments.folders
    named = [f"Folder {number:03}" for number in range(folders - 1)] + ["INBOX"]
    for index, folder in enumerate(named):
        server.fill(user, (mail(user, number) for number in range(index, mails, folders)), folder)
    with both(server, directory, user) as (ours, theirs):
        peers = [ours] if theirs is None else [ours, theirs]
        for each in (*peers, *peers):  # Twice, so that the second finds nothing any more.
            each.sync()
            demand(each.stored() == mails, f"{each.stored()} mails of {mails} were brought over")
        runs = [[each.sync() for each in peers] for _ in range(arguments.runs)]
        server.deliver(user, mail(user, mails), named[folders // 2])
        for each in peers:
            each.sync()
            demand(each.stored() == mails + 1, "a new mail was overlooked")
    show(f"P5 nothing new in {folders} folders, {name}", folders, runs)


def show(row: str, folders: int, runs: list[list[Run]]) -> None:
    """Commands of a folder, then ours, theirs, ratio of the times."""
    ours = [run[0] for run in runs]
    seconds, whole = (statistics.median(getattr(run, what) for run in ours) for what in ("seconds", "whole"))
    print(f"{row}  commands a folder {ours[-1].commands / folders:.2f}  at most {MOST_COMMANDS}")
    print(f"{row}  ours {seconds:.2f} s  start and end of the command {whole - seconds:.2f} s")
    if len(runs[0]) > 1:
        theirs = [run[1] for run in runs]
        its = statistics.median(run.whole for run in theirs)
        print(f"{row}  ours {seconds:.2f} s  mbsync {its:.2f} s  ratio {seconds / its:.2f}")
        print(f"{row}  mbsync's commands a folder {theirs[-1].commands / folders:.2f}")


if __name__ == "__main__":
    main()
