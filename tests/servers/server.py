"""What every server of the suite has in common: a directory of its own, and nothing left when its start fails."""

from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Self

from servers.process import server_directory


class Server(ABC):
    """A context manager: `directory` exists and the server answers inside the block, neither does afterwards."""

    host: ClassVar[str] = "127.0.0.1"
    name: ClassVar[str]
    """Short: it becomes part of the directory's name."""
    directory: Path

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            self.directory = undo.enter_context(server_directory(self.name))
            self._open(undo)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    @abstractmethod
    def _open(self, undo: ExitStack) -> None:
        """Write settings into `directory` and start; `undo` is told how to end what was started."""
