"""`mailsync demo`: the daemon on a bundled sample company, with a mail server and recipients of its own."""

import asyncio
import json
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from cli.application import opened_with
from cli.daemon import bind
from cli.demo.company import Company
from cli.demo.running import Demo, DemoOptions
from cli.demo.story import Outcome
from core.config import load_settings
from workers.process import stop_on_signals

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def demo(
    once: bool = typer.Option(False, "--once", help="Do the work, print the counts, exit."),
    as_json: bool = typer.Option(False, "--json", help="Print the counts as JSON."),
    classic: bool = typer.Option(False, "--classic", help="Classic mode: unknown people become leads."),
    without: list[str] = typer.Option([], hidden=True, help="Leave a sample message out, by its name."),
) -> None:
    """Run everything on a sample company in a fresh folder; nothing of it stays."""
    console = Console(stderr=as_json, highlight=False)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="mailsync-demo-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        chosen: dict[str, object] = {"data_dir": folder, "allow_private_hosts": True} | ({"port": 0} if once else {})
        settings = load_settings(**chosen)
        listener = bind(settings)
        stack.callback(listener.close)
        url = f"http://{settings.host}:{listener.getsockname()[1]}"
        application = stack.enter_context(opened_with(chosen | {"base_url": settings.base_url or url}))

        def show(outcome: Outcome, company: Company) -> None:
            if as_json:
                typer.echo(json.dumps(outcome.as_json()))
            else:
                _print(console, outcome, company, url, stays=not once)

        async def play_it() -> None:
            stop = asyncio.Event()
            stop_on_signals(stop)
            await Demo(
                application.store,
                application.settings,
                listener,
                DemoOptions(once, classic, tuple(without)),
                lambda sentence: console.print(f"  {sentence}", markup=False, soft_wrap=True),
            ).run(stop, show)

        uvloop.run(play_it())
    if not once:
        console.print("The demo has ended; nothing of it is left.")


def _print(console: Console, outcome: Outcome, company: Company, url: str, *, stays: bool) -> None:
    stored, sent = outcome.stored, outcome.newsletter
    table = Table(title=f"{company.name} after its first sync", show_header=False, title_justify="left")
    for what, number in stored.as_json().items():
        table.add_row(what, str(number))
    table.add_section()
    table.add_row("newsletter: audience", str(sent.audience))
    table.add_row("sent · failed · skipped · waiting", f"{sent.sent} · {sent.failed} · {sent.skipped} · {sent.pending}")
    table.add_row("opened · clicked by people", f"{sent.opened.human} · {sent.clicked.human}")
    console.print(table)
    if stays:
        console.print(f"\nThe console is at [bold]{url}[/bold] – sign in as one of:")
        for person in company.people:
            console.print(f"  {person.email}  [bold]{person.password}[/bold]  ({person.job}, {person.role})")
        console.print("\nCtrl-C ends the demo.")
