"""A second process of ours, for work that takes a whole core: Python's threads would have to share one.

It is a convenience and never a condition. Where it is not up yet, is busy with another caller's work, or died, the caller
does the work itself; so nobody waits for it, and nothing is lost with it. It begins with the first call, ends with the
process that began it or when nobody had work for it for a minute, and its memory is free again then.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar, cast

from core.errors import MailsyncError
from core.garbage import collect_rarely

REST_SECONDS = 60.0
END_SECONDS = 5.0
Answer = tuple[bool, Any]
"""Whether the work was done, and the result."""
NOT_DONE: Answer = (False, None)
P = ParamSpec("P")
R = TypeVar("R")


class SecondProcess:
    """At most one process beside this one. Thread-safe; begins when it is first asked for."""

    def __init__(self, rest_seconds: float = REST_SECONDS) -> None:
        self._rest_seconds = rest_seconds
        self._guard = threading.Lock()
        self._connection: Connection | None = None
        self._until_it_ends: threading.Thread | None = None
        self._is_up = False

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `function` gives for these arguments, worked out there or here.

        It must be importable by its name and do nothing but give a result; arguments and result can be pickled.
        """
        if _cores() > 1 and self._guard.acquire(blocking=False):
            try:
                done, result = self._ask(function, args, kwargs)
            finally:
                self._guard.release()
            if done:
                return cast(R, result)
        return function(*args, **kwargs)

    def get_ready(self, function: Callable[..., Any]) -> None:
        """Begin now, so that it is up when `function` is to be run; where it is up or busy nothing happens."""
        if _cores() > 1 and self._guard.acquire(blocking=False):
            try:
                self._begin_for(function)
            except OSError:
                self._let_go()
            finally:
                self._guard.release()

    def close(self) -> None:
        """Let it end, and wait for that."""
        with self._guard:
            self._let_go()
            if self._until_it_ends is not None:
                self._until_it_ends.join(END_SECONDS)

    def _ask(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
        try:
            connection = self._begin_for(function)
            if not self._is_up:
                if not connection.poll():
                    return NOT_DONE
                self._is_up = connection.recv()
            connection.send((function, args, kwargs))
            answer: Answer = connection.recv()
            return answer
        except (EOFError, OSError):  # It died, or had rested for long enough.
            self._let_go()
            return NOT_DONE

    def _begin_for(self, function: Callable[..., Any]) -> Connection:
        if self._connection is None:
            self._connection = self._begin()
            self._connection.send(function)
        return self._connection

    def _begin(self) -> Connection:
        """Start the process; the only way to it. It looks for our modules where we do."""
        ours, its = socket.socketpair()
        with its:
            process = subprocess.Popen(  # noqa: S603 Our own interpreter and module.
                [sys.executable, "-P", "-m", "core.second_process", str(its.fileno()), str(self._rest_seconds)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                process_group=0,  # Ctrl-C is for us: we let it end when we have finished.
            )
        self._until_it_ends = threading.Thread(target=process.wait, name="until the second process ends", daemon=True)
        self._until_it_ends.start()
        return Connection(ours.detach())

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._is_up = None, False


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _serve(connection: Connection, rest_seconds: float) -> None:
    """Do what is asked until the other side is gone, or had nothing for so long."""
    try:
        connection.recv()  # A function: what it needs is imported now.
        collect_rarely()
        connection.send(True)
        while connection.poll(rest_seconds):
            function, args, kwargs = connection.recv()
            try:
                answer = (True, function(*args, **kwargs))
            except MailsyncError:  # The caller meets it, by doing the work again.
                answer = NOT_DONE
            connection.send(answer)
    except (EOFError, OSError):
        return


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])), float(sys.argv[2]))
