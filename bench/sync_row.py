"""P1: the first sync of a mailbox of 10,000 mails, 15 KB each on average, from Dovecot into SQLite.

Ours is the command as a user types it: parsed, threaded, matched to 700 contacts, indexed for search, the raw mail
kept, durable. Beside it, in turn: imapflow with mailparser (fetches and parses, keeps nothing), mbsync (keeps files,
parses nothing), and one FETCH read from a socket and thrown away, which is the limit. Each is checked after each run.
Prints name, ours, theirs, ratio (medians), and the peers that this machine lacks.

    PYTHONPATH=.:tests python bench/sync_row.py [--messages 10000] [--runs 5] [--profile]

`--profile` adds the CPU time a mail costs us, stage by stage.
"""

import argparse
import os
import statistics
from collections.abc import Callable, Sequence

from bench.sync.mailsync_run import Expected, Measured, mailsync
from bench.sync.peers import Mailbox, Missing, imapflow_mailparser, mbsync, raw_socket
from bench.sync.sales_mailbox import Mail, sales_mailbox
from servers.dovecot import Dovecot
from servers.process import MissingServer

Peer = Callable[[Mailbox], float]
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


def measure(mailbox: Mailbox, expected: Expected, runs: int) -> tuple[list[Measured], dict[str, list[float]]]:
    """Everybody in turn, so often; what one left to be written to disk is written before the next begins."""
    peers = available(mailbox)
    ours: list[Measured] = []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(runs):
        for name, peer in peers.items():
            os.sync()
            theirs[name].append(peer(mailbox))
        os.sync()
        ours.append(mailsync(mailbox, expected))
    return ours, theirs


def show(mails: int, ours: list[Measured], theirs: dict[str, list[float]]) -> None:
    """One line a peer, and what is ours alone."""
    rates = [mails / run.work for run in ours]
    rate = statistics.median(rates)
    for name, seconds in theirs.items():
        base = [mails / one for one in seconds]
        middle = statistics.median(base)
        print(f"{ROW}  ours {rate:,.0f}/s  {name} {middle:,.0f}/s ({spread(base)})  ratio {rate / middle:.2f}")
    start = statistics.median(run.command - run.work for run in ours)
    memory = max(run.megabytes for run in ours)
    print(
        f"{ROW}  ours {spread(rates)}/s, start and end of the command {start:.1f} s more, "
        f"peak memory {memory:,.0f} MB, on disk {ours[-1].stored_megabytes:,.0f} MB"
    )


def show_stages(mails: int, ours: list[Measured]) -> None:
    """CPU time a mail costs, in microseconds."""
    stages = {
        "prepare (parse, compress, hash)": [run.prepare for run in ours],
        "take in (read, decide, write)": [run.take_in for run in ours],
        "fetch and the rest": [run.cpu - run.prepare - run.take_in for run in ours],
        "all": [run.cpu for run in ours],
    }
    for name, seconds in stages.items():
        print(f"{ROW}  {name}: {statistics.median(seconds) / mails * 1e6:,.0f} µs of CPU a mail")


def spread(numbers: Sequence[float]) -> str:
    """The least and the most of them."""
    return f"{min(numbers):,.0f} to {max(numbers):,.0f}"


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
            ours, theirs = measure(filled(server, mails), Expected.of(mails), arguments.runs)
    except MissingServer:
        print("P1 left out: dovecot is not installed (run tools/install-test-servers)")
        return
    show(len(mails), ours, theirs)
    if arguments.profile:
        show_stages(len(mails), ours)


if __name__ == "__main__":
    main()
