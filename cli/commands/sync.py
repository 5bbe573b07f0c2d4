"""`mailsync sync --once`: every mailbox (or one) up to date, history too, then exit.

While a daemon is alive it does the work, and this command waits for it; with none alive it syncs by itself.
"""

import asyncio
import time
from collections.abc import Callable

import typer
from rich.console import Console
from rich.progress import Progress

from cli.application import Application, opened
from cli.commands.mailbox_connecting import find_mailbox
from cli.data_directory import DaemonIsAlive, only_daemon, take_over
from cli.stoppable import run_stoppable
from core.clock import utcnow
from core.errors import Conflict, MailsyncError, UsageError
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.account import open_connection
from mailsync.health.looking import mailbox_health
from mailsync.mailbox_sync import MailboxSync
from mailsync.side_tasks import side_tasks
from mailsync.states.failures import note_failure
from mailsync.traffic.metering import count_moved
from storage import leases
from storage.leases import HeldLease
from storage.models import Mailbox, MailboxState
from storage.sessions import WriteSession
from storage.store import Store
from workers.holding import LEASE_FOR, RENEW_AFTER
from workers.scheduler import holder_name

WAIT_SECONDS = 600.0
FAILED = 1


class WorkedOnElsewhere(Conflict):
    """Another process has the lease on the mailbox."""


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def sync(
    email: str = typer.Argument(None, help="One mailbox; all by default."),
    once: bool = typer.Option(False, "--once", help="Come up to date, then exit."),
) -> None:
    """Bring mailboxes up to date."""
    if not once:
        raise UsageError("Use mailsync sync --once, or mailsync run for a daemon that keeps mailboxes in step.")
    with opened() as application:
        rows = [find_mailbox(application, email)] if email else _all(application)
        if not rows:
            raise UsageError("There are no mailboxes yet: connect one with mailsync mailbox add.")
        failed = _sync_all(application, rows)
    if failed:
        raise typer.Exit(FAILED)


def _all(application: Application) -> list[Mailbox]:
    with application.store.database.reading() as session:
        rows = repository.mailboxes(session, Viewer.system())
    return [row for row in rows if row.state not in repository.RESTING]


def _sync_all(application: Application, rows: list[Mailbox]) -> list[Mailbox]:
    """Sync here, or wait for the daemon that holds the data directory. Returns those that could not be brought up."""
    if not application.settings.embedded:
        return [row for row in rows if not _sync_here(application, row)]
    try:
        with only_daemon(application.settings.data_dir):
            take_over(application.store)
            return [row for row in rows if not _sync_here(application, row)]
    except DaemonIsAlive:
        return [row for row in rows if not _wait_for_daemon(application, row)]


def _sync_here(application: Application, row: Mailbox) -> bool:
    terminal = Console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        task = progress.add_task(f"Mailbox {row.id}", total=None)
        try:
            stored = run_stoppable(_bring_up(application, row, lambda count: progress.advance(task, count)))
        except WorkedOnElsewhere:
            stored = None
        except MailsyncError as error:
            _note(application, row, error)
            return _failed(row, str(error))
    if stored is None:
        return _wait_for_daemon(application, row)
    typer.echo(f"{row.email}: {stored} messages stored.")
    waits = _older_mail_waits(application, row)
    return not waits or _failed(row, waits)


def _older_mail_waits(application: Application, row: Mailbox) -> str:
    """Why history is not all here, though the server works; empty where it is."""
    with application.store.database.reading() as session:
        health = mailbox_health(session, Viewer.system(), row.id)
    if not health.loading or health.waits_until is None:
        return ""
    moment = f"{health.waits_until:%Y-%m-%d %H:%M} UTC"
    return f"Its provider lets only so much be loaded in a day: new mail is here, older mail goes on at {moment}."


async def _bring_up(application: Application, row: Mailbox, on_stored: Callable[[int], None]) -> int:
    """Raises `WorkedOnElsewhere` when another process has the mailbox, or took it from us."""
    store, holder = application.store, holder_name()
    lease = await asyncio.to_thread(_acquire, store, row.id, holder)

    def fence(session: WriteSession) -> None:
        if not leases.still_held(session, lease):
            raise WorkedOnElsewhere

    try:
        connection = await open_connection(store, application.settings, row)
        try:
            async with side_tasks() as tasks:
                renewing = tasks.create_task(_renew(store, row.id, holder))
                stored = await MailboxSync(
                    store, application.settings, connection, row, fence, on_stored
                ).bring_up_to_date()
                renewing.cancel()
                return stored
        finally:
            await connection.close()
            await asyncio.to_thread(count_moved, store, connection, row)
    finally:
        with store.database.unit_of_work() as session:
            leases.release(session, lease)


async def _renew(store: Store, mailbox_id: int, holder: str) -> None:
    while True:
        await asyncio.sleep(RENEW_AFTER)
        await asyncio.to_thread(_acquire, store, mailbox_id, holder)


def _acquire(store: Store, mailbox_id: int, holder: str) -> HeldLease:
    with store.database.unit_of_work() as session:
        lease = leases.acquire(session, f"mailbox:{mailbox_id}", holder, LEASE_FOR)
    if lease is None:
        raise WorkedOnElsewhere
    return lease


def _note(application: Application, row: Mailbox, error: MailsyncError) -> None:
    with application.store.database.unit_of_work() as session:
        note_failure(session, row.id, error)


def _wait_for_daemon(application: Application, row: Mailbox) -> bool:
    """Until a pass that began after now has ended, or the daemon has told why there can be none."""
    asked = utcnow()
    with application.store.database.unit_of_work() as session:
        repository.ask_for_pass(session, row.id)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with application.store.database.reading() as session:
            now = repository.mailbox(session, row.id)
        if now.state is MailboxState.AUTH_FAILED or _rests(now):
            return _failed(row, now.state_reason)
        if now.state is MailboxState.LIVE and now.last_pass_at is not None and now.last_pass_at > asked:
            typer.echo(f"{row.email}: up to date.")
            return True
        if now.last_pass_at is not None and now.last_pass_at > asked and (waits := _older_mail_waits(application, row)):
            return _failed(row, waits)
        time.sleep(0.2)
    return _failed(row, "The daemon did not bring it up to date in ten minutes: see mailsync mailbox list.")


def _rests(row: Mailbox) -> bool:
    """Whether the daemon could not reach the server, and waits before it tries again."""
    in_trouble = row.state in (MailboxState.UNREACHABLE, MailboxState.THROTTLED)
    return in_trouble and row.retry_at is not None and row.retry_at > utcnow()


def _failed(row: Mailbox, reason: str) -> bool:
    typer.echo(f"mailsync: {row.email}: {reason}", err=True)
    return False
