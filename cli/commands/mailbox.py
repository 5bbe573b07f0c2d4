"""`mailsync mailbox`: list, pause, resume and audit mailboxes; the other commands have modules beside this one."""

import asyncio
import json

import typer
from rich.console import Console
from rich.table import Table

from cli.application import Application, command_group, opened
from cli.commands.mailbox_choosing import choose, depth, describe, members, share
from cli.commands.mailbox_connecting import add, find, find_mailbox, test
from cli.commands.mailbox_removing import keep, remove
from cli.commands.mailbox_showing import quarantine, show
from cli.commands.mailbox_signing_in import connect_oauth
from cli.commands.user import read_password
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.auditing import FolderAudit, audit_mailbox
from mailsync.health.auditing import keep_result
from mailsync.steering import change_password, pause_mailbox, resume_mailbox
from storage.models import Mailbox

app = command_group("Connected mailboxes.")
app.command("connect-oauth")(connect_oauth)
for command in (add, find, test, show, choose, depth, share, members, describe, quarantine, remove, keep):
    app.command()(command)

FAILED = 1


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
        audits = [audit for row in rows for audit in _audit(application, row, repair=repair)]
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in audits], ensure_ascii=False))
    else:
        _print_audits(audits)
    if any(one.differs for one in audits):
        raise typer.Exit(FAILED)


def _audit(application: Application, row: Mailbox, *, repair: bool) -> list[FolderAudit]:
    """Compare one mailbox, and keep the result with it."""
    audits = asyncio.run(audit_mailbox(application.store, application.settings, row, repair=repair))
    with application.store.database.unit_of_work() as session:
        keep_result(session, row.id, audits, "", repaired=repair)
    return audits


def _as_json(row: Mailbox) -> dict[str, object]:
    return {
        "id": row.id,
        "email": row.email,
        "oauth_provider": row.oauth_provider.value if row.oauth_provider else None,
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
    for one in audits:
        if one.waits:
            typer.echo(
                f"{one.name} is compared after its next pass: the server numbers it anew, or it is being loaded."
            )
