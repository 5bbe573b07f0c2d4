"""`mailsync sender`: addresses that campaigns are sent from."""

import typer

from campaigns.senders import NewSender, add_sender
from cli.application import command_group, opened
from cli.commands.user import read_password
from crm.access.viewer import Viewer

app = command_group("Addresses that campaigns are sent from.")


@app.callback()
def senders() -> None:
    """Keep this a group, so that `sender add` stays two words."""


@app.command()
def add(
    email: str,
    smtp: str = typer.Option(..., help="smtp+starttls://user@host:587, smtps://user@host or smtp://localhost:25"),
    name: str = typer.Option("", help="The name that readers see."),
    vouch: bool = typer.Option(False, "--vouch", help="Answer for the address yourself; noted in the audit log."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from standard input."),
) -> None:
    """Add a sender, or give a known one another server."""
    password = read_password("", stdin=True) if password_stdin else None
    with opened() as application:
        new = NewSender(email, smtp, password, name, vouch)
        sender_id = add_sender(application.store, application.settings, Viewer.system(), new)
    typer.echo(
        f"Sender {sender_id} is {'ready' if vouch else 'saved; it sends nothing until somebody vouches for it'}."
    )
