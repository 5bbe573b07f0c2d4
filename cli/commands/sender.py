"""`mailsync sender`: addresses that campaigns are sent from."""

import typer

from campaigns.repository.campaigns import sender
from campaigns.senders import NewSender, add_sender
from cli.application import command_group, opened
from cli.commands.mailbox_connecting import find_mailbox
from cli.commands.user import read_password
from core.errors import UsageError
from crm.access.viewer import Viewer

app = command_group("Addresses that campaigns are sent from.")


@app.callback()
def senders() -> None:
    """Keep this a group, so that `sender add` stays two words."""


@app.command()
def add(
    email: str,
    smtp: str = typer.Option("", help="smtp+starttls://user@host:587, smtps://user@host or smtp://localhost:25"),
    mailbox: str = typer.Option("", help="Send through this connected mailbox instead, as its single mails go."),
    name: str = typer.Option("", help="The name that readers see."),
    vouch: bool = typer.Option(False, "--vouch", help="Answer for the address yourself; noted in the audit log."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from standard input."),
) -> None:
    """Add a sender, or give a known one another server."""
    password = read_password("", stdin=True) if password_stdin else None
    with opened() as application:
        if not (smtp or mailbox):
            raise UsageError("Say where its mail goes: --smtp, or --mailbox for one that is connected.")
        through = find_mailbox(application, mailbox).id if mailbox else None
        new = NewSender(email, smtp, password, name, vouch, through)
        sender_id = add_sender(application.store, application.settings, Viewer.system(), new)
        with application.store.database.reading() as session:
            ready = sender(session, Viewer.system(), sender_id).verified_at is not None
    typer.echo(
        f"Sender {sender_id} is {'ready' if ready else 'saved; it sends nothing until somebody vouches for it'}."
    )
