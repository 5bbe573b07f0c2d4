"""P3: new mail, from the server's `* EXISTS` on the wire to visible through the API, while many mailboxes are idle.

The daemon is the one that is typed, with 500 mailboxes of a Dovecot; a recording proxy stands between the two and
stamps what comes over the wire. First it counts the commands of some quiet minutes. Then mails are dropped into the
mailboxes, one after the other in random ones, as an MTA would; each counts from the first `* n EXISTS` that tells of it until
`GET /api/v1/threads` shows its subject. Dovecot itself waits half a second before it tells, which is not counted, and told apart.

    PYTHONPATH=.:tests python bench/latency_row.py [--mailboxes 500] [--mails 300] [--quiet-minutes 5]
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.sync.spending import demand
from bench.sync.stores import data_place
from bench.watching.daemon import Daemon
from bench.watching.office import connect_all, mail, new_users, open_office, subject
from bench.watching.states import all_are_live, wait_until_idle
from bench.watching.wire import Wire
from core.logging import configure_logging
from mailsync.imap.server import Security
from servers.dovecot import Dovecot, raise_watch_limit
from servers.process import MissingServer

LOOK_SECONDS = 0.008
PATIENCE = 120.0
PAUSE = (0.05, 0.35)
"""Seconds between two mails."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One mail: from dropped to told on the wire, and from there to visible. Seconds."""

    told: float
    visible: float


class Office:
    """The mailboxes, with what is needed to drop a mail into one and to see it."""

    def __init__(self, server: Dovecot, wire: Wire, users: list[str], client: httpx.Client) -> None:
        self._server, self._wire, self._users, self._client = server, wire, users, client
        self._held = dict.fromkeys(users, 1)

    def drop(self, number: int) -> Seen:
        """One mail into any mailbox; waits until it is seen."""
        index = random.randrange(len(self._users))
        user = self._users[index]
        self._held[user] += 1
        dropped = time.monotonic()
        self._server.deliver(user, mail(user, number))
        while (told := self._wire.told_at(user, self._held[user], dropped)) is None:
            demand(time.monotonic() - dropped < PATIENCE, "the server told nothing of a mail")
            time.sleep(LOOK_SECONDS / 4)
        while not self._shows(index + 1, number):
            demand(time.monotonic() - told < PATIENCE, "a mail did not become visible")
            time.sleep(LOOK_SECONDS)
        return Seen(told - dropped, time.monotonic() - told)

    def _shows(self, mailbox_id: int, number: int) -> bool:
        answer = self._client.get("/api/v1/threads", params={"mailbox_id": mailbox_id, "limit": 1})
        answer.raise_for_status()
        items = answer.json()["items"]
        return bool(items) and items[0]["subject"] == subject(number)


def commands_a_minute(wire: Wire, mailboxes: int, minutes: float) -> float:
    """Each command that the daemon sends in so many quiet minutes, by name, for one mailbox."""
    wire.commands.clear()
    time.sleep(minutes * 60)
    counted = {name: count / mailboxes / minutes for name, count in wire.commands.most_common()}
    print("P3 of these: ", ", ".join(f"{name} {rate:.3f}" for name, rate in counted.items()))
    return sum(counted.values())


def main() -> None:
    """Read the options, start everything, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mailboxes", type=int, default=500)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--quiet-minutes", type=float, default=5.0)
    arguments = parser.parse_args()
    configure_logging("warning", "auto")
    sys.setswitchinterval(0.0005)  # Else the proxy, a thread of ours, waits for who looks, and the mail with it.
    if not raise_watch_limit(4 * arguments.mailboxes):
        print("P3: fs.inotify.max_user_instances could not be raised, so Dovecot looks for mail once a second")
    try:
        with Dovecot(without=["COMPRESS=DEFLATE"]) as server, tempfile.TemporaryDirectory() as directory:
            measure(server, Path(directory), arguments)
    except MissingServer:
        print("P3 left out: dovecot is not installed (run tools/install-test-servers)")


def measure(server: Dovecot, directory: Path, arguments: argparse.Namespace) -> None:
    """One daemon: quiet minutes, then mail."""
    users, place = new_users(server, arguments.mailboxes), data_place(directory)
    with Wire(server.host, server.port) as wire:
        token = open_office(place)
        connect_all(place, users, server, wire.port, Security.NONE)
        log = directory / "daemon.log"
        with Daemon(place.environment, log) as daemon:
            began = time.monotonic()
            daemon.wait_until(lambda: all_are_live(place, len(users)), "the first pass of every mailbox")
            daemon.wait_until(lambda: wire.connections == 2 * len(users), "IDLE in every mailbox")
            print(f"P3: {len(users)} mailboxes connected in {time.monotonic() - began:.0f} s")
            wait_until_idle(daemon, place)
            commands = commands_a_minute(wire, len(users), arguments.quiet_minutes)
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=daemon.address, headers=headers, timeout=PATIENCE) as client:
                office = Office(server, wire, users, client)
                seen = []
                for number in range(1, arguments.mails + 1):
                    seen.append(office.drop(number))
                    time.sleep(random.uniform(*PAUSE))
    show(len(users), seen, commands)


def show(mailboxes: int, seen: list[Seen], commands: float) -> None:
    """The row."""
    visible = sorted(one.visible for one in seen)
    cuts = statistics.quantiles(visible, n=100, method="inclusive")
    told = statistics.median(one.told for one in seen)
    print(
        f"P3 new mail, {mailboxes} idle mailboxes, {len(seen)} mails  p50 {cuts[49] * 1e3:.0f} ms (at most 100)  "
        f"p99 {cuts[98] * 1e3:.0f} ms (at most 500)  worst {visible[-1] * 1e3:.0f} ms  "
        f"before that the server took {told * 1e3:.0f} ms"
    )
    print(f"P3 commands a minute and idle mailbox  {commands:.2f}  at most 1")


if __name__ == "__main__":
    main()
