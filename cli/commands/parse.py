"""`mailsync parse`: what messages mean, one JSON object each. Uses every core, keeps the order, shows progress."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from core.errors import UsageError
from parsers.mbox import split_mbox
from parsers.message import parse_message
from parsers.output import as_json

CHUNK = 200
"""Messages that one process takes at a time; below two chunks, one process does it all."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Source = tuple[str, bytes | None]
"""What to call a message, and its bytes; None where the name is a file to be read by whoever parses it."""


@app.command()
def parse(
    paths: list[str] = typer.Argument(None, help="Files, folders, mbox files, or - for one message on standard input."),
    files_from: Path = typer.Option(None, help="A file that lists one path a line."),
    jsonl: bool = typer.Option(False, "--jsonl", help="One object a line, also for a single message."),
) -> None:
    """Parse messages and print what they mean as JSON."""
    sources = _sources(_listed(paths or [], files_from))
    first = list(islice(sources, 2 * CHUNK))
    if not first:
        raise UsageError("There is nothing to parse: name a file, a folder, an mbox or -.")
    lines = _in_order(first, sources)
    if len(first) == 1 and not jsonl:
        [line] = lines
        sys.stdout.write(json.dumps(json.loads(line), ensure_ascii=False, indent=2) + "\n")
        return
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Parsing", total=None)
        for line in lines:
            sys.stdout.write(line + "\n")
            progress.advance(task)


def _listed(paths: list[str], files_from: Path | None) -> list[str]:
    if files_from is None:
        return paths
    try:
        return paths + [line for line in files_from.read_text("utf-8").splitlines() if line]
    except OSError as error:
        raise UsageError(f"The list {files_from} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The list {files_from} is not UTF-8 text.") from None


def _sources(paths: Iterable[str]) -> Iterator[Source]:
    for name in paths:
        if name == "-":
            yield "-", sys.stdin.buffer.read()
            continue
        path = Path(name)
        if path.is_dir():
            yield from ((str(child), None) for child in sorted(path.rglob("*")) if child.is_file())
        elif not path.is_file():
            raise UsageError(f"There is no file {name}.")
        elif is_mbox(path):
            with path.open("rb") as file:
                for number, raw in enumerate(split_mbox(file), start=1):
                    yield f"{name}:{number}", raw
        else:
            yield name, None


def is_mbox(path: Path) -> bool:
    """Whether a file is an mbox, by its name or because its end calls it one and its beginning agrees (RFC 4155)."""
    if path.suffix == ".mbox":
        return True
    if path.suffix in (".eml", ".msg"):
        return False
    with path.open("rb") as file:
        return file.read(5) == b"From " and file.read(4096).count(b"\nFrom ") > 0


def _in_order(first: list[Source], rest: Iterator[Source]) -> Iterator[str]:
    workers = os.cpu_count() or 1
    if len(first) < 2 * CHUNK or workers == 1:
        yield from _parse_chunk(first)
        for chunk in _chunks(rest):
            yield from _parse_chunk(chunk)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting = [pool.submit(_parse_chunk, chunk) for chunk in (first[:CHUNK], first[CHUNK:])]
        for chunk in _chunks(rest):
            waiting.append(pool.submit(_parse_chunk, chunk))
            if len(waiting) > 2 * workers:  # So many results at most wait in memory.
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


def _chunks(sources: Iterator[Source]) -> Iterator[list[Source]]:
    while chunk := list(islice(sources, CHUNK)):
        yield chunk


def _parse_chunk(sources: list[Source]) -> list[str]:
    return [_one_line(name, Path(name).read_bytes() if raw is None else raw) for name, raw in sources]


def _one_line(name: str, raw: bytes) -> str:
    return json.dumps(as_json(name, parse_message(raw)), ensure_ascii=False)
