"""Asks for pages of the CRM as several people, each time for another one of its kind, and tells what they took."""

import random
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, event

from bench.crm_pages.customers import Sizes
from bench.crm_pages.pages import PAGES, address_in
from bench.reading.mail_company import token_of
from bench.sync.spending import demand
from web.signed_in import SESSION_COOKIE

READERS = {"administrator": 0, "seller with many": 2, "seller with few": 11}
NEXT_PAGE = re.compile(r'class="more"><a class="button" href="([^"]+)"')


@dataclass
class Took:
    """What the pages of one kind took, in milliseconds, and how many statements each."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def quantile(self, percent: int) -> float:
        """The time within which so many of a hundred came."""
        demand(len(self.clock) > 1, "a kind of page was not asked for")
        return statistics.quantiles(self.clock, n=100, method="inclusive")[percent - 1]


class Statements:
    """Counts statements of this process, whichever engine runs them."""

    def __init__(self) -> None:
        self.number = 0
        event.listen(Engine, "after_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        self.number += 1


def time_pages(
    client: httpx.Client, sizes: Sizes, rounds: int, only: str, server_id: int | None
) -> Iterator[tuple[str, Took]]:
    """Each kind of page, `rounds` times for each person, in turn; the first of each is not counted."""
    counted = Statements()
    for kind, paths in PAGES.items():
        if not re.search(only, kind):
            continue
        took = Took()
        for reader in READERS.values():
            chance = random.Random(f"{kind} {reader}")
            client.cookies.set(SESSION_COOKIE, token_of(reader))
            _ask(client, address_in(paths, chance, sizes), Took(), counted, server_id)
            for _ in range(rounds):
                _ask(client, address_in(paths, chance, sizes), took, counted, server_id)
        yield kind, took


def time_more(
    client: httpx.Client, kind: str, first: str, pages: int, rounds: int, server_id: int | None
) -> tuple[str, Took]:
    """The pages behind the first one of a list, as its button leads to them, for the administrator."""
    counted, took = Statements(), Took()
    client.cookies.set(SESSION_COOKIE, token_of(0))
    for _ in range(max(rounds // pages, 1)):
        path = first
        for _ in range(pages):
            found = NEXT_PAGE.search(client.get(path).text)
            if found is None:
                break
            path = found[1].replace("&amp;", "&")
            _ask(client, path, took, counted, server_id)
    return kind, took


def _ask(client: httpx.Client, path: str, took: Took, counted: Statements, server_id: int | None) -> None:
    before, of_server, statements = time.process_time(), _cpu_of(server_id), counted.number
    started = time.perf_counter()
    answer = client.get(path)
    clock = (time.perf_counter() - started) * 1000
    demand(answer.status_code == 200, f"{path} answered {answer.status_code}")
    took.clock.append(clock)
    took.cpu.append((time.process_time() - before) * 1000)
    took.server.append((_cpu_of(server_id) - of_server) * 1000)
    took.statements.append(counted.number - statements)
    took.slowest = max(took.slowest, (clock, path))


def _cpu_of(server_id: int | None) -> float:
    """Seconds of the processes of a PostgreSQL server, to a hundredth."""
    if server_id is None:
        return 0.0
    ticks = 0
    for task in Path(f"/proc/{server_id}/task/{server_id}/children").read_text().split():
        try:
            fields = Path(f"/proc/{task}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100
