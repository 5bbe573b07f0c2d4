"""Roles of a process: all stop when told, and the failure of one ends all with its error."""

import asyncio
from dataclasses import dataclass, field

import pytest

from workers import process
from workers.process import play


@dataclass
class Patient:
    name: str = "patient"
    ended: list[str] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.ended.append(self.name)


class Failing:
    name = "failing"

    async def run(self, stop: asyncio.Event) -> None:
        raise OSError("disk full")


class Stubborn:
    name = "stubborn"

    async def run(self, stop: asyncio.Event) -> None:
        await asyncio.sleep(3600)


async def test_all_roles_end_when_told() -> None:
    stop, first, second = asyncio.Event(), Patient("one"), Patient("two")
    playing = asyncio.create_task(play([first, second], stop))
    await asyncio.sleep(0)
    stop.set()
    await playing
    assert first.ended + second.ended == ["one", "two"]


async def test_one_failure_stops_the_others_and_is_told() -> None:
    other = Patient()
    with pytest.raises(OSError, match="disk full"):
        await play([other, Failing()], asyncio.Event())
    assert other.ended == ["patient"]


async def test_a_role_that_does_not_stop_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.05)
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(play([Stubborn(), Patient()], stop), timeout=5)
