"""The messages that a command is given: files, folders, mbox files, standard input. Nothing is read before its turn."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import UsageError
from parsers.mime.mbox import split_mbox


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
    """Every message in the files. Of an mbox, the messages are called `name:1`, `name:2` …"""
    for file in files:
        if file.name == "-":
            raw = sys.stdin.buffer.read()
            yield Source("-", len(raw), raw)
        elif file.is_mbox:
            with Path(file.name).open("rb") as opened:
                for number, raw in enumerate(split_mbox(opened), start=1):
                    yield Source(f"{file.name}:{number}", len(raw), raw)
        else:
            yield Source(file.name, file.size)


def _mail_file(path: Path, name: str | None = None) -> MailFile:
    return MailFile(name or str(path), path.stat().st_size, _is_mbox(path))


def _is_mbox(path: Path) -> bool:
    """Whether a file is an mbox (RFC 4155), by its name or its beginning; an .eml is one message, whatever it begins with."""
    if path.suffix == ".mbox":
        return True
    if path.suffix in (".eml", ".msg"):
        return False
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From " and file.read(4096).count(b"\nFrom ") > 0
    except OSError:  # Whoever reads it will say so.
        return False
