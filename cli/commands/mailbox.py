"""`mailsync mailbox`: connect, test, list, pause, resume and audit mailboxes."""

import asyncio
import json
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table

from cli.application import Application, command_group, opened
from cli.commands.mailbox_signing_in import connect_oauth
from cli.commands.user import read_password
from core.addresses import address_key
from core.errors import NotFound
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.auditing import FolderAudit, audit_mailbox
from mailsync.checking import check_mailbox
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.server import Security
from mailsync.steering import change_password, pause_mailbox, resume_mailbox
from storage.models import Mailbox

app = command_group("Connected mailboxes.")
app.command("connect-oauth")(connect_oauth)

FAILED = 1


@app.command()
def add(
    email: str,
    imap_host: str = typer.Option(None, help="By default the one of the provider."),
    imap_port: int = typer.Option(None),
    imap_security: Security = typer.Option(None, help="tls, starttls, or none for a test server."),
    username: str = typer.Option(None, help="By default the address."),
    smtp: str = typer.Option(None, help="smtps://host, smtp+starttls://host:587, or smtp://localhost:25"),
    name: str = typer.Option("", help="The sender's name on outgoing mail."),
    shared: bool = typer.Option(False, "--shared", help="Everybody may read it."),
    new_since: datetime = typer.Option(None, help="Mail from then on may create records (default: now)."),
    depth_since: datetime = typer.Option(None, help="How far back history is loaded (default: everything)."),
    receives_intake: bool = typer.Option(
        False, "--receives-intake", help="Secret task and feed addresses arrive here."
    ),
    authserv_id: str = typer.Option(None, help="Whose Authentication-Results header is to be believed."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from standard input."),
    no_test: bool = typer.Option(False, "--no-test", help="Save without connecting first."),
) -> None:
    """Connect a mailbox; the connection is tested before it is saved."""
    given = NewMailbox(
        email=email,
        password=read_password("Password of the mailbox: ", stdin=password_stdin),
        name=name,
        imap_host=imap_host,
        imap_port=imap_port,
        imap_security=imap_security,
        username=username,
        smtp_url=smtp,
        shared=shared,
        new_since=new_since.astimezone() if new_since else None,
        depth_since=depth_since.astimezone() if depth_since else None,
        receives_intake=receives_intake,
        authserv_id=authserv_id,
    )
    with opened() as application:
        mailbox_id = add_mailbox(application.store, application.settings, given, test=not no_test)
    typer.echo(
        f"Connected as mailbox {mailbox_id}. A running daemon takes it up by itself; or run mailsync sync --once."
    )


@app.command("list")
def list_mailboxes(as_json: bool = typer.Option(False, "--json")) -> None:
    """Show all mailboxes and how they fare."""
    with opened() as application, application.store.database.reading() as session:
        rows = repository.mailboxes(session, Viewer.system())
    if as_json:
        typer.echo(json.dumps([_as_json(row) for row in rows]))
        return
    if not rows:
        typer.echo("There are no mailboxes yet: connect one with mailsync mailbox add.")
        return
    table = Table("id", "mailbox", "state", "what to know", box=None)
    for row in rows:
        table.add_row(str(row.id), row.email, row.state.value, row.state_reason)
    Console().print(table)


@app.command()
def test(email: str) -> None:
    """Try the connection of a mailbox again and tell what is wrong."""
    with opened() as application:
        checks = check_mailbox(application.store, application.settings, find_mailbox(application, email))
    for check in checks:
        typer.echo(f"{check.what}: {check.problem or 'works'}")
    if any(check.problem for check in checks):
        raise typer.Exit(FAILED)


@app.command()
def password(
    email: str,
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from standard input."),
) -> None:
    """Change the password of a mailbox; it is tested before it is saved."""
    new = read_password("New password of the mailbox: ", stdin=password_stdin)
    with opened() as application:
        change_password(
            application.store, application.settings, Viewer.system(), find_mailbox(application, email).id, new
        )
    typer.echo("The new password works and is saved.")


@app.command()
def pause(email: str) -> None:
    """Stop syncing a mailbox."""
    with opened() as application:
        pause_mailbox(application.store, Viewer.system(), find_mailbox(application, email).id)
    typer.echo("Paused.")


@app.command()
def resume(email: str) -> None:
    """Go on syncing a mailbox."""
    with opened() as application:
        resume_mailbox(application.store, Viewer.system(), find_mailbox(application, email).id)
    typer.echo("Resumed.")


@app.command()
def audit(
    email: str = typer.Argument(None, help="One mailbox; all by default."),
    repair: bool = typer.Option(False, "--repair", help="Fetch what is missing at the next pass, forget what is gone."),
    as_json: bool = typer.Option(False, "--json"),
) -> None:
    """Compare the server's messages with what is stored, folder by folder; exit 1 where they differ."""
    with opened() as application:
        if email:
            rows = [find_mailbox(application, email)]
        else:
            with application.store.database.reading() as session:
                rows = repository.mailboxes(session, Viewer.system())
        audits = [
            audit
            for row in rows
            for audit in asyncio.run(audit_mailbox(application.store, application.settings, row, repair=repair))
        ]
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in audits], ensure_ascii=False))
    else:
        _print_audits(audits)
    if any(one.differs for one in audits):
        raise typer.Exit(FAILED)


def find_mailbox(application: Application, email: str) -> Mailbox:
    """The mailbox with that address. Raises `NotFound`."""
    with application.store.database.reading() as session:
        row = repository.mailbox_by_email(session, address_key(email))
    if row is None:
        raise NotFound("There is no such mailbox: see mailsync mailbox list.")
    return row


def _as_json(row: Mailbox) -> dict[str, object]:
    return {
        "id": row.id,
        "email": row.email,
        "state": row.state.value,
        "reason": row.state_reason,
        "retry_at": row.retry_at.isoformat() if row.retry_at else None,
        "last_pass_at": row.last_pass_at.isoformat() if row.last_pass_at else None,
    }


def _print_audits(audits: list[FolderAudit]) -> None:
    table = Table("folder", "server", "stored", "missing", "extra", "gaps", "quarantined", box=None)
    for one in audits:
        numbers = (one.server, one.stored, one.missing, one.extra, one.gaps, one.quarantined)
        table.add_row(one.name, *map(str, numbers))
    Console().print(table)
