"""Asks a store for pages as browsers do, and tells how long the server took for each."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from bench.reading.mail_company import ADMINISTRATOR, ONE_MAILBOX, SMALL_MAILBOX, token_of
from bench.reading.seeding import FREQUENT_WORD, RARE_WORD
from bench.sync.spending import demand
from web.signed_in import SESSION_COOKIE

READERS = {"administrator": ADMINISTRATOR, "one mailbox": ONE_MAILBOX, "small mailbox": SMALL_MAILBOX}
PAGES = {
    "inbox": ["/mail"],
    "all mail": ["/mail?view=all"],
    "unread": ["/mail?unread=true"],
    "junk": ["/mail?view=junk"],
    "drafts": ["/mail?view=drafts"],
    "any page: counters": ["/notifications"],
    "frequent word": [f"/mail?words={word}" for word in (FREQUENT_WORD, "invoice", "order", "meeting")],
    "beginning of words": [f"/mail?words={word}" for word in ("ord", "inv", "del", "pri")],
    "rare word": [f"/mail?words={RARE_WORD}"],
    "from: and a word": [
        f"/mail?words=from:{name}+{FREQUENT_WORD}" for name in ("anna", "schmidt", "contact17", "rossi")
    ],
    "two words": [f"/mail?words={FREQUENT_WORD}+price", "/mail?words=invoice+tomorrow"],
    "files since 2025": ["/mail?words=has:attachment+after:2025-01-01"],
}


@dataclass(frozen=True, slots=True)
class Timed:
    """What a kind of page took, in milliseconds."""

    reader: str
    page: str
    median: float
    p95: float
    cpu: float
    """What it took of the processor, the middle one: on a busy machine that says more."""
    lines: int


def time_pages(client: httpx.Client, rounds: int) -> Iterator[Timed]:
    """Each kind of page for each reader, `rounds` times; the first of each is not counted."""
    for reader, number in READERS.items():
        client.cookies.set(SESSION_COOKIE, token_of(number))
        for page, paths in PAGES.items():
            yield _timed(client, reader, page, paths, rounds)
        yield _timed(client, reader, "inbox, page 50", [_deep(client, "/mail", 49)], rounds)
        yield _timed(
            client, reader, "frequent word, page 50", [_deep(client, f"/mail?words={FREQUENT_WORD}", 49)], rounds
        )
        yield _timed(client, reader, "conversation", _threads(client), rounds)
    client.cookies.set(SESSION_COOKIE, token_of(ADMINISTRATOR))
    yield _timed(client, "administrator", "conversation of 1,000", ["/mail/threads/1"], rounds)


def _timed(client: httpx.Client, reader: str, page: str, paths: list[str], rounds: int) -> Timed:
    took, cpu, lines = [], [], 0
    for turn in range(rounds + 1):
        for path in paths:
            started, before = time.perf_counter(), time.process_time()
            answer = client.get(path)
            if turn:
                took.append((time.perf_counter() - started) * 1000)
                cpu.append((time.process_time() - before) * 1000)
            demand(answer.status_code == 200, f"{path} answered {answer.status_code}")
            lines = answer.text.count('class="pick"')
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    return Timed(reader, page, statistics.median(took), p95, statistics.median(cpu), lines)


def _deep(client: httpx.Client, path: str, pages: int) -> str:
    """The address of a page behind so many others; of the last one there is."""
    for _ in range(pages):
        page = client.get(path).text
        following = page.partition('class="more"')[2].partition('href="')[2].partition('"')[0]
        if not following:
            break
        path = following.replace("&amp;", "&")
    return path


def _threads(client: httpx.Client) -> list[str]:
    page = client.get("/mail?view=all").text
    found = [piece.partition("?")[0] for piece in page.split('href="/mail/threads/')[1:]]
    return [f"/mail/threads/{number}" for number in found if number != "1"][:12]
