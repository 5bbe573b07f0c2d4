"""Several answers at once: the order decides, and nobody is waited for longer than was said."""

import asyncio

import pytest

from mailsync.discovery.racing import best_of

NEVER = 60.0


async def after(seconds: float, answer: str | None) -> str | None:
    await asyncio.sleep(seconds)
    return answer


@pytest.mark.parametrize(
    ("questions", "best"),
    [
        ([(0.0, "first"), (0.0, "second")], "first"),
        ([(0.05, "first"), (0.0, "second")], "first"),
        ([(0.0, None), (0.0, "second")], "second"),
        ([(0.0, None), (0.0, None)], None),
        ([(NEVER, "first"), (0.0, "second")], "second"),
        ([(0.0, None), (NEVER, "second"), (0.01, "third")], "third"),
        ([(NEVER, "first"), (0.02, "second"), (0.0, "third")], "second"),
        ([(NEVER, "first")], None),
        ([], None),
    ],
)
async def test_the_best_answer_that_comes_in_time(questions: list[tuple[float, str | None]], best: str | None) -> None:
    began = asyncio.get_running_loop().time()
    assert await best_of([after(*one) for one in questions], within=1.0, patience=0.3) == best
    assert asyncio.get_running_loop().time() - began < 5


async def test_the_first_answer_does_not_wait_for_worse_ones() -> None:
    began = asyncio.get_running_loop().time()
    assert await best_of([after(0, "first"), after(NEVER, "second")], within=NEVER, patience=NEVER) == "first"
    assert asyncio.get_running_loop().time() - began < 5


async def test_whoever_still_runs_is_ended() -> None:
    ended = asyncio.Event()

    async def endless() -> str | None:
        try:
            await asyncio.sleep(NEVER)
        finally:
            ended.set()
        return None

    assert await best_of([endless(), after(0, "second")], within=1, patience=0.01) == "second"
    assert ended.is_set()


async def test_a_bug_is_not_swallowed() -> None:
    async def broken() -> str | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await best_of([broken(), after(NEVER, "second")], within=1, patience=1)
