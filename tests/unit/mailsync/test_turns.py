"""Turns: so many at once, in order of arrival, those for whom somebody waits first; nobody holds the line up."""

import asyncio
from contextlib import suppress

import pytest

from mailsync.turns import Turns

SECONDS = 10.0


class Line:
    """Tasks that each take a turn, hold it until they are let go, and note the order in which they began."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.began: list[str] = []
        self.urgent: set[str] = set()
        self.stop = asyncio.Event()
        self._let_go: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def join(self, *names: str) -> None:
        for name in names:
            self._let_go[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._take(name))
        await self.settle()

    async def let_go(self, name: str) -> None:
        self._let_go[name].set()
        await self.tasks[name]
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _take(self, name: str) -> None:
        async with self.turns.turn(name.partition(" of ")[2], lambda: name in self.urgent, self.stop):
            self.began.append(name)
            if not self.stop.is_set():
                await self._let_go[name].wait()


async def test_so_many_at_once_and_in_order() -> None:
    line = Line(Turns(2, at_one_host=2))
    await line.join("a", "b", "c", "d")
    assert line.began == ["a", "b"]
    await line.let_go("b")
    assert line.began == ["a", "b", "c"]
    await line.let_go("a")
    await line.let_go("c")
    await line.let_go("d")
    await line.join("e")
    assert line.began == ["a", "b", "c", "d", "e"]
    await line.let_go("e")


async def test_who_is_waited_for_comes_first_also_when_that_begins_later() -> None:
    line = Line(Turns(1, at_one_host=1))
    await line.join("a", "b", "c")
    line.urgent.add("c")
    await line.let_go("a")
    assert line.began == ["a", "c"]
    await line.let_go("c")
    await line.let_go("b")


async def test_a_host_that_does_not_answer_leaves_turns_for_others() -> None:
    line = Line(Turns(3, at_one_host=2))
    await line.join("a of dead", "b of dead", "c of dead", "d of dead", "e of alive", "f of alive")
    assert line.began == ["a of dead", "b of dead", "e of alive"]
    line.urgent.add("d of dead")
    await line.let_go("e of alive")
    assert line.began[3:] == ["f of alive"], "urgent or not, that host has its part"
    await line.let_go("a of dead")
    assert line.began[4:] == ["d of dead"]
    for name in ("b of dead", "d of dead", "c of dead", "f of alive"):
        await line.let_go(name)
    assert line.began[5:] == ["c of dead"]


async def test_a_turn_that_takes_too_long_is_passed_on_once() -> None:
    line = Line(Turns(1, at_one_host=1, seconds=0.05))
    await line.join("a", "b", "c")
    async with asyncio.timeout(SECONDS):
        while line.began != ["a", "b", "c"]:
            await asyncio.sleep(0.01)
    for name in "abc":
        await line.let_go(name)
    await line.join("d", "e")
    assert line.began[3:] == ["d"], "what was passed on is not given back a second time"
    await line.let_go("d")
    await line.let_go("e")


@pytest.mark.parametrize("called", [False, True])
async def test_who_leaves_the_line_takes_no_turn_with_it(called: bool) -> None:
    line = Line(Turns(1, at_one_host=1))
    await line.join("a", "b", "c")
    if called:
        line._let_go["a"].set()
        while "b" not in line.began:
            await asyncio.sleep(0)
    line.tasks["b"].cancel()
    with suppress(asyncio.CancelledError):
        await line.tasks["b"]
    await line.let_go("a")
    assert line.began[-1] == "c"
    await line.let_go("c")


async def test_the_end_of_the_process_waits_for_nobodys_turn() -> None:
    line = Line(Turns(1, at_one_host=1))
    await line.join("a", "b", "c")
    line.stop.set()
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(line.tasks["b"], line.tasks["c"])
    await line.let_go("a")
