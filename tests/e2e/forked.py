"""Commands as processes of their own, forked from one that has loaded the program already: loading it takes a second each."""

import os
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess

from cli.main import run
from e2e.installation import DEADLINE, Installation

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["e2e.forked", "cli.commands.mailbox", "cli.commands.sync", "cli.commands.run", "cli.daemon", "cli.web_role"]
)


def run_forked(house: Installation, *words: str, stdin: str = "") -> CompletedProcess[str]:
    """What `house.run` tells. The command sees the environment, the words and the input that it would see by itself."""
    with tempfile.TemporaryDirectory(prefix="forked-") as name:
        folder = Path(name)
        (folder / "stdin").write_text(stdin)
        process = _FORKS.Process(target=_become, args=(words, house.environment, folder))
        process.start()
        process.join(DEADLINE)
        assert process.exitcode is not None, f"mailsync {words[0]} did not end"
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
