"""`mailsync mailbox add`, `find` and `test`: from an address to servers that work, told step by step."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import typer

from cli.application import Application, opened
from cli.commands.user import read_password
from core.addresses import address_key
from core.config import load_settings
from core.errors import NotFound, UsageError
from mailsync import repository
from mailsync.checking.results import Check
from mailsync.checking.running import connection_steps, mailbox_steps, raise_problem
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.discovery.finding import Found, find_servers
from mailsync.discovery.proposals import Proposal, Source
from mailsync.imap.server import Security
from storage.models import Mailbox

FAILED = 1
PROMPT = "Password of the mailbox: "
SOURCES = {
    Source.PRESET: "known provider",
    Source.AUTOCONFIG: "told by the domain itself",
    Source.DATABASE: "Thunderbird's database",
    Source.SRV: "the domain's SRV records",
    Source.MX: "the provider that takes the domain's mail in",
    Source.GUESS: "usual names that answer",
}


def add(
    email: str,
    imap_host: str = typer.Option(None, help="host or host:port; by default the one of the provider."),
    imap_port: int = typer.Option(None),
    imap_security: Security = typer.Option(None, help="tls, starttls, or none for a test server."),
    username: str = typer.Option(None, help="By default the address."),
    smtp: str = typer.Option(None, help="smtps://host, smtp+starttls://host:587, or smtp://localhost:25"),
    name: str = typer.Option("", help="The sender's name on outgoing mail."),
    shared: bool = typer.Option(False, "--shared", help="Everybody may read it."),
    new_since: datetime = typer.Option(None, help="Mail from then on may create records (default: now)."),
    depth_since: datetime = typer.Option(None, help="How far back history is loaded (default: everything)."),
    receives_intake: bool = typer.Option(
        False, "--receives-intake", help="Secret task and feed addresses arrive here."
    ),
    authserv_id: str = typer.Option(None, help="Whose Authentication-Results header is to be believed."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from standard input."),
    yes: bool = typer.Option(False, "--yes", help="Use what was found for the address without asking."),
    no_test: bool = typer.Option(False, "--no-test", help="Save without connecting first."),
) -> None:
    """Connect a mailbox; the connection is tested before it is saved."""
    given = NewMailbox(
        email=email,
        password=read_password(PROMPT, stdin=password_stdin) if password_stdin or not sys.stdin.isatty() else "",
        name=name,
        imap_host=imap_host,
        imap_port=imap_port,
        imap_security=imap_security,
        username=username,
        smtp_url=smtp,
        shared=shared,
        new_since=new_since.astimezone() if new_since else None,
        depth_since=depth_since.astimezone() if depth_since else None,
        receives_intake=receives_intake,
        authserv_id=authserv_id,
    )
    with opened() as application:
        if imap_host is None:
            given = _with_servers(given, asyncio.run(find_servers(email, application.settings)), yes=yes)
        if not given.password:
            given = replace(given, password=read_password(PROMPT, stdin=False))
        if not no_test:
            asyncio.run(_tested(connection_steps(given, application.settings)))
        mailbox_id = add_mailbox(application.store, application.settings, given, test=False)
    typer.echo(
        f"Connected as mailbox {mailbox_id}. A running daemon takes it up by itself; or run mailsync sync --once."
    )


def find(email: str, as_json: bool = typer.Option(False, "--json")) -> None:
    """Find the servers of an address; no password is asked for, nothing is saved."""
    found = asyncio.run(find_servers(email, load_settings()))
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
    elif found.proposal is not None:
        _print_proposal(found.proposal)
    else:
        typer.echo(found.reason)
    if found.proposal is None:
        raise typer.Exit(FAILED)


def test(email: str) -> None:
    """Try the connection of a mailbox again and tell what is wrong."""
    with opened() as application:
        row = find_mailbox(application, email)
        checks = asyncio.run(_printed(mailbox_steps(application.store, application.settings, row)))
    if checks[-1].problem:
        raise typer.Exit(FAILED)


def find_mailbox(application: Application, email: str) -> Mailbox:
    """The mailbox with that address. Raises `NotFound`."""
    with application.store.database.reading() as session:
        row = repository.mailbox_by_email(session, address_key(email))
    if row is None:
        raise NotFound("There is no such mailbox: see mailsync mailbox list.")
    return row


async def _printed(checks: AsyncIterator[Check]) -> list[Check]:
    """Show each step as it is done."""
    done = []
    async for check in checks:
        done.append(check)
        more = f" See {check.problem.help}" if check.problem and check.problem.help else ""
        typer.echo(f"{check.step.heading}: {check.words}{more}")
    return done


async def _tested(checks: AsyncIterator[Check]) -> None:
    """Show the steps that work; raises `UsageError` with the first that does not."""
    async for check in checks:
        raise_problem([check])
        typer.echo(f"{check.step.heading}: {check.words}")


def _with_servers(given: NewMailbox, found: Found, *, yes: bool) -> NewMailbox:
    """What was found, once the person has seen it: no password goes to servers that a stranger may have named."""
    proposal = found.proposal
    if proposal is None:
        raise UsageError(f"{found.reason} Or give the IMAP host with --imap-host, the outgoing server with --smtp.")
    _print_proposal(proposal)
    if proposal.imap is None:
        raise UsageError(proposal.note)
    if proposal.source is not Source.PRESET and not yes:
        if not sys.stdin.isatty():
            raise UsageError("Add --yes to use these servers, or give others with --imap-host and --smtp.")
        typer.confirm("Send the password there?", abort=True)
    return replace(
        given,
        imap_host=proposal.imap.host,
        imap_port=given.imap_port or proposal.imap.port,
        imap_security=given.imap_security or proposal.imap.security,
        username=given.username or proposal.username,
        smtp_url=given.smtp_url or proposal.smtp_url,
    )


def _print_proposal(proposal: Proposal) -> None:
    typer.echo(f"{proposal.provider} ({SOURCES[proposal.source]})")
    if proposal.imap is not None:
        typer.echo(f"IMAP: {proposal.imap} ({proposal.imap.security.value})")
        typer.echo(f"SMTP: {proposal.smtp_url or 'none was found'}")
    for sentence in filter(None, (*proposal.cautions, proposal.note, proposal.help)):
        typer.echo(sentence)


def _as_json(found: Found) -> dict[str, object]:
    proposal = found.proposal
    if proposal is None:
        return {"reason": found.reason}
    imap = proposal.imap
    return {
        "source": proposal.source.value,
        "provider": proposal.provider,
        "imap": {"host": imap.host, "port": imap.port, "security": imap.security.value} if imap else None,
        "smtp": proposal.smtp_url,
        "username": proposal.username,
        "auth": [kind.value for kind in proposal.auth],
        "note": proposal.note,
        "help": proposal.help,
        "cautions": list(proposal.cautions),
    }
