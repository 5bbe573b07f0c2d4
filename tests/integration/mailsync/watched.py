"""A mailbox that is watched while a test looks on, and waiting for what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.config import Settings
from mailsync.watching import MailboxWatch
from storage.store import Store

SECONDS = 20.0


@asynccontextmanager
async def watched(
    store: Store, settings: Settings, mailbox_id: int
) -> AsyncIterator[tuple[MailboxWatch, asyncio.Task[None]]]:
    """The watch of a mailbox, and the task that runs it until the end of the block."""
    stop = asyncio.Event()
    watch = MailboxWatch(store, settings, mailbox_id, lambda _: None, login_slot=asyncio.Semaphore(1))
    task = asyncio.create_task(watch.run(stop))
    try:
        yield watch, task
    finally:
        stop.set()
        await asyncio.wait_for(task, SECONDS)


async def until(fact: Callable[[], bool]) -> None:
    """Come back when `fact` holds. Raises `TimeoutError` if it never does."""
    async with asyncio.timeout(SECONDS):
        while not await asyncio.to_thread(fact):
            await asyncio.sleep(0.02)
