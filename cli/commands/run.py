"""`mailsync run`: the daemon."""

import asyncio
from contextlib import ExitStack

import typer
import uvloop

from cli.application import opened
from cli.daemon import bind, chosen_roles, make_roles
from cli.data_directory import only_daemon, take_over
from core.config import load_settings
from core.logging import get_logger
from storage.pg_notify import hearing
from workers.process import play, stop_on_signals

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

log = get_logger(__name__)


@app.command()
def run(
    only: str = typer.Option(None, help="Roles of this process, such as web,jobs; all by default."),
) -> None:
    """Start the daemon and work until Ctrl-C or SIGTERM."""
    names = chosen_roles(only)
    settings = load_settings()
    with ExitStack() as stack:
        if settings.embedded:
            stack.enter_context(only_daemon(settings.data_dir))
        listener = bind(settings) if "web" in names else None
        if listener is not None:
            stack.callback(listener.close)
        application = stack.enter_context(opened(quiet=False))
        if settings.embedded:
            take_over(application.store)
        stack.enter_context(hearing(application.store.database))
        if listener is not None:
            typer.echo(f"Mailsync is at http://{settings.host}:{listener.getsockname()[1]} (Ctrl-C stops it)")

        async def daemon() -> None:
            stop = asyncio.Event()
            stop_on_signals(stop)
            log.info("daemon.started", roles=list(names))
            await play(make_roles(names, application.store, application.settings, listener), stop)
            log.info("daemon.stopped")

        uvloop.run(daemon())
