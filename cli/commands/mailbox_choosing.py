"""`mailsync mailbox choose`, `depth`, `share`, `members`, `describe`: what its page in the console lets people choose."""

import typer

from cli.application import Application, opened
from cli.commands.mailbox_connecting import find_mailbox
from cli.commands.mailbox_showing import folder_ids
from core.addresses import address_key
from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access import repository as people
from crm.access.viewer import Viewer
from mailsync.choices.changing import Choices, change_mailbox
from mailsync.choices.depth import read_depth
from mailsync.health.looking import folder_healths
from storage.models import ShareLevel


def choose(
    email: str,
    folder: list[str] = typer.Option([], help="Follow this folder and those named so; no other."),
    leave_out: list[str] = typer.Option([], help="Follow this one no more; the others stay as they are."),
    all_folders: bool = typer.Option(False, "--all", help="Follow every folder."),
    poll_minutes: int = typer.Option(None, help="How often quiet folders are looked into: 1, 5, 15 or 60."),
) -> None:
    """Choose which folders are followed, and how often."""
    if sum(map(bool, (folder, leave_out, all_folders))) > 1:
        raise UsageError("Say --folder, --leave-out or --all, one of them.")
    with opened() as application:
        row = find_mailbox(application, email)
        with application.store.database.reading() as session:
            known = folder_healths(session, row.id)
        ids: list[int] | None = None
        if all_folders:
            ids = [one.id for one in known]
        elif folder:
            ids = folder_ids(known, folder)
        elif leave_out:
            gone = folder_ids(known, leave_out)
            ids = [one.id for one in known if one.chosen and one.id not in gone]
        _change(application, row.id, Choices(folders=ids, poll_minutes=poll_minutes))
    typer.echo("Chosen; a running daemon looks now.")


def depth(
    email: str,
    how_far: str = typer.Argument(help="7 days, 30 days, 90 days, year, everything, or a day as 2026-01-31."),
) -> None:
    """Choose how far back mail is loaded; less keeps what is here."""
    with opened() as application:
        row = find_mailbox(application, email)
        _change(application, row.id, Choices(depth=read_depth(how_far, utcnow())))
    typer.echo("Chosen; what is missing is loaded by the daemon, or by mailsync sync --once.")


def share(email: str, level: ShareLevel) -> None:
    """Choose what colleagues who meet its mail on a record may read of it."""
    with opened() as application:
        _change(application, find_mailbox(application, email).id, Choices(share_level=level))
    typer.echo(f"Colleagues see: {level.value}.")


def members(
    email: str,
    person: list[str] = typer.Option(None, help="Address of somebody who works in it; all of them have to be named."),
    everybody: bool = typer.Option(False, "--everybody", help="Everybody works in it."),
    responsible: list[str] = typer.Option(None, help="Address of somebody who takes turns in being responsible."),
    nobody_responsible: bool = typer.Option(False, "--nobody-responsible", help="Nobody takes turns."),
) -> None:
    """Choose who works in a shared mailbox, and who is responsible by turns for what it brings; what is not said stays."""
    with opened() as application:
        row = find_mailbox(application, email)
        wanted = Choices(
            members=_ids(application, _named(person, "--person", nothing=everybody, flag="--everybody")),
            queue=_ids(
                application,
                _named(responsible, "--responsible", nothing=nobody_responsible, flag="--nobody-responsible"),
            ),
        )
        _change(application, row.id, wanted)
    typer.echo("Chosen.")


def describe(
    email: str,
    name: str = typer.Option(None, help="The sender's name on mail from here."),
    signature: str = typer.Option(None, help="What stands below each mail."),
    alias: list[str] = typer.Option(None, help="Another address of the mailbox; all of them have to be named."),
    no_alias: bool = typer.Option(False, "--no-alias", help="It has no other address."),
) -> None:
    """Change its name, its signature, its other addresses."""
    with opened() as application:
        aliases = _named(alias, "--alias", nothing=no_alias, flag="--no-alias")
        wanted = Choices(name=name, signature=signature, aliases=aliases)
        _change(application, find_mailbox(application, email).id, wanted)
    typer.echo("Changed.")


def _change(application: Application, mailbox_id: int, wanted: Choices) -> None:
    change_mailbox(application.store, Viewer.system(), mailbox_id, wanted)


def _named(given: list[str] | None, option: str, *, nothing: bool, flag: str) -> list[str] | None:
    """The list that was said; empty where `flag` says so, None where nothing was said."""
    if given and nothing:
        raise UsageError(f"Say {option} or {flag}, one of them.")
    return [] if nothing else given or None


def _ids(application: Application, addresses: list[str] | None) -> list[int] | None:
    if addresses is None:
        return None
    found = []
    with application.store.database.reading() as session:
        for address in addresses:
            person = people.person_by_key(session, Viewer.system(), address_key(address))
            if person is None:
                raise NotFound("One of these addresses is no colleague's: see Settings, People.")
            found.append(person.id)
    return found
