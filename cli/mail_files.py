"""The messages that a command is given: files, folders, mbox files, standard input. Nothing is read before its turn."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from errno import EIO
from itertools import chain
from pathlib import Path

from core.errors import UsageError
from parsers.mime.mbox import is_postmark, split_mbox

LONGEST_LINE = 1_000


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file with one message or, an mbox, with many. `size` in bytes; `-` is standard input, of unknown size 0."""

    name: str
    size: int
    is_mbox: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One message: what to call it, how many bytes it has, and the bytes; None where whoever parses it reads the file."""

    name: str
    size: int
    raw: bytes | None = None
    trouble: str = ""
    """Why it could not be read; it has no bytes then."""


def mail_files(paths: Iterable[str]) -> list[MailFile]:
    """The files that `paths` name, folders with all below them, in a steady order.

    Raises `UsageError` for a path that is not there.
    """
    found: list[MailFile] = []
    for name in paths:
        path = Path(name)
        if name == "-":
            found.append(MailFile(name, 0))
        elif path.is_dir():
            found += (_mail_file(child) for child in sorted(path.rglob("*")) if child.is_file())
        elif path.is_file():
            found.append(_mail_file(path, name))
        else:
            raise UsageError(f"There is no file {name}.")
    return found


def sources(files: Iterable[MailFile]) -> Iterator[Source]:
    """Every message in the files. Of an mbox with several, they are called `name:1`, `name:2` …"""
    for file in files:
        if file.name == "-":
            raw = sys.stdin.buffer.read()
            yield Source("-", len(raw), raw)
        elif file.is_mbox:
            yield from _messages_of(file)
        else:
            yield Source(file.name, file.size)


def content_of(source: Source) -> bytes:
    """The bytes of a message. Raises `OSError` where they cannot be read, its `strerror` says why."""
    if source.trouble:
        raise OSError(EIO, source.trouble)
    return Path(source.name).read_bytes() if source.raw is None else source.raw


def _messages_of(mbox: MailFile) -> Iterator[Source]:
    try:
        with Path(mbox.name).open("rb") as opened:
            messages = split_mbox(opened)
            first, second = next(messages, b""), next(messages, None)
            if second is None:
                yield Source(mbox.name, len(first), first)
                return
            for number, raw in enumerate(chain((first, second), messages), start=1):
                yield Source(f"{mbox.name}:{number}", len(raw), raw)
    except OSError as error:
        yield Source(mbox.name, mbox.size, b"", error.strerror or type(error).__name__)


def _mail_file(path: Path, name: str | None = None) -> MailFile:
    return MailFile(name or str(path), path.stat().st_size, _is_mbox(path))


def _is_mbox(path: Path) -> bool:
    """Whether a file is an mbox (RFC 4155), by its name or its first line; an .eml is one message, whatever it begins with."""
    if path.suffix.lower() == ".mbox":
        return True
    if path.suffix.lower() in (".eml", ".msg"):
        return False
    try:
        with path.open("rb") as file:
            first = file.readline(LONGEST_LINE)
            return first.startswith(b"From ") and is_postmark(first)
    except OSError:  # Whoever reads it will say so.
        return False
