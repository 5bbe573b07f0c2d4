"""`mailsync db upgrade`: bring the database to the newest shape."""

from pathlib import Path

import typer

from cli.application import command_group, opened
from core.crypto import load_key_ring
from core.errors import Conflict, UsageError

app = command_group("The database.")


@app.callback()
def database() -> None:
    """Keep this a group, so that `db upgrade` stays two words."""


@app.command()
def upgrade() -> None:
    """Apply all migrations that are missing."""
    with opened():
        typer.echo("The database has the newest shape.")


@app.command()
def keys(file: Path = typer.Argument(..., help="Where to write it; it must not exist.")) -> None:
    """Make a key file for processes that share a PostgreSQL database."""
    if file.exists():
        raise Conflict(f"{file} exists already, and nothing was changed: without the old keys no stored secret opens.")
    try:
        load_key_ring(file, create=True)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {file}: keep a copy of it in a safe place, apart from the database.")
