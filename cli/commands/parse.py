"""`mailsync parse`: what messages mean, one JSON object each. Uses every core, keeps the order, shows progress."""

import json
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cli.mail_files import Source, content_of, mail_files, sources
from core.config import load_settings
from core.errors import Permanent, UsageError
from core.limits import Limits
from parsers.message import parse_message
from parsers.output import as_json

CHUNK = 100
"""Messages that one process takes at a time; below two chunks, one process does it all."""
REFRESH = 0.1
"""Seconds between two looks of the progress bar; it is drawn without a thread, because we fork."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One message's line of JSON, or why its file could not be read."""

    source: Source
    line: str
    trouble: str = ""


@app.command()
def parse(
    paths: list[str] = typer.Argument(None, help="Files, folders, mbox files, or - for one message on standard input."),
    files_from: Path = typer.Option(None, help="A file that lists one path a line."),
    jsonl: bool = typer.Option(False, "--jsonl", help="One object a line, also for a single message."),
) -> None:
    """Parse messages and print what they mean as JSON.

    A file that cannot be read is left out and told at the end, with exit status 1.
    """
    files = mail_files(_listed(paths or [], files_from))
    waiting = sources(files)
    first = list(islice(waiting, 2 * CHUNK))
    if not first:
        raise UsageError("There is nothing to parse: name a file, a folder, an mbox or -.")
    alone = len(first) == 1 and not jsonl
    troubles: list[Parsed] = []
    for parsed in _shown(_in_order(first, waiting, load_settings().limits), sum(file.size for file in files)):
        if parsed.trouble:
            troubles.append(parsed)
        else:
            sys.stdout.write((_pretty(parsed.line) if alone else parsed.line) + "\n")
    if troubles:
        more = f" and {len(troubles) - 1:,} more" if len(troubles) > 1 else ""
        raise Permanent(
            f"{troubles[0].source.name}{more} could not be read ({troubles[0].trouble}): they are left out."
        )


def _pretty(line: str) -> str:
    return json.dumps(json.loads(line), ensure_ascii=False, indent=2)


def _listed(paths: list[str], files_from: Path | None) -> list[str]:
    if files_from is None:
        return paths
    try:
        return paths + [line for line in files_from.read_text("utf-8").splitlines() if line]
    except OSError as error:
        raise UsageError(f"The list {files_from} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The list {files_from} is not UTF-8 text.") from None


def _shown(results: Iterator[Parsed], size: int) -> Iterator[Parsed]:
    """The results as they are; meanwhile a person sees how far it is, by bytes, how fast, and how long it will take."""
    columns = (
        TextColumn("Parsing {task.fields[count]:,} messages"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    bar = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        # It would take what we print for a message to the person, and draw it on the terminal.
        redirect_stdout=False,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("", total=size or None, count=0, rate=0.0)
        begun = seen = time.monotonic()
        for count, parsed in enumerate(results, start=1):
            yield parsed
            bar.advance(task, parsed.source.size)
            if (now := time.monotonic()) - seen > REFRESH:
                seen = now
                bar.update(task, count=count, rate=count / (now - begun), refresh=True)


def _in_order(first: list[Source], rest: Iterator[Source], limits: Limits) -> Iterator[Parsed]:
    workers = os.cpu_count() or 1
    if len(first) < 2 * CHUNK or workers == 1:
        for chunk in (first, *_chunks(rest)):
            yield from _parse_chunk(chunk, limits)
        return
    pool = ProcessPoolExecutor(workers, initializer=_leave_ctrl_c_to_parent)
    try:
        waiting: deque[Future[list[Parsed]]] = deque(
            pool.submit(_parse_chunk, chunk, limits) for chunk in (first[:CHUNK], first[CHUNK:])
        )
        for chunk in _chunks(rest):
            waiting.append(pool.submit(_parse_chunk, chunk, limits))
            if len(waiting) > 2 * workers:  # So many results at most wait in memory.
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_ctrl_c_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _chunks(rest: Iterator[Source]) -> Iterator[list[Source]]:
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _parse_chunk(chunk: list[Source], limits: Limits) -> list[Parsed]:
    return [_one(source, limits) for source in chunk]


def _one(source: Source, limits: Limits) -> Parsed:
    try:
        raw = content_of(source)
    except OSError as error:
        return Parsed(Source(source.name, source.size), "", error.strerror or type(error).__name__)
    line = json.dumps(as_json(source.name, parse_message(raw, limits=limits)), ensure_ascii=False)
    return Parsed(Source(source.name, source.size), line)
