"""What a program asks of the kernel, as strace tells it: the only witness of what was on the disk, and when.

`recording` and `failing` are commands that run another; `calls_in` reads what the first wrote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servers.process import find_program

SEEN_BYTES = 32
"""So much of what is written is told."""
_BEGUN = re.compile(r"(\d+) +(\w+)\((?:\w+<([^>]*)>)?(.*)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>")
_DATA = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_LENGTH = re.compile(r'"(?:\.\.\.)?, (\d+)')


@dataclass(frozen=True, slots=True)
class Call:
    """One call that has come back: on which file, with the first bytes of what was written, and how many there were."""

    name: str
    file: str
    data: bytes
    length: int


def recording(to: Path, *names: str) -> list[str]:
    """Runs a command and its children, and writes their calls of these names into a file."""
    strace = find_program("strace", "strace")
    return [strace, "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", str(SEEN_BYTES), "-e", _only(names), "-o", str(to)]


def failing(to: Path, *names: str) -> list[str]:
    """Runs a command whose calls of these names all fail with EIO, as those of a dying disk do."""
    strace = find_program("strace", "strace")
    return [strace, "-f", "-qq", "-e", _only(names), "-e", f"inject={','.join(names)}:error=EIO", "-o", str(to)]


def calls_in(record: Path) -> Iterator[Call]:
    """The calls in the order in which they came back."""
    begun: dict[str, Call] = {}
    for line in record.read_text(errors="replace").splitlines():
        if resumed := _RESUMED.match(line):
            if call := begun.pop(resumed[1], None):
                yield call
        elif found := _BEGUN.match(line):
            data, length = _DATA.search(found[4]), _LENGTH.search(found[4])
            call = Call(
                found[2],
                bytes.fromhex(found[3].replace("\\x", "")).decode() if found[3] else "",
                bytes.fromhex(data[1].replace("\\x", "")) if data else b"",
                int(length[1]) if length else 0,
            )
            if line.endswith("<unfinished ...>"):
                begun[found[1]] = call
            else:
                yield call


def _only(names: tuple[str, ...]) -> str:
    return f"trace={','.join(names)}"
