"""`mailsync mailbox remove` and `keep`: the numbers first, then the removal by the daemon, or here and now."""

import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.progress import Progress

from cli.application import Application, opened
from cli.commands.mailbox_connecting import find_mailbox
from core.errors import UsageError
from crm.access.viewer import Viewer
from mailsync.oauth.giving_back import give_back, held_access
from mailsync.removal.asking import ask_to_remove, plan_removal, take_back
from mailsync.removal.repository.planning import Plan
from mailsync.removal.steps import Removing
from workers.scheduler import holder_name

CANCELLED = 1


def remove(
    email: str,
    keep_mail: bool = typer.Option(None, "--keep-mail/--all-mail", help="Whether mail on records stays with them."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    now: bool = typer.Option(False, "--now", help="Remove it here, to the end, without the minute to take it back."),
    as_json: bool = typer.Option(False, "--json", help="Only print what would go."),
) -> None:
    """Remove a mailbox, with all its mail or without what stands on records. On the mail server nothing changes."""
    with opened() as application:
        row = find_mailbox(application, email)
        with application.store.database.reading() as session:
            plan = plan_removal(session, Viewer.system(), row.id)
        if as_json:
            typer.echo(json.dumps(asdict(plan)))
            return
        _tell(plan)
        if keep_mail is None:
            raise UsageError("Say --keep-mail to leave mail on your records, or --all-mail to remove all of it.")
        if not yes and not typer.confirm("Remove the mailbox?"):
            raise typer.Exit(CANCELLED)
        ask_to_remove(application.store, Viewer.system(), row.id, keep_mail=keep_mail, at_once=now)
        if now:
            _remove_here(application, row.id)
    typer.echo("Removed." if now else f"It begins in a minute; until then: mailsync mailbox keep {email}")


def keep(email: str) -> None:
    """Take a removal back that has not begun."""
    with opened() as application:
        take_back(application.store, Viewer.system(), find_mailbox(application, email).id)
    typer.echo("The mailbox stays.")


def _tell(plan: Plan) -> None:
    typer.echo(f"{plan.only_here} messages are only here, {plan.on_records} of them on records; ", nl=False)
    typer.echo(f"{plan.shared} stay in other mailboxes.")
    if plan.work:
        typer.echo(
            f"{plan.work} tasks and posts keep their text; with --all-mail they lose the mail they were made of."
        )
    if plan.waiting:
        typer.echo(f"{plan.waiting} mails that wait to be sent will not be sent.")


def _remove_here(application: Application, mailbox_id: int) -> None:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Removing", total=None)

        def tell(gone: int, total: int) -> None:
            progress.update(task, completed=gone, total=total)

        removing = Removing(application.store, mailbox_id, holder_name(), tell)
        removing.begin()
        give_back(application.settings, mailbox_id, held_access(application.store, mailbox_id))
        removing.empty()
        with application.store.database.unit_of_work() as session:
            removing.end(session)
