"""`mailsync campaign`: create, check, send, steer and report campaigns."""

import asyncio
import json
from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from campaigns import commands
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.preflight import preflight as run_preflight
from campaigns.report import Report, as_json, report
from campaigns.repository.campaigns import campaign_by_name
from cli.application import Application, command_group, opened
from cli.daemon import make_roles
from cli.data_directory import daemon_is_alive, only_daemon, take_over
from cli.stoppable import run_stoppable
from core.errors import UsageError
from crm.access.viewer import Viewer
from mailsync.oauth.tokens import access_token
from storage.models import CampaignState
from workers.process import play

FAILED = 1
LOOK_SECONDS = 0.2
ENDED = frozenset({CampaignState.FINISHED, CampaignState.CANCELLED, CampaignState.STOPPED, CampaignState.PAUSED})

app = command_group("Campaigns.")


@app.command()
def create(
    name: str,
    segment: str = typer.Option(..., help="Who gets it."),
    sender: str = typer.Option(..., "--from", help="The sender's address."),
    subject: str = typer.Option(..., help="May hold Liquid, such as {{ contact.first_name }}."),
    html: Path = typer.Option(..., help="The message as an HTML file with Liquid."),
    text: Path = typer.Option(None, help="Its plain-text part; made from the HTML by default."),
) -> None:
    """Save a draft."""
    new = NewCampaign(name, segment, sender, subject, _read(html), _read(text) if text else "")
    with opened() as application:
        create_campaign(application.store, application.settings, Viewer.system(), new)
    typer.echo(f"Saved the draft “{name}”: look at it with mailsync campaign preflight.")


@app.command()
def preflight(name: str, as_json_: bool = typer.Option(False, "--json")) -> None:
    """Check a campaign before it leaves; exit 1 when something stops it."""
    with opened() as application:
        checks = run_preflight(application.store, application.settings, Viewer.system(), name)
    if as_json_:
        typer.echo(
            json.dumps([{"code": one.code, "ok": one.ok, "stops": one.stops, "note": one.sentence} for one in checks])
        )
    else:
        for one in checks:
            typer.echo(("ok    " if one.ok else "stop  " if one.stops else "look  ") + one.sentence)
    if any(one.stops and not one.ok for one in checks):
        raise typer.Exit(FAILED)


@app.command("test")
def send_test(name: str, to: str = typer.Option(..., help="The address that gets the test.")) -> None:
    """Send the campaign to one address."""
    with opened() as application:
        store, settings = application.store, application.settings
        answer = asyncio.run(commands.send_test(store, settings, Viewer.system(), name, to, access_token))
    typer.echo(f"The server took it: {answer}")


@app.command()
def send(
    name: str,
    at: datetime = typer.Option(None, help="When to begin; now by default."),
    wait: bool = typer.Option(False, "--wait", help="Wait until it has ended."),
    as_json_: bool = typer.Option(False, "--json"),
) -> None:
    """Start a campaign. A running daemon sends it; with --wait and no daemon, this command does."""
    with opened() as application:
        commands.start(application.store, application.settings, Viewer.system(), name, at.astimezone() if at else None)
        if wait:
            _send_here_or_wait(application, name)
        found = _report(application, name)
    _print(found, machine=as_json_)
    if wait and found.state != CampaignState.FINISHED:
        raise typer.Exit(FAILED)


@app.command("report")
def show(name: str, as_json_: bool = typer.Option(False, "--json")) -> None:
    """Show what became of a campaign."""
    with opened() as application:
        found = _report(application, name)
    _print(found, machine=as_json_)


@app.command()
def pause(name: str) -> None:
    """Send no more for now."""
    with opened() as application:
        commands.pause(application.store, Viewer.system(), name)
    typer.echo("Paused.")


@app.command()
def resume(name: str) -> None:
    """Go on with a paused campaign."""
    with opened() as application:
        commands.resume(application.store, Viewer.system(), name)
    typer.echo("Resumed.")


@app.command()
def cancel(name: str) -> None:
    """Send no more, ever."""
    with opened() as application:
        commands.cancel(application.store, Viewer.system(), name)
    typer.echo("Cancelled.")


def _send_here_or_wait(application: Application, name: str) -> None:
    if not application.settings.embedded or daemon_is_alive(application.settings.data_dir):
        run_stoppable(_until_ended(application, name))
        return
    with only_daemon(application.settings.data_dir):
        take_over(application.store)
        run_stoppable(_send_here(application, name))


async def _send_here(application: Application, name: str) -> None:
    """Play the roles that a campaign needs until it has ended, or until one of them fails."""
    stop = asyncio.Event()
    roles = make_roles(["jobs", "send"], application.store, application.settings, None)
    playing = asyncio.create_task(play(roles, stop))
    ended = asyncio.create_task(_until_ended(application, name))
    try:
        await asyncio.wait({playing, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        ended.cancel()
        await playing


async def _until_ended(application: Application, name: str) -> None:
    while _report_state(application, name) not in ENDED:
        await asyncio.sleep(LOOK_SECONDS)


def _report_state(application: Application, name: str) -> CampaignState:
    with application.store.database.reading() as session:
        return campaign_by_name(session, Viewer.system(), name).state


def _report(application: Application, name: str) -> Report:
    with application.store.database.reading() as session:
        return report(session, Viewer.system(), campaign_by_name(session, Viewer.system(), name))


def _print(found: Report, *, machine: bool) -> None:
    if machine:
        typer.echo(json.dumps(as_json(found), ensure_ascii=False))
        return
    table = Table(show_header=False, box=None)
    for what, number in (
        ("state", found.state),
        ("audience", found.audience),
        ("sent", found.sent),
        ("failed", found.failed),
        ("skipped", found.skipped),
        ("in doubt", found.in_doubt),
        ("still to be sent", found.pending),
        ("opened by people", found.opened.human),
        ("clicked by people", found.clicked.human),
        ("bounced", found.bounced),
        ("unsubscribed", found.unsubscribed),
    ):
        table.add_row(what, str(number))
    Console().print(table)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The file {path} is not UTF-8 text.") from None
