"""`mailsync threads`: the messages of an mbox or folder, put into threads by their references."""

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import typer

from cli.mail_files import content_of, mail_files, sources
from core.config import load_settings
from core.errors import Permanent, UsageError
from parsers.threads import thread_input, threads_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def threads(
    path: Path = typer.Argument(..., help="An mbox file, or a folder of messages and mbox files."),
    jsonl: bool = typer.Option(False, "--jsonl", help="One array a line (the default prints one array of arrays)."),
) -> None:
    """Print an array of Message-IDs for each thread; each id stands once."""
    if not path.exists():
        raise UsageError(f"There is no file {path}.")
    understood = partial(thread_input, limits=load_settings().limits)
    found = threads_of(map(understood, _messages(path)))
    if jsonl:
        sys.stdout.writelines(json.dumps(ids) + "\n" for ids in found)
    else:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")


def _messages(path: Path) -> Iterator[bytes]:
    for source in sources(mail_files([str(path)])):
        try:
            yield content_of(source)
        except OSError as error:
            raise Permanent(f"{source.name} could not be read ({error.strerror}).") from None
