"""P4: what 2,000 connected idle mailboxes cost one process: memory a mailbox, plain and with TLS, and CPU.

The daemon is the one that is typed, all roles in one process, on SQLite, with a Dovecot that has a user for each mailbox; a
mailbox has two connections, one in IDLE and one that asks about the other folders. Memory is the PSS of all processes of the
daemon after a collection of garbage, minus that of the same daemon without a mailbox; CPU is theirs too, over
some quiet minutes. Checked: every mailbox live, two connections each, all the time.

    PYTHONPATH=.:tests python bench/idle_row.py [--mailboxes 2000] [--quiet-minutes 2]
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench.sync.spending import demand
from bench.sync.stores import data_place
from bench.watching.daemon import Daemon
from bench.watching.office import connect_all, new_users, open_office
from bench.watching.states import all_are_live, wait_until_idle
from core.logging import configure_logging
from mailsync.imap.server import Security
from servers.dovecot import Dovecot, raise_watch_limit
from servers.process import MissingServer

CONNECTIONS_EACH = 2
MOST_KILOBYTES = {Security.NONE: 300, Security.TLS: 700}
MOST_CPU = 10
"""Percent of a core."""
LIMITS = "default_client_limit = 20000\n"
"""Of Dovecot's services among each other: each of its processes talks to some of them."""
START_SECONDS = 20.0
"""For a daemon that has nothing to do, to be done with starting."""


def main() -> None:
    """Read the options, measure without a mailbox and with all, plain and with TLS."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mailboxes", type=int, default=2000)
    parser.add_argument("--quiet-minutes", type=float, default=2.0)
    parser.add_argument("--only", choices=[security.value for security in MOST_KILOBYTES])
    arguments = parser.parse_args()
    configure_logging("warning", "auto")
    if not raise_watch_limit(2 * CONNECTIONS_EACH * arguments.mailboxes):
        print("P4: fs.inotify.max_user_instances could not be raised, so Dovecot looks for mail once a second")
    try:
        for security in MOST_KILOBYTES:
            if arguments.only in (None, security.value):
                with (
                    Dovecot(settings=LIMITS) as server,
                    tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory,
                ):
                    measure(server, Path(directory), security, arguments.mailboxes, arguments.quiet_minutes)
    except MissingServer:
        print("P4 left out: dovecot is not installed (run tools/install-test-servers)")


def measure(server: Dovecot, directory: Path, security: Security, mailboxes: int, quiet_minutes: float) -> None:
    """One row of each: memory, and CPU."""
    trusted = {"SSL_CERT_FILE": str(server.tls.authority_file)}
    place, log = data_place(directory), directory / "daemon.log"
    port = server.tls_port if security is Security.TLS else server.port
    open_office(place)
    with Daemon(place.environment | trusted, log) as daemon:
        time.sleep(START_SECONDS)
        alone = daemon.held_kilobytes()
    users = new_users(server, mailboxes)
    connect_all(place, users, server, port, security)
    with Daemon(place.environment | trusted, log) as daemon:
        began = time.monotonic()

        def all_idle() -> bool:
            return daemon.connections_to(port) == CONNECTIONS_EACH * mailboxes and all_are_live(place, mailboxes)

        daemon.wait_until(all_idle, "IDLE in every mailbox")
        connected = time.monotonic() - began
        wait_until_idle(daemon, place)
        spent = daemon.cpu_seconds()
        time.sleep(quiet_minutes * 60)
        share = (daemon.cpu_seconds() - spent) / quiet_minutes / 60 * 100
        demand(all_idle(), f"not all mailboxes stayed connected: {log.read_text()[-2000:]}")
        each = (daemon.held_kilobytes() - alone) / mailboxes
    row = f"P4 {mailboxes} idle mailboxes, {security.value}"
    print(f"{row}  {each:.0f} KB each  at most {MOST_KILOBYTES[security]}  (alone {alone / 1024:.0f} MB)")
    print(f"{row}  {share:.1f} % of a core  at most {MOST_CPU}  (all connected after {connected:.0f} s)")


if __name__ == "__main__":
    main()
