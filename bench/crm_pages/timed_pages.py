"""Asks for pages of the CRM as several people, each time for another one of its kind, and tells what they took."""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, event

from bench.crm_pages.customers import BIG, FIRST_NAMES, RARE_TAG, Sizes, address_of, person_name, phone_of
from bench.reading.mail_company import token_of
from bench.reading.seeding import RARE_WORD
from bench.sync.spending import demand
from web.signed_in import SESSION_COOKIE

READERS = {"administrator": 0, "seller with many": 2, "seller with few": 11}
Address = Callable[[random.Random], str]
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


def kinds_of_page(sizes: Sizes) -> dict[str, Address]:
    """The address of some page of each kind."""

    def record(kind: str, highest: int) -> Address:
        return lambda chance: f"/{kind}/{chance.randint(1, highest)}"

    def one_of(*paths: str) -> Address:
        return lambda chance: chance.choice(paths)

    def ordered(path: Address, *orders: str) -> Address:
        return lambda chance: f"{path(chance)}&order={chance.choice(orders)}"

    def words(chance: random.Random) -> str:
        return person_name(chance).split()[-1]

    def address(chance: random.Random) -> str:
        return address_of(chance.randint(1, sizes.contacts), sizes.companies)

    def phone(chance: random.Random) -> str:
        digits = phone_of(chance.randint(1, sizes.contacts))
        return chance.choice((digits, f"%2B48+{digits[:3]}+{digits[3:6]}+{digits[6:]}"))

    def behind(path: str, highest: int) -> Address:
        return lambda chance: f"{path}{'&' if '?' in path else '?'}before={chance.randint(1, highest)}"

    mentioned = (*FIRST_NAMES, "sch", "off", "an")
    return {
        "stream, mine": one_of("/stream"),
        "stream, all": one_of("/stream?whose=all"),
        "stream, calls of all": one_of("/stream?whose=all&kind=call", "/stream?whose=all&kind=meeting"),
        "stream, mine, tasks": one_of("/stream?kind=task", "/stream?kind=activities"),
        "stream, one author": lambda chance: f"/stream?whose=all&author={chance.randint(1, 12)}",
        "contact": record("contacts", sizes.contacts),
        "contact with most mail": record("contacts", min(BIG, sizes.contacts)),
        "company": record("companies", sizes.companies),
        "company with many": record("companies", 20),
        "deal": record("deals", sizes.deals),
        "lead": record("leads", sizes.leads),
        "search: a name": lambda chance: f"/search?words={words(chance)}",
        "search: frequent": lambda chance: f"/search?words={chance.choice(mentioned)}",
        "search: two words": lambda chance: f"/search?words={chance.choice(FIRST_NAMES)}+{words(chance)[:3]}",
        "search: an address": lambda chance: f"/search?words={address(chance)}",
        "search: a phone": lambda chance: f"/search?words={phone(chance)}",
        "search: nothing": one_of(f"/search?words={RARE_WORD}+nowhere", "/search?words=qqqq"),
        "deals, board": one_of("/deals", "/deals?pipeline=2", "/deals?pipeline=3"),
        "deals, board, mine": one_of("/deals?mine=true"),
        "deals, board, words": lambda chance: f"/deals?words={chance.choice(('offer', 'order', words(chance)))}",
        "deals, list": one_of("/deals?shape=list", "/deals?shape=list&order=name"),
        "leads, board": one_of("/leads?shape=board"),
        "leads, list": one_of("/leads", "/leads?state=converted", "/leads?order=name", "/leads?state=junk&order=name"),
        "contacts, newest": behind("/contacts", sizes.contacts),
        "contacts, oldest": behind("/contacts?order=oldest", sizes.contacts),
        "contacts, by name": one_of("/contacts?order=name"),
        "contacts, by name, far": behind("/contacts?order=name", sizes.contacts),
        "contacts, mine by name": one_of("/contacts?mine=true&order=name", "/contacts?mine=true"),
        "contacts, a tag": one_of(
            "/contacts?tag=vip&order=name", "/contacts?tag=vip", "/contacts?tag=newsletter&order=oldest"
        ),
        "contacts, a rare tag": one_of(f"/contacts?tag={RARE_TAG}", f"/contacts?tag={RARE_TAG}&order=name"),
        "contacts, a source": one_of("/contacts?source=by+hand&order=name", "/contacts?source=nowhere&order=name"),
        "contacts, a time": lambda chance: (
            f"/contacts?from=202{chance.randint(1, 5)}-03-01&to=202{chance.randint(1, 5)}-03-20"
        ),
        "contacts, words": lambda chance: f"/contacts?words={words(chance)}&order={chance.choice(('name', 'newest'))}",
        "contacts, frequent": lambda chance: (
            f"/contacts?words={chance.choice(mentioned)}&order={chance.choice(('name', 'newest'))}"
        ),
        "contacts, a phone": lambda chance: f"/contacts?words={phone(chance)}",
        "companies, by name": behind("/companies?order=name", sizes.companies),
        "new contact": one_of("/contacts/new"),
        "new deal": one_of("/deals/new"),
        "editing a contact": lambda chance: f"/edit/contact/{chance.randint(1, sizes.contacts)}",
        "editing a deal": lambda chance: f"/edit/deal/{chance.randint(1, sizes.deals)}",
        "today": one_of("/"),
        "tasks": one_of("/tasks"),
    }


def time_pages(
    client: httpx.Client, sizes: Sizes, rounds: int, only: str, server_id: int | None
) -> Iterator[tuple[str, Took]]:
    """Each kind of page, `rounds` times for each person, in turn; the first of each is not counted."""
    counted = Statements()
    for kind, path_of in kinds_of_page(sizes).items():
        if not re.search(only, kind):
            continue
        took = Took()
        for reader in READERS.values():
            chance = random.Random(f"{kind} {reader}")
            client.cookies.set(SESSION_COOKIE, token_of(reader))
            _ask(client, path_of(chance), Took(), counted, server_id)
            for _ in range(rounds):
                _ask(client, path_of(chance), took, counted, server_id)
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
