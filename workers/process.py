"""A process that plays one or more roles until it is told to stop, and then stops in order.

The first SIGTERM or SIGINT lets every role finish what it holds; a role that is not done after `GRACE_SECONDS` is
cancelled, which it must survive like a power cut. A role that fails takes the process down with its error: half a
daemon that looks alive is worse than none.
"""

import asyncio
import signal
from collections.abc import Sequence
from typing import Protocol

from core.logging import get_logger

GRACE_SECONDS = 20.0

log = get_logger(__name__)


class Role(Protocol):
    """A part of the daemon."""

    @property
    def name(self) -> str:
        """As in `mailsync run --only`."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then return soon."""


async def play(roles: Sequence[Role], stop: asyncio.Event) -> None:
    """Run all roles; return when all have ended. Raises the first role's error, after the others were stopped."""
    tasks = {asyncio.create_task(role.run(stop), name=role.name) for role in roles}
    stopper = asyncio.create_task(stop.wait())
    await asyncio.wait({*tasks, stopper}, return_when=asyncio.FIRST_COMPLETED)
    ended_early = [task for task in tasks if task.done() and not stop.is_set()]
    stop.set()
    stopper.cancel()
    _, late = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
    for task in late:
        log.warning("role.cancelled", role=task.get_name())
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    failures = []
    for task, result in zip(tasks, results, strict=True):
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            log.error("role.failed", role=task.get_name(), error=type(result).__name__)
            failures.append((task not in ended_early, result))
    if failures:
        raise min(failures, key=lambda failure: failure[0])[1]
    if ended_early:
        raise RuntimeError(f"The role {ended_early[0].get_name()} ended by itself.")


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let SIGTERM and SIGINT set `stop`."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
