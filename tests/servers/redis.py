"""Redis, as the broker of the scaled installation: in memory only, on a port of its own."""

from contextlib import ExitStack
from typing import Self

import redis

from servers.process import ServerProcess, find_program, free_port, server_directory


class Redis:
    """A private Redis without persistence. `url` names its first database."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._log = self._stack.enter_context(server_directory("redis")) / "server.log"
        self._client = self._stack.enter_context(redis.Redis.from_url(self.url))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._stack.close()

    def start(self) -> None:
        """Start, or start again on the same port, empty."""
        program = find_program("redis-server", "redis-server")
        settings = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = ServerProcess([program, *settings], log=self._log)
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        self._process.stop()

    def flush(self) -> None:
        """Forget everything."""
        self._client.flushall()

    def _answers(self) -> bool:
        try:
            return bool(self._client.ping())
        except redis.ConnectionError:
            return False
