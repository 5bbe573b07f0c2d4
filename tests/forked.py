"""Commands as processes of their own, forked from one that has loaded the program already: loading it takes a second each.

What is read of such a process from outside, such as its environment in /proc, is that of the one it was forked from.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess

from cli.main import run
from forks import FORKS


@dataclass(frozen=True, slots=True)
class Forked:
    """A command that runs. It sees the environment, the words and the input that it would see by itself."""

    words: Sequence[str]
    process: BaseProcess
    folder: Path

    def said(self, stream: str = "stdout") -> str:
        """What it has written until now."""
        path = self.folder / stream
        return path.read_text() if path.exists() else ""

    def type(self, text: str) -> None:
        """Type into a command that was begun with `typing`."""
        (self.folder / "stdin").write_text(text)

    def end(self, timeout: float) -> CompletedProcess[str]:
        """What it ended with."""
        self.process.join(timeout)
        assert self.process.exitcode is not None, f"mailsync {self.words[0]} did not end within {timeout:g} s"
        return CompletedProcess(["mailsync", *self.words], self.process.exitcode, self.said(), self.said("stderr"))


@contextmanager
def forked(
    words: Sequence[str], environment: Mapping[str, str], stdin: str = "", *, typing: bool = False
) -> Iterator[Forked]:
    """A command until the block ends; with `typing` it waits for somebody who types while it runs."""
    with tempfile.TemporaryDirectory(prefix="forked-") as name:
        folder = Path(name)
        if typing:
            os.mkfifo(folder / "stdin", 0o600)
        else:
            (folder / "stdin").write_text(stdin)
        process = FORKS.Process(target=_become, args=(words, dict(environment), folder))
        process.start()
        try:
            yield Forked(words, process, folder)
        finally:
            process.kill()


def _become(words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
    for number, stream, flags in ((1, "stdout", os.O_WRONLY), (2, "stderr", os.O_WRONLY), (0, "stdin", os.O_RDWR)):
        # Reading and writing: a pipe that nobody types into yet holds nobody up.
        opened = os.open(folder / stream, flags | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["mailsync", *words]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    run()
