"""Work that costs the processor (filling and signing), done in threads a little ahead of the network.

RSA lets go of the interpreter while it signs, so two threads sign nearly twice as fast as one, as long as they get a
chunk at a time. Ed25519 is so quick that threads only fight for the interpreter: do without them there.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Source = TypeVar("Source")
Made = TypeVar("Made")
CHUNK = 16
"""Signatures a thread makes before it hands them over."""


async def in_threads(
    chunks: AsyncIterable[Sequence[Source]], make: Callable[[Sequence[Source]], Made], threads: int = 2
) -> AsyncIterator[Made]:
    """`make(chunk)` for every chunk, in order, in `threads` threads; at most one chunk more than that is ahead.

    With no threads each is made when it is asked for.
    """
    if threads == 0:
        async for chunk in chunks:
            yield make(chunk)
        return
    loop = asyncio.get_running_loop()
    under_way: deque[asyncio.Future[Made]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="prepare") as pool:
        async for chunk in chunks:
            under_way.append(loop.run_in_executor(pool, make, chunk))
            if len(under_way) > threads:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
