"""Waiting for other people's servers in a thread, given up when the process ends."""

import asyncio
from collections.abc import Coroutine
from threading import Lock
from typing import Any, TypeVar

from core.errors import NotYet

T = TypeVar("T")
Loop = asyncio.AbstractEventLoop


class Interrupted(NotYet):
    """It was given up because the process ends; whoever comes next may begin it anew at once."""

    def __init__(self) -> None:
        super().__init__("Mailsync was stopped meanwhile: it begins anew.", retry_after=0)


class Interruptible:
    """Coroutines that run in threads, each in a loop of its own, until somebody interrupts all of them."""

    def __init__(self) -> None:
        self.interrupted = False
        """Whether the process ends."""
        self._lock = Lock()
        self._running: dict[asyncio.Task[Any], Loop] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """`asyncio.run`, from any thread that has no loop. Raises `Interrupted` once `interrupt` was called."""
        return asyncio.run(self._until_interrupted(work))

    def interrupt(self) -> None:
        """Cancel all that runs, and let nothing begin any more. Any thread may call it."""
        with self._lock:  # What is still in the table has a loop that is not closed.
            self.interrupted = True
            for task, loop in self._running.items():
                loop.call_soon_threadsafe(task.cancel)

    async def _until_interrupted(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        with self._lock:
            self._running[task] = asyncio.get_running_loop()
            if self.interrupted:
                task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            if self.interrupted:
                raise Interrupted from None
            raise
        finally:
            with self._lock:
                del self._running[task]
