"""Work in an event loop that SIGTERM ends as Ctrl-C does: by cancelling it, so that every `finally` runs in order.

A handler that raises would break in at any line of any task, and the others would die with tracebacks.
"""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

TERMINATED = 143

T = TypeVar("T")


def run_stoppable(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`; exits with 143 when told by SIGTERM, raises `KeyboardInterrupt` at Ctrl-C."""
    told: list[int] = []

    async def main() -> T:
        task = asyncio.current_task()

        def stop() -> None:
            told.append(TERMINATED)
            if task is not None:
                task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        return await work

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        if told:
            sys.exit(TERMINATED)
        raise
