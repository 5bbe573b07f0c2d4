"""`mailsync segment`: audiences by rule."""

import json
from pathlib import Path

import typer

from campaigns.commands import count_segment, create_segment
from cli.application import command_group, opened
from core.errors import UsageError
from crm.access.viewer import Viewer

app = command_group("Audiences by rule.")


@app.command()
def create(name: str, where: Path = typer.Option(..., help="A JSON file with the rules.")) -> None:
    """Save a segment."""
    rules = read_json(where)
    with opened() as application:
        create_segment(application.store, Viewer.system(), name, rules)
        found = count_segment(application.store, Viewer.system(), name)
    typer.echo(f"The segment “{name}” holds {found.contacts} contacts now.")


@app.command()
def count(name: str, as_json: bool = typer.Option(False, "--json")) -> None:
    """Count a segment as it is now."""
    with opened() as application:
        found = count_segment(application.store, Viewer.system(), name)
    typer.echo(json.dumps({"name": name, "contacts": found.contacts}) if as_json else str(found.contacts))


def read_json(path: Path) -> object:
    """What a JSON file holds. Raises `UsageError`."""
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise UsageError(f"The file {path} is not JSON.") from None
