"""Waiting for one of several things, for so long at most."""

import asyncio


async def first_of(seconds: float | None, *events: asyncio.Event) -> None:
    """Wait until one of `events` is set, at most `seconds` (None: for ever)."""
    if any(event.is_set() for event in events):
        return
    waiters = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiters, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
