"""Commands as processes of their own, forked from one that has loaded the program already: loading it takes a second each."""

import os
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess

from cli.main import COMMANDS, run

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["e2e.forked", "cli.calling", "cli.daemon", "cli.web_role", *(entry.module for entry in COMMANDS.values())]
)


def run_forked(
    words: tuple[str, ...], environment: dict[str, str], stdin: str, timeout: float
) -> CompletedProcess[str]:
    """What the command ended with. It sees the environment, the words and the input that it would see by itself.

    What is read of a process from outside, such as its environment in /proc, is that of the one it was forked from.
    """
    with tempfile.TemporaryDirectory(prefix="forked-") as name:
        folder = Path(name)
        (folder / "stdin").write_text(stdin)
        process = _FORKS.Process(target=_become, args=(words, environment, folder))
        process.start()
        try:
            process.join(timeout)
            assert process.exitcode is not None, f"mailsync {words[0]} did not end within {timeout:g} s"
        finally:
            process.kill()
        told, failed = ((folder / stream).read_text() for stream in ("stdout", "stderr"))
    return CompletedProcess(["mailsync", *words], process.exitcode, told, failed)


def _become(words: tuple[str, ...], environment: dict[str, str], folder: Path) -> None:
    for number, stream, flags in ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_WRONLY), (2, "stderr", os.O_WRONLY)):
        opened = os.open(folder / stream, flags | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["mailsync", *words]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    run()
