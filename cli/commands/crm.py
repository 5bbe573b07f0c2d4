"""`mailsync crm`: how mail of unknown people is handled."""

import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.progress import Progress

from cli.application import Application, command_group, opened
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.lead_runs import go_on
from crm.records.modes import Client, CrmMode, Mode, change_repeat, read_mode
from crm.records.repository.conversion import ActiveLeads, active_leads
from crm.records.repository.lead_runs import Choices, Run
from crm.records.repository.reading import pipelines
from crm.records.switching import change_mode

app = command_group("How mail of unknown people is handled.")


@app.command()
def mode(
    to: Mode = typer.Argument(None, help="The mode to change to; without it, show the one in force."),
    client: Client = typer.Option(Client.CONTACT, help="Simple mode: what stands beside a new deal."),
    pipeline: str = typer.Option(None, help="To Simple: the pipeline in which active leads become deals."),
    keep_activities: bool = typer.Option(
        True,
        "--keep-activities/--complete-activities",
        help="To Simple: whether what is planned on active leads stays open on their deals.",
    ),
    only_preview: bool = typer.Option(False, "--preview", help="Only say what would become of active leads."),
    as_json: bool = typer.Option(False, "--json"),
) -> None:
    """Show the CRM mode, or put another one in force; in Simple mode all active leads become clients and deals."""
    with opened() as application:
        if only_preview:
            _show_preview(application, to, as_json=as_json)
            return
        done = None
        if to is not None:
            choices = Choices(client, _pipeline_id(application, pipeline), not keep_activities)
            done = _change(application, to, choices)
        with application.store.database.reading() as session:
            now = read_mode(session)
    _show(now, done, as_json=as_json)


@app.command()
def repeat(
    on: bool = typer.Option(None, "--on/--off", help="Switch it; without it, show what is in force."),
    as_json: bool = typer.Option(False, "--json"),
) -> None:
    """Whether a client without open deal or active lead who writes again gets a repeat one."""
    with opened() as application:
        if on is not None:
            with application.store.database.unit_of_work() as session:
                change_repeat(session, Viewer.system(), on=on)
        with application.store.database.reading() as session:
            now = read_mode(session).repeat_items
    typer.echo(
        json.dumps({"repeat_items": now}) if as_json else f"Repeat deals and leads are {'on' if now else 'off'}."
    )


def _change(application: Application, to: Mode, choices: Choices) -> Run | None:
    """Change the mode, and convert here what a daemon that is alive converts at the same time."""
    with application.store.database.unit_of_work() as session:
        switch = change_mode(session, Viewer.system(), to, choices)
    if switch is None:
        return None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Converting leads", total=switch.total)
        return go_on(
            application.store,
            switch.number,
            lambda now: progress.update(task, completed=now.done, total=max(now.total, now.done)),
        )


def _pipeline_id(application: Application, name: str | None) -> int | None:
    if name is None:
        return None
    with application.store.database.reading() as session:
        known = {each.name: each.id for each in pipelines(session, Viewer.system())}
    if name not in known:
        there = f"There are: {', '.join(known)}." if known else "There is none yet: the first deal makes one."
        raise UsageError(f"There is no pipeline {name!r}. {there}")
    return known[name]


def _show_preview(application: Application, to: Mode | None, *, as_json: bool) -> None:
    with application.store.database.reading() as session:
        active = active_leads(session) if to is not Mode.CLASSIC else ActiveLeads(0, 0, 0, 0)
    if as_json:
        typer.echo(json.dumps(asdict(active)))
    elif to is Mode.CLASSIC:
        typer.echo("Nothing would be converted: deals stay deals, and unknown people become leads from then on.")
    else:
        typer.echo(
            f"{active.leads} active leads would become clients and deals, {active.repeat} of them repeat deals of clients "
            f"that are known. {active.mails} mails and {active.planned} planned activities would stand on them."
        )


def _show(now: CrmMode, done: Run | None, *, as_json: bool) -> None:
    if as_json:
        converted = (
            {"converted": done.done, "left": [each.id for each in done.left]} if done else {"converted": 0, "left": []}
        )
        typer.echo(json.dumps({"mode": now.mode.value, "client": now.client.value, **converted}))
        return
    typer.echo(f"The CRM mode is {now.mode.value}." + ("" if now.is_classic else f" Client: {now.client.value}."))
    if done is not None:
        typer.echo(f"{done.done} leads became clients and deals.")
    if done is not None and done.left:
        typer.echo(f"{len(done.left)} could not be converted and stay leads.")
