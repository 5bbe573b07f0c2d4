"""P1, P2, P12: the first sync of a mailbox of 10,000 mails, 14 KB each on average, from Dovecot into SQLite and PostgreSQL.

Ours is the command as a user types it: parsed, threaded, matched to 700 contacts, indexed for search, the raw mail
kept, durable. Beside it, in turn: imapflow with mailparser (fetches and parses, keeps nothing), mbsync and offlineimap
(keep files, parse nothing), and one FETCH read from a socket and thrown away, which is the limit. Each is checked after each run.
Prints name, ours, theirs, ratio (medians, and best against best: a busy neighbour only ever slows), the CPU time that a
mail took each, the memory of the daemon while it does the same, and whom this machine lacks.

    PYTHONPATH=build/compiled:.:tests python bench/sync_row.py [--messages 10000] [--runs 5]
    PYTHONPATH=build/compiled:.:tests python bench/sync_row.py --profile [--messages 5000]

`make compile` makes the parsers as an installation has them. The second prints no row, but what a mail costs us in each stage,
and the functions that cost most.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

from bench.sync.mailsync_run import Expected, Measured, mailsync, memory_of_daemon
from bench.sync.peers import Mailbox, Missing, imapflow_mailparser, mbsync, offlineimap, raw_socket
from bench.sync.sales_mailbox import Mail, sales_mailbox
from bench.sync.spending import Spent
from bench.sync.stages import show_stages
from bench.sync.stores import Place, postgres_place, sqlite_place
from servers.dovecot import Dovecot
from servers.postgres import Postgres
from servers.process import MissingServer

Peer = Callable[[Mailbox], Spent]
PEERS: dict[str, Peer] = {
    "imapflow + mailparser": imapflow_mailparser,
    "mbsync": mbsync,
    "offlineimap": offlineimap,
    "raw socket (the limit)": raw_socket,
}
Places = Callable[[Path], AbstractContextManager[Place]]
SQLITE, POSTGRESQL = "P1 first sync, SQLite", "P2 first sync, PostgreSQL"
MEMORY_MEGABYTES = 350


def filled(server: Dovecot, mails: Sequence[Mail]) -> Mailbox:
    """The mails on the server; read once by a socket, so that nobody has to wait for Dovecot to index them."""
    user = server.new_user()
    server.fill(user, (mail.raw for mail in mails))
    octets, files = sum(len(mail.raw) for mail in mails), sum(mail.files for mail in mails)
    mailbox = Mailbox(server, user, len(mails), octets, files)
    raw_socket(mailbox)
    return mailbox


def available(mailbox: Mailbox) -> dict[str, Peer]:
    """The peers that this machine has, tried once without being timed; says which it left out."""
    found: dict[str, Peer] = {}
    for name, peer in PEERS.items():
        try:
            peer(mailbox)
            found[name] = peer
        except Missing as missing:
            print(f"P1, P2: {name} left out, {missing}")
    return found


def measure(
    mailbox: Mailbox, expected: Expected, stores: dict[str, Places], runs: int
) -> tuple[dict[str, list[Measured]], dict[str, list[Spent]]]:
    """Everybody in turn, so often; what one left to be written to disk is written before the next begins."""
    peers = available(mailbox)
    ours: dict[str, list[Measured]] = {name: [] for name in stores}
    theirs: dict[str, list[Spent]] = {name: [] for name in peers}
    for _ in range(runs):
        for name, peer in peers.items():
            os.sync()
            theirs[name].append(peer(mailbox))
        for name, places in stores.items():
            os.sync()
            with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory, places(Path(directory)) as place:
                ours[name].append(mailsync(mailbox, expected, place))
    return ours, theirs


def show(mails: int, row: str, ours: list[Measured], theirs: dict[str, list[Spent]]) -> None:
    """Three lines a peer, and one of what is ours alone."""
    mine = [run.work for run in ours]
    middle, best, cpu = *rates(mails, mine), median_cpu(mails, mine)
    for name, spent in theirs.items():
        its_middle, its_best = rates(mails, spent)
        print(f"{row}  ours {middle:,.0f}/s  {name} {its_middle:,.0f}/s  ratio {middle / its_middle:.2f}")
        print(f"{row}, best run  ours {best:,.0f}/s  {name} {its_best:,.0f}/s  ratio {best / its_best:.2f}")
        print(f"{row}, CPU a mail  ours {cpu:,.0f} µs  {name} {median_cpu(mails, spent):,.0f} µs")
    around = statistics.median(run.around_seconds for run in ours)
    stored = ours[-1].stored_megabytes
    parsers = "compiled" if ours[-1].compiled else "as sources: run make compile, and put build/compiled first"
    print(f"{row}  start and end of the command {around:.1f} s, on disk {stored:,.0f} MB, our parsers {parsers}")


def show_memory(mailbox: Mailbox, expected: Expected, stores: dict[str, Places]) -> None:
    """The daemon's, with its console and all roles."""
    for row, places in stores.items():
        with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory, places(Path(directory)) as place:
            memory = memory_of_daemon(mailbox, expected, place)
        print(f"P12 during {row}  all processes {memory:,.0f} MB  at most {MEMORY_MEGABYTES} MB")


def rates(mails: int, spent: Sequence[Spent]) -> tuple[float, float]:
    """Mails a second: the median run and the best."""
    seconds = [one.seconds for one in spent]
    return mails / statistics.median(seconds), mails / min(seconds)


def median_cpu(mails: int, spent: Sequence[Spent]) -> float:
    """Microseconds of CPU a mail."""
    return statistics.median(one.cpu for one in spent) / mails * 1e6


def main() -> None:
    """Read the options, fill the server, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    mails = list(sales_mailbox(arguments.messages))
    try:
        # Compressed, a loopback costs everybody who can more than it gains: it is for lines.
        with Dovecot(without=["COMPRESS=DEFLATE"]) as server, ExitStack() as stack:
            mailbox = filled(server, mails)
            if arguments.profile:
                show_stages(mailbox)
                return
            expected, stores = Expected.of(mails), stores_here(stack)
            ours, theirs = measure(mailbox, expected, stores, arguments.runs)
            show_memory(mailbox, expected, stores)
    except MissingServer:
        print("P1, P2 left out: dovecot is not installed (run tools/install-test-servers)")
        return
    for row, runs in ours.items():
        show(len(mails), row, runs, theirs)
    if POSTGRESQL in ours:
        first, second = (rates(len(mails), [run.work for run in ours[row]])[0] for row in (SQLITE, POSTGRESQL))
        print(f"{POSTGRESQL}  ours {second:,.0f}/s  ours into SQLite {first:,.0f}/s  ratio {second / first:.2f}")


def stores_here(stack: ExitStack) -> dict[str, Places]:
    """SQLite, and PostgreSQL where this machine has it."""
    stores: dict[str, Places] = {SQLITE: sqlite_place}
    try:
        stores[POSTGRESQL] = partial(postgres_place, stack.enter_context(Postgres(durable=True)))
    except MissingServer:
        print(f"{POSTGRESQL} left out: postgresql is not installed (run tools/install-test-servers)")
    return stores


if __name__ == "__main__":
    main()
