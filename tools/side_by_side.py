"""Run commands side by side until all have ended well, or one of them has not: then the others are ended, too.

    python tools/side_by_side.py FOLDER NAME=COMMAND NAME=COMMAND …

The first speaks as it runs; what the others say is kept in FOLDER, and told when they have ended: its last line, or all of it
where one failed. Ctrl-C reaches all of them, and everything that they have started.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

SECONDS_TO_END = 20.0
LOOKS_EVERY = 0.1
FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


class Part:
    """A running command, in a process group of its own."""

    def __init__(self, name: str, command: str, log: Path | None) -> None:
        self.name, self._log = name, log
        self._began = time.monotonic()
        with ExitStack() as files:
            output = None if log is None else files.enter_context(log.open("wb"))
            self.process = subprocess.Popen(  # noqa: S603 - they stand in the Makefile.
                [shutil.which("bash") or "/bin/bash", "-euo", "pipefail", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def told(self) -> str:
        """What is to be said of it when it has ended."""
        seconds = f"{time.monotonic() - self._began:.0f} s"
        said = "" if self._log is None else self._log.read_text(errors="replace").rstrip("\n")
        if self.process.returncode:
            return f"{said}\n{self.name}: failed after {seconds}".lstrip("\n")
        return f"{self.name}: done in {seconds}. {said.rpartition(chr(10))[2]}".rstrip()

    def end(self) -> None:
        """End it and whatever it has started: pytest ends its servers when it is told to."""
        if self.process.poll() is not None:
            return
        for how in (signal.SIGINT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(SECONDS_TO_END)


@contextmanager
def running(folder: Path, commands: dict[str, str]) -> Iterator[list[Part]]:
    """All of them started; none is left when the block ends."""
    parts: list[Part] = []
    try:
        for name, command in commands.items():
            parts.append(Part(name, command, folder / f"{name}.log" if parts else None))
        yield parts
    finally:
        for part in parts:
            part.end()


def side_by_side(folder: Path, commands: dict[str, str]) -> int:
    """Run them; the exit status of all of it. Signals are noted and not raised: else one that has just begun could be left."""
    told_to_end: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):  # Also where a shell in the background has them ignored.
        signal.signal(number, lambda signalled, _: told_to_end.append(signalled))
    folder.mkdir(parents=True, exist_ok=True)
    with running(folder, commands) as parts:
        left = list(parts)
        while left and not told_to_end:
            for part in [part for part in left if part.process.poll() is not None]:
                sys.stdout.write(part.told() + "\n")
                sys.stdout.flush()
                if part.process.returncode:
                    return FAILED
                left.remove(part)
            time.sleep(LOOKS_EVERY)
    return INTERRUPTED if told_to_end else 0


def main() -> None:
    """Read what is to be run."""
    folder, *words = sys.argv[1:] or [""]
    commands = {name: command for name, _, command in (word.partition("=") for word in words)}
    if not folder or not all(commands.values()) or len(commands) < max(1, len(words)):
        sys.stderr.write("Name a folder and what is to be run: side_by_side.py FOLDER NAME=COMMAND …\n")
        sys.exit(WRONG_USE)
    sys.exit(side_by_side(Path(folder), commands))


if __name__ == "__main__":
    main()
