"""P8 with its ledger: a whole campaign beside postfix's smtp-source, both to smtp-sink on loopback, in turn.

Ours: the `send` role as the daemon plays it, in one process, on SQLite with every attempt and every result durable
(`synchronous=FULL`), a personalised mail with ten tracked links. Theirs: the same size again and again, nothing kept.
Refused unless the report says that everybody was sent to. Prints name, ours, theirs, ratio (medians).

    python bench/campaign_row.py [--mails 50000] [--rounds 3] [--connections 20]
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from campaigns import audience, commands
from campaigns.repository import campaigns
from core.clock import utcnow
from core.config import load_settings
from core.logging import configure_logging
from seeds.campaign import NAME, SYSTEM, finished, seed_campaign, send_until
from servers.smtp_sink import SmtpSink
from storage.store import open_store

PARAGRAPH = "Spring has come to our workshop, and with it a new range of tables made to measure. " * 5
HTML = (
    "<html><body><p>Dear {{ contact.first_name | default: 'friend' }}</p>"
    + "".join(f'<p>{PARAGRAPH}</p><a href="https://shop.example/{number}">more</a>' for number in range(10))
    + '<a href="{{ unsubscribe_url }}">Unsubscribe</a></body></html>'
)
TEXT = (
    f"Dear {{{{ contact.first_name | default: 'friend' }}}},\n\n{PARAGRAPH}\n\nUnsubscribe: {{{{ unsubscribe_url }}}}\n"
)
SIZE = 7_000


def ours(mails: int, connections: int) -> float:
    """Mails a second from the first claim to the finished campaign; the audience is frozen before."""
    with tempfile.TemporaryDirectory() as folder, SmtpSink() as sink:
        settings = load_settings(
            data_dir=Path(folder),
            allow_private_hosts=True,
            base_url="https://t.example",
            send_connections=connections,
        )
        store = open_store(settings)
        addresses = [f"person{number}@example.net" for number in range(mails)]
        draft = seed_campaign(store, settings, sink.port, addresses, HTML, TEXT)
        commands.start(store, settings, SYSTEM, NAME)
        audience.prepare(store, settings, draft.campaign_id)
        started = utcnow()
        found = uvloop.run(send_until(store, settings, NAME, finished, seconds=600, every=0.5))
        with store.database.reading() as session:
            ended = campaigns.campaign_by_name(session, SYSTEM, NAME).finished_at or started
        took = (ended - started).total_seconds()
        store.close()
    if found.sent != mails:
        raise SystemExit(f"only {found.sent} of {mails} were sent")
    return mails / took


def theirs(program: str, mails: int, connections: int) -> float:
    """smtp-source, mails a second, connections kept."""
    with SmtpSink() as sink:
        command = [program, "-d", "-s", str(connections), "-m", str(mails), "-l", str(SIZE)]
        envelope = ["-f", "bounces@example.org", "-t", "person@example.net", f"127.0.0.1:{sink.port}"]
        started = time.perf_counter()
        subprocess.run([*command, *envelope], check=True)
        return mails / (time.perf_counter() - started)


def main() -> None:
    """Read the options, find the peer, measure in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=20)
    arguments = parser.parse_args()
    configure_logging("warning", "json")
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/lib/postfix/sbin:/usr/bin")
    if program is None:
        print("P8 left out: smtp-source (Debian's postfix) is not installed")
        return
    pairs = [
        (theirs(program, arguments.mails, arguments.connections), ours(arguments.mails, arguments.connections))
        for _ in range(arguments.rounds)
    ]
    base, rate = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"P8 with ledger, 1 process  ours {rate:,.0f}/s  smtp-source {base:,.0f}/s  ratio {rate / base:.2f}")


if __name__ == "__main__":
    main()
