"""`mailsync doctor`: is everything in order? One line a check; exit 1 when something is not."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass

import redis
import typer
from rich.console import Console

from cli.application import Application, opened
from cli.data_directory import daemon_is_alive
from core.config import Settings
from core.errors import MailsyncError
from crm.access import repository as people
from crm.access.viewer import Viewer
from delivery.dns import Resolver
from mailsync import repository
from mailsync.account import open_connection
from storage import outbox
from storage.models import Mailbox

FAILED = 1
PROBE_DOMAIN = "example.com"
"""Reserved by RFC 2606, with a published null MX: any working resolver knows it."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is fine, and what to know or do."""

    what: str
    fine: bool
    note: str


@app.command()
def doctor(as_json: bool = typer.Option(False, "--json")) -> None:
    """Check settings, database, jobs, Redis, people, mailboxes and DNS."""
    with opened() as application:
        findings = list(_examine(application))
    if as_json:
        typer.echo(json.dumps([{"what": one.what, "fine": one.fine, "note": one.note} for one in findings]))
    else:
        console = Console(highlight=False, markup=False)
        for one in findings:
            console.print(("ok    " if one.fine else "look  ") + f"{one.what}: {one.note}")
    if not all(one.fine for one in findings):
        raise typer.Exit(FAILED)


def _examine(application: Application) -> Iterator[Finding]:
    settings, store = application.settings, application.store
    where = f"SQLite in {settings.data_dir}" if settings.embedded else "PostgreSQL"
    yield Finding("database", True, f"{where}, newest shape, its keys fit")
    if settings.embedded:
        alive = daemon_is_alive(settings.data_dir)
        yield Finding("daemon", alive, "running" if alive else "not running: start it with mailsync run")
    yield from _redis(settings)
    with store.database.reading() as session:
        jobs = outbox.counts(session)
        persons = len(people.people(session, Viewer.system()))
        mailboxes = repository.mailboxes(session, Viewer.system())
    dead = jobs.get("dead", 0)
    yield Finding("jobs", not dead, f"{dead} given up: see Settings, System" if dead else "none was given up")
    yield Finding("people", persons > 0, f"{persons} may sign in" if persons else "none: mailsync user add")
    for mailbox in mailboxes:
        yield asyncio.run(_mailbox(application, mailbox))
    yield asyncio.run(_dns(settings))


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        return
    try:
        client = redis.Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=5)
        client.ping()
        client.close()
    except redis.RedisError:
        yield Finding("redis", False, "does not answer: check MAILSYNC_REDIS_URL and that it runs")
    else:
        yield Finding("redis", True, "answers")


async def _mailbox(application: Application, mailbox: Mailbox) -> Finding:
    what = f"mailbox {mailbox.email}"
    try:
        connection = await open_connection(application.store, application.settings, mailbox)
        await connection.close()
    except MailsyncError as error:
        return Finding(what, False, str(error))
    return Finding(what, True, f"logs in; {mailbox.state.value}")


async def _dns(settings: Settings) -> Finding:
    try:
        await Resolver(settings.dns_servers).mail_route(PROBE_DOMAIN)
    except MailsyncError as error:
        return Finding("dns", False, str(error))
    return Finding("dns", True, "answers")
