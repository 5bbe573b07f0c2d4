"""Calls a command's application; what Typer says about wrong arguments becomes one of our own sentences."""

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from core.errors import UsageError


def call(app: typer.Typer, program: str, arguments: Sequence[str]) -> int:
    """Run `app` and return its exit status.

    Raises `UsageError` for wrong arguments, and whatever the command raises. A group without a command shows its help.
    """
    try:
        status = app(args=list(arguments), prog_name=program, standalone_mode=False)
    except TyperException as error:
        if not error.format_message().startswith("Usage:"):
            raise UsageError(_sentence(error, program)) from None
        sys.stderr.write(error.format_message() + "\n")
        return error.exit_code
    return status if isinstance(status, int) else 0


def _sentence(error: TyperException, program: str) -> str:
    said = " ".join(error.format_message().split()).replace("Value error, ", "")
    if said.startswith("Got unexpected extra"):
        said = "There are more words than the command takes"  # One of them may be a password.
    end = "" if said.endswith((".", "?")) else "."
    return f"{said}{end} See {program} --help."
