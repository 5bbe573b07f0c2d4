"""P8 and P9: how fast a campaign leaves, beside postfix's smtp-source, both to smtp-sink on loopback, in turn.

Ours: a compiled campaign (text, HTML, ten tracked links, one signed token a person), filled and signed per recipient,
over one `SendPool` in one process. Theirs: the same bytes again and again, without anything personal. Both must have
delivered every mail, by the sink's own count, or the row is refused. Prints name, ours, theirs, ratio (medians).

With `--round-trip 0.05` (P9; take 100 connections) a relay in a process of its own holds every byte back for half of
that on its way.

    python bench/send_row.py [--mails 50000] [--rounds 3] [--connections 20] [--threads 2] [--round-trip SECONDS]
"""

import argparse
import asyncio
import multiprocessing
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import uvloop
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from typing_extensions import override

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.crypto import KeyRing
from delivery.compiled import CampaignMail, CompiledCampaign, Recipient, Slot, compile_campaign
from delivery.dkim import Signer
from delivery.envelope import Envelope
from delivery.header_text import Mailbox
from delivery.links import Tracking, track
from delivery.message_ids import MessageIds
from delivery.outcome import Outcome, Result
from delivery.pipelined import PreparedMail
from delivery.pool import SendPool
from delivery.preparing import CHUNK, in_threads
from delivery.servers import Security, SmtpServer
from delivery.tokens import TokenCodec

PORT = 25_925
RELAY_PORT = 25_926
SINK_COUNT = re.compile(rb"mesg=(\d+)")
PARAGRAPH = "Spring has come to our workshop, and with it a new range of tables made to measure. " * 5


class Workload:
    """One campaign for so many people, and how each mail of it is made."""

    def __init__(self, mails: int, signers: Sequence[Signer]) -> None:
        keyring = KeyRing({"1": bytes(32)}, "1")
        self.mails = mails
        self.campaign = compiled()
        self._signers = signers
        self._clicks = TokenCodec(keyring, "click")
        self._unsubscribe = TokenCodec(keyring, "unsubscribe")
        self._ids = MessageIds(keyring)

    def make(self, numbers: Sequence[int]) -> list[PreparedMail]:
        now = datetime.now(UTC)
        return [self._one(number, now) for number in numbers]

    def _one(self, number: int, now: datetime) -> PreparedMail:
        address = f"person{number}@example.net"
        values = {
            "name": f"Person {number}",
            "click_token": self._clicks.make(7, number),
            "unsubscribe_token": self._unsubscribe.make(7, number),
        }
        recipient = Recipient(Mailbox(address, f"Person {number}"), self._ids.make(number, "example.org"), values)
        message = self.campaign.fill(recipient, now, self._signers)
        return PreparedMail(number, Envelope("bounces@example.org", (address,)), message, clean=True)

    async def stream(self, threads: int) -> AsyncIterator[PreparedMail]:
        """All mails; RSA signs in threads, the rest is too quick for them."""
        slow = any(isinstance(signer.key, rsa.RSAPrivateKey) for signer in self._signers)
        async for made in in_threads(self._chunks(), self.make, threads if slow else 0):
            for mail in made:
                yield mail

    async def _chunks(self) -> AsyncIterator[Sequence[int]]:
        for start in range(0, self.mails, CHUNK):
            yield range(start, min(start + CHUNK, self.mails))


def compiled() -> CompiledCampaign:
    """A newsletter of some 7 KB with ten links."""
    name = Slot("name")
    html: list[str | Slot] = ["<html><body><p>Dear ", name, "</p>"]
    html += [f'<p>{PARAGRAPH}</p><a href="https://shop.example/{number}">more</a>' for number in range(10)]
    html.append("</body></html>")
    text: list[str | Slot] = ["Dear ", name, f",\n\n{PARAGRAPH}\n\nhttps://shop.example/0\n"]
    tracked = track(html, text, Tracking("https://t.example"))
    return compile_campaign(
        CampaignMail(
            from_=Mailbox("news@example.org", "Workshop"),
            subject=["Spring, ", name],
            text=tracked.text,
            html=tracked.html,
            unsubscribe_url=["https://t.example/u/", Slot("unsubscribe_token")],
            list_id="news.example.org",
            feedback_id="7:news:mailsync",
        )
    )


class Relay(asyncio.Protocol):
    """One side of a connection that passes on what comes, `delay` seconds later."""

    def __init__(self, delay: float, opened_by: "Relay | None" = None) -> None:
        self._delay = delay
        self._near = opened_by is None
        self._peer = opened_by or Relay(delay, self)
        self._early: list[bytes] = []
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._near:
            loop = asyncio.get_running_loop()
            self._opening = loop.create_task(loop.create_connection(lambda: self._peer, "127.0.0.1", PORT))
        else:
            for data in self._early:
                self._transport.write(data)

    @override
    def data_received(self, data: bytes) -> None:
        asyncio.get_running_loop().call_later(self._delay, self._peer.write, data)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        asyncio.get_running_loop().call_later(self._delay, self._peer.close)

    def write(self, data: bytes) -> None:
        """Send, or keep it until there is a connection."""
        if self._transport is None:
            self._early.append(data)
        elif not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """End this side too."""
        if self._transport is not None:
            self._transport.close()


def relay(delay: float) -> None:
    """Run a relay in front of the sink until killed."""

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Relay(delay), "127.0.0.1", RELAY_PORT)
        await server.serve_forever()

    uvloop.run(serve())


@contextmanager
def far_away(round_trip: float) -> Iterator[int]:
    """The port to send to, so that a round trip takes so long."""
    if not round_trip:
        yield PORT
        return
    process = multiprocessing.get_context("spawn").Process(target=relay, args=(round_trip / 2,), daemon=True)
    process.start()
    try:
        wait_for_port(RELAY_PORT)
        yield RELAY_PORT
    finally:
        process.kill()
        process.join()


@contextmanager
def sink(program: str, expected: int) -> Iterator[None]:
    """A fresh smtp-sink; afterwards it must have counted `expected` mails."""
    with tempfile.TemporaryFile() as counts:
        process = subprocess.Popen([program, "-c", "-u", "nobody", f"127.0.0.1:{PORT}", "1000"], stdout=counts)
        try:
            wait_for_port(PORT)
            yield
        finally:
            process.terminate()
            process.wait()
        counts.seek(0)
        found = SINK_COUNT.findall(counts.read())
        received = int(found[-1]) if found else 0
        if received != expected:
            raise SystemExit(f"the sink counted {received} mails instead of {expected}")


def wait_for_port(port: int) -> None:
    """Until something takes connections there."""

    async def once() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            return asyncio.run(once())
        except ConnectionError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def ours(workload: Workload, port: int, connections: int, threads: int) -> float:
    """Mails a second; every mail must have been sent."""
    outcomes: Counter[Outcome] = Counter()

    def count(result: Result) -> None:
        outcomes[result.outcome] += 1

    server = SmtpServer("127.0.0.1", port, Security.NONE, allow_private=True)
    started = time.perf_counter()
    uvloop.run(SendPool(server, connections).run(workload.stream(threads), count))
    took = time.perf_counter() - started
    if outcomes != {Outcome.SENT: workload.mails}:
        raise SystemExit(f"not all were sent: {dict(outcomes)}")
    return workload.mails / took


def theirs(program: str, mails: int, port: int, connections: int, size: int) -> float:
    """smtp-source, mails a second, connections kept."""
    options = ["-d", "-s", str(connections), "-m", str(mails), "-l", str(size)]
    sender = ["-f", "bounces@example.org", "-t", "person@example.net", f"127.0.0.1:{port}"]
    started = time.perf_counter()
    subprocess.run([program, *options, *sender], check=True)
    return mails / (time.perf_counter() - started)


def signer_sets() -> dict[str, list[Signer]]:
    """Fresh keys for each way to sign."""
    return {
        "unsigned": [],
        "Ed25519": [Signer("example.org", "ed", ed25519.Ed25519PrivateKey.generate())],
        "RSA-2048": [Signer("example.org", "rsa", rsa.generate_private_key(65537, 2048))],
    }


def measure(arguments: argparse.Namespace, sink_program: str, source_program: str) -> None:
    """All in turn, several times; prints one line a way to sign."""
    workloads = {name: Workload(arguments.mails, signers) for name, signers in signer_sets().items()}
    size = len(workloads["unsigned"].make([1])[0].message)
    rates: dict[str, list[float]] = {name: [] for name in [*workloads, "smtp-source"]}
    for _ in range(arguments.rounds):
        with sink(sink_program, arguments.mails), far_away(arguments.round_trip) as port:
            rates["smtp-source"].append(theirs(source_program, arguments.mails, port, arguments.connections, size))
        for name, workload in workloads.items():
            with sink(sink_program, arguments.mails), far_away(arguments.round_trip) as port:
                rates[name].append(ours(workload, port, arguments.connections, arguments.threads))
    row = f"P9 ({arguments.round_trip * 1000:.0f} ms)" if arguments.round_trip else "P8"
    base = statistics.median(rates["smtp-source"])
    for name in workloads:
        rate = statistics.median(rates[name])
        print(f"{row} {name}, 1 process  ours {rate:,.0f}/s  smtp-source {base:,.0f}/s  ratio {rate / base:.2f}")


def main() -> None:
    """Read the options, find the peer, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--round-trip", type=float, default=0.0)
    path = "/usr/sbin:/usr/lib/postfix/sbin:/usr/bin"
    programs = [shutil.which(name, path=path) for name in ("smtp-sink", "smtp-source")]
    if None in programs:
        print("P8 left out: smtp-sink and smtp-source (Debian's postfix) are not installed")
        return
    measure(parser.parse_args(), *[program for program in programs if program])


if __name__ == "__main__":
    main()
