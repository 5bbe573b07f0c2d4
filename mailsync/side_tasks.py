"""A task group whose errors are ours: whoever catches `Transient` need not know that two tasks ran."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def side_tasks() -> AsyncIterator[asyncio.TaskGroup]:
    """An `asyncio.TaskGroup`: when one task fails, the block and the others end, and its error (not a group) is raised."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        raise _first(group) from group


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
