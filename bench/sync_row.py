"""P1: the first sync of a mailbox of 10,000 mails, 14 KB each on average, from Dovecot into SQLite.

Ours is the command as a user types it: parsed, threaded, matched to 700 contacts, indexed for search, the raw mail
kept, durable. Beside it, in turn: imapflow with mailparser (fetches and parses, keeps nothing), mbsync (keeps files,
parses nothing), and one FETCH read from a socket and thrown away, which is the limit. Each is checked after each run.
Prints name, ours, theirs, ratio (medians, and best against best: a busy neighbour only ever slows), the CPU time that a
mail took each, and the peers that this machine lacks.

    PYTHONPATH=.:tests python bench/sync_row.py [--messages 10000] [--runs 5]
    PYTHONPATH=.:tests python bench/sync_row.py --profile [--messages 5000]

The second prints no row, but what a mail costs us in each stage, and the functions that cost most.
"""

import argparse
import os
import statistics
from collections.abc import Callable, Sequence

from bench.sync.mailsync_run import Expected, Measured, mailsync
from bench.sync.peers import Mailbox, Missing, imapflow_mailparser, mbsync, raw_socket
from bench.sync.sales_mailbox import Mail, sales_mailbox
from bench.sync.spending import Spent
from bench.sync.stages import show_stages
from servers.dovecot import Dovecot
from servers.process import MissingServer

Peer = Callable[[Mailbox], Spent]
PEERS: dict[str, Peer] = {
    "imapflow + mailparser": imapflow_mailparser,
    "mbsync": mbsync,
    "raw socket (the limit)": raw_socket,
}
ROW = "P1 first sync, SQLite, 1 process"


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
            print(f"{ROW}: {name} left out, {missing}")
    return found


def measure(mailbox: Mailbox, expected: Expected, runs: int) -> tuple[list[Measured], dict[str, list[Spent]]]:
    """Everybody in turn, so often; what one left to be written to disk is written before the next begins."""
    peers = available(mailbox)
    ours: list[Measured] = []
    theirs: dict[str, list[Spent]] = {name: [] for name in peers}
    for _ in range(runs):
        for name, peer in peers.items():
            os.sync()
            theirs[name].append(peer(mailbox))
        os.sync()
        ours.append(mailsync(mailbox, expected))
    return ours, theirs


def show(mails: int, ours: list[Measured], theirs: dict[str, list[Spent]]) -> None:
    """Three lines a peer, and one of what is ours alone."""
    mine = [run.work for run in ours]
    middle, best, cpu = *rates(mails, mine), median_cpu(mails, mine)
    for name, spent in theirs.items():
        its_middle, its_best = rates(mails, spent)
        print(f"{ROW}  ours {middle:,.0f}/s  {name} {its_middle:,.0f}/s  ratio {middle / its_middle:.2f}")
        print(f"{ROW}, best run  ours {best:,.0f}/s  {name} {its_best:,.0f}/s  ratio {best / its_best:.2f}")
        print(f"{ROW}, CPU a mail  ours {cpu:,.0f} µs  {name} {median_cpu(mails, spent):,.0f} µs")
    around = statistics.median(run.around_seconds for run in ours)
    memory, stored = max(run.megabytes for run in ours), ours[-1].stored_megabytes
    print(f"{ROW}  start and end of the command {around:.1f} s, peak memory {memory:,.0f} MB, on disk {stored:,.0f} MB")


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
        with Dovecot() as server:
            mailbox = filled(server, mails)
            if arguments.profile:
                show_stages(mailbox)
            else:
                show(len(mails), *measure(mailbox, Expected.of(mails), arguments.runs))
    except MissingServer:
        print("P1 left out: dovecot is not installed (run tools/install-test-servers)")


if __name__ == "__main__":
    main()
