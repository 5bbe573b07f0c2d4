"""`mailsync crm`: how mail of unknown people is handled."""

import json

import typer

from cli.application import command_group, opened
from crm.records.modes import Client, CrmMode, Mode, read_mode, write_mode

app = command_group("How mail of unknown people is handled.")


@app.callback()
def crm() -> None:
    """Keep this a group, so that `crm mode` stays two words."""


@app.command()
def mode(
    to: Mode = typer.Argument(None, help="The mode to switch to; without it, show the one in force."),
    client: Client = typer.Option(Client.CONTACT, help="Simple mode: what stands beside a new deal."),
    as_json: bool = typer.Option(False, "--json"),
) -> None:
    """Show the CRM mode, or put another one in force for mail from now on."""
    with opened() as application:
        if to is not None:
            with application.store.database.unit_of_work() as session:
                write_mode(session, CrmMode(to, client))
        with application.store.database.reading() as session:
            now = read_mode(session)
    if as_json:
        typer.echo(json.dumps({"mode": now.mode.value, "client": now.client.value}))
    else:
        typer.echo(f"The CRM mode is {now.mode.value}." + ("" if now.is_classic else f" Client: {now.client.value}."))
