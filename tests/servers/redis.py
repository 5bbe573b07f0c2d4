"""Redis, as the broker of the scaled installation: in memory only, on a port of its own."""

from contextlib import ExitStack

import redis
from typing_extensions import override

from servers.process import ServerProcess, find_program, free_port
from servers.server import Server


class Redis(Server):
    """A private Redis without persistence. `url` names its first database."""

    name = "redis"

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @override
    def _open(self, undo: ExitStack) -> None:
        self._client = undo.enter_context(redis.Redis.from_url(self.url))
        self.start()
        undo.callback(self.stop)

    def start(self) -> None:
        """Start, or start again on the same port, empty."""
        program = find_program("redis-server", "redis-server")
        settings = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = ServerProcess([program, *settings], log=self.directory / "server.log")
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
