"""A second process of ours, for work that takes a whole core: Python's threads would have to share one.

It is a convenience and never a condition. Where it is not up yet, has work and more in line, or died, the caller does the
work itself; so nobody waits long for it, and nothing is lost with it. It begins with the first call, ends with the
process that began it or when nobody had work for it for a minute, and its memory is free again then.
"""

import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar, cast

from core.errors import MailsyncError
from core.garbage import collect_rarely

REST_SECONDS = 60.0
END_SECONDS = 5.0
AT_ONCE = 2
"""Calls that may be with it: one that it works on, and one that it finds when it has answered. Else it would rest while the
answer is read and the next call made here, a tenth of the time."""
Answer = tuple[bool, Any]
"""Whether the work was done, and the result."""
NOT_DONE: Answer = (False, None)
P = ParamSpec("P")
R = TypeVar("R")


class _Line:
    """To one process and back, for as long as that lives; answers come in the order of the calls. Thread-safe.

    It is closed with the last who uses it: no number of a file is another's while somebody may still read from it.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._is_up = False
        self._asking = threading.Lock()
        self._asked = self._answered = 0
        self._next_turn = threading.Condition()

    def ask(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
        """Raises `EOFError` or `OSError` where nobody is at the other end."""
        with self._asking:
            if not self._is_up:
                if not self.connection.poll():
                    return NOT_DONE
                self._is_up = self.connection.recv()
            _send(self.connection, (function, args, kwargs))
            turn = self._asked
            self._asked += 1
        return self._answer(turn)

    def _answer(self, turn: int) -> Answer:
        with self._next_turn:
            self._next_turn.wait_for(lambda: self._answered == turn)
        try:
            answer: Answer = self.connection.recv()
            return answer
        finally:
            with self._next_turn:
                self._answered += 1
                self._next_turn.notify_all()


class SecondProcess:
    """At most one process beside this one. Thread-safe; begins when it is first asked for."""

    def __init__(self, rest_seconds: float = REST_SECONDS) -> None:
        self._rest_seconds = rest_seconds
        self._room = threading.Semaphore(AT_ONCE)
        self._guard = threading.Lock()
        self._line: _Line | None = None
        self._until_it_ends: threading.Thread | None = None

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `function` gives for these arguments, worked out there or here.

        It must be importable by its name and do nothing but give a result; arguments and result can be pickled.
        """
        if _cores() > 1 and self._room.acquire(blocking=False):
            try:
                done, result = self._ask(function, args, kwargs)
            finally:
                self._room.release()
            if done:
                return cast(R, result)
        return function(*args, **kwargs)

    def get_ready(self, function: Callable[..., Any]) -> None:
        """Begin now, so that it is up when `function` is to be run; where it is up nothing happens."""
        if _cores() > 1:
            with suppress(OSError):
                self._line_for(function)

    def close(self) -> None:
        """Let it end, and wait for that: first for what it works on."""
        for _ in range(AT_ONCE):
            self._room.acquire()
        with self._guard:
            if self._line is not None:
                self._line.connection.close()
            self._line = None
            if self._until_it_ends is not None:
                self._until_it_ends.join(END_SECONDS)
        self._room.release(AT_ONCE)

    def _ask(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
        line = None
        try:
            line = self._line_for(function)
            return line.ask(function, args, kwargs)
        except (EOFError, OSError):  # It died, or had rested for long enough.
            with self._guard:
                if self._line is line:
                    self._line = None
            return NOT_DONE

    def _line_for(self, function: Callable[..., Any]) -> _Line:
        with self._guard:
            if self._line is None:
                connection = self._begin()
                connection.send(function)
                self._line = _Line(connection)
            return self._line

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


def _send(connection: Connection, what: object) -> None:
    """As its own `send` does, which asks a table of Python's for each object: a fifth of the time."""
    connection.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))


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
            _send(connection, answer)
    except (EOFError, OSError):
        return


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])), float(sys.argv[2]))
