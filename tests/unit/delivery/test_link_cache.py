"""A slow database: who asks is told in time that it is slow, and the answer is kept for the next."""

import threading

import pytest

from core.errors import Transient
from delivery import link_cache
from delivery.link_cache import LinkCache


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_cache, "PATIENCE", 30)


class Database:
    """Answers when it is let go; `asked` counts the questions."""

    def __init__(self) -> None:
        self.asked = 0
        self.free = threading.Event()
        self.links: list[str] = ["https://a.example"]
        self.broken = False

    def load(self, _: int) -> list[str]:
        self.asked += 1
        self.free.wait(30)
        if self.broken:
            raise Transient("The database is away.")
        return self.links


async def test_a_late_answer_is_there_for_who_asks_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_cache, "PATIENCE", 0.01)
    database = Database()
    cache = LinkCache(database.load, 10)
    for _ in range(3):
        with pytest.raises(Transient):
            await cache.of(1)
    assert database.asked == 1, "one question at a time"
    database.free.set()
    monkeypatch.setattr(link_cache, "PATIENCE", 30)
    assert await cache.of(1) == database.links
    assert await cache.of(1) == database.links
    assert database.asked == 1


async def test_what_is_not_there_yet_and_what_failed_is_asked_again() -> None:
    database = Database()
    database.free.set()
    cache = LinkCache(database.load, 10)
    database.links = []
    assert await cache.of(1) == []
    database.broken = True
    with pytest.raises(Transient, match="away"):
        await cache.of(1)
    database.links, database.broken = ["https://b.example"], False
    assert await cache.of(1) == ["https://b.example"]
    assert database.asked == 3


async def test_it_remembers_no_more_than_it_may() -> None:
    database = Database()
    database.free.set()
    cache = LinkCache(database.load, 2)
    for owner in (1, 2, 3):
        await cache.of(owner)
    await cache.of(3)
    assert database.asked == 3
    await cache.of(1)
    assert database.asked == 4
