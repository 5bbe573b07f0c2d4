"""`mailsync mailbox show` and `quarantine`: how one mailbox fares, as its page in the console tells it."""

from pathlib import Path

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from cli.application import opened
from cli.commands.mailbox_connecting import find_mailbox
from core.errors import NotFound
from crm.access.viewer import Viewer
from mailsync.health.looking import mailbox_health
from mailsync.health.quarantine import raw_message, try_again
from mailsync.health.views import Allowance, AuditResult, FolderHealth, MailboxHealth
from storage.models import Mailbox


def show(email: str, as_json: bool = typer.Option(False, "--json", help="The object that the API gives.")) -> None:
    """Show one mailbox: state, progress, folders, what is owed, what could not be stored, the last audit."""
    with opened() as application:
        row = find_mailbox(application, email)
        with application.store.database.reading() as session:
            health = mailbox_health(session, Viewer.system(), row.id)
    if as_json:
        typer.echo(TypeAdapter(MailboxHealth).dump_json(health).decode())
        return
    for line in _lines(row, health):
        typer.echo(line)
    Console().print(_folders(health))


def quarantine(
    email: str,
    retry: bool = typer.Option(False, "--retry", help="Try all of them again at the next pass."),
    save: Path = typer.Option(None, help="Write the original bytes of each into this folder."),
) -> None:
    """List messages that could not be stored, save their bytes, or have them tried again."""
    with opened() as application:
        store, row = application.store, find_mailbox(application, email)
        with store.database.reading() as session:
            found = mailbox_health(session, Viewer.system(), row.id).quarantined
        for one in found:
            typer.echo(f"{one.id}  {one.folder} {one.uid}  {one.size} bytes  It {one.reason}.")
            if save:
                save.mkdir(parents=True, exist_ok=True)
                (save / f"message-{one.id}.eml").write_bytes(raw_message(store, Viewer.system(), row.id, one.id))
        if not found:
            typer.echo("Every message could be stored.")
        elif retry:
            typer.echo(f"{try_again(store, Viewer.system(), row.id)} are asked for again at the next pass.")


def _lines(row: Mailbox, health: MailboxHealth) -> list[str]:
    box = health.box
    lines = [f"{box.email}: {box.state.value}" + (f" ({box.state_reason})" if box.state_reason else "")]
    if health.removal:
        lines.append("It is being removed." if health.removal.began_at else "It will be removed in a moment.")
    if health.loading:
        about = "" if health.progress.exact else "about "
        lines.append(f"Older mail: {health.progress.stored} of {about}{health.progress.total} messages.")
    if health.allowance:
        lines.append(_allowance(health.allowance))
    if box.last_pass_at:
        lines.append(f"In step with the server as of {box.last_pass_at:%Y-%m-%d %H:%M:%S} UTC.")
    depth = f"since {row.depth_since:%Y-%m-%d}" if row.depth_since else "everything"
    lines.append(f"Loaded: {depth}, looked into every {row.poll_minutes} min. Colleagues see: {box.share_level.value}.")
    if box.gaps or box.quarantined:
        lines.append(f"{box.gaps} messages are asked for again, {box.quarantined} could not be stored.")
    return [*lines, _audit(health.audit)]


def _allowance(allowance: Allowance) -> str:
    used, allowed = -(-allowance.used // 1_000_000), allowance.allowed // 1_000_000
    words = f"{allowance.provider} allows {allowed} MB a day by IMAP, {used} MB went in the last 24 hours"
    if allowance.all_from:
        return f"{words}: nothing more is loaded before {allowance.all_from:%Y-%m-%d %H:%M} UTC."
    if allowance.history_from:
        return f"{words}: older mail waits until {allowance.history_from:%Y-%m-%d %H:%M} UTC."
    return f"{words}."


def _audit(audit: AuditResult | None) -> str:
    if audit is None:
        return "Not compared with the server yet."
    if audit.under_way:
        return "It is being compared with the server."
    if audit.finished_at is None:
        return "The last comparison with the server was not finished: mailsync mailbox audit makes another."
    if audit.failure:
        return f"Not compared with the server: {audit.failure}"
    what = f"{len(audit.differences)} folders differed" if audit.differences else "everything is here"
    return f"Compared with the server at {audit.finished_at:%Y-%m-%d %H:%M} UTC: {what}."


def _folders(health: MailboxHealth) -> Table:
    table = Table("id", "folder", "role", "followed", "here", "there", "what to know", box=None)
    for one in health.folders:
        followed = "yes" if one.followed else "no"
        numbers = (str(one.stored), str(one.on_server))
        table.add_row(str(one.id), one.name, one.role.value, followed, *numbers, one.refusal or one.note)
    return table


def folder_ids(folders: list[FolderHealth], names: list[str]) -> list[int]:
    """Ids of folders by name. Raises `NotFound` for a name that no folder has."""
    known = {one.name: one.id for one in folders}
    for name in names:
        if name not in known:
            raise NotFound("There is no folder of that name: see mailsync mailbox show.")
    return [known[name] for name in names]
