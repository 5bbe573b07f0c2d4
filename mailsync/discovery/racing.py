"""The best of several answers that are asked for at once and come when they come."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


async def best_of(
    questions: Iterable[Coroutine[Any, Any, Answer | None]], *, within: float, patience: float
) -> Answer | None:
    """The first answer in the order of `questions`, which all run at once; None where none has one.

    Once any has answered, those before it have `patience` seconds more; after `within` seconds it is over in any case.
    What still runs then is cancelled, and has ended when this returns.
    """
    tasks = [asyncio.create_task(question) for question in questions]
    try:
        return await _best(tasks, asyncio.get_running_loop().time() + within, patience)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _best(tasks: list[asyncio.Task[Answer | None]], end: float, patience: float) -> Answer | None:
    loop = asyncio.get_running_loop()
    answered = False
    while True:
        settled = [task.result() if task.done() else None for task in tasks]
        best = next((answer for answer in settled if answer is not None), None)
        before = tasks if best is None else tasks[: settled.index(best)]
        waiting = [task for task in before if not task.done()]
        if best is not None and not answered:
            answered, end = True, min(end, loop.time() + patience)
        left = end - loop.time()
        if not waiting or left <= 0:
            return best
        await asyncio.wait(
            [task for task in tasks if not task.done()], timeout=left, return_when=asyncio.FIRST_COMPLETED
        )
