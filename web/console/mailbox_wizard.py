"""Connecting a mailbox, page by page: address → its servers → the test, watched step by step → folders and privacy → the
first mail. Everything works without script; the test is one answer that is written while it goes on."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from core.addresses import address_key
from core.errors import Conflict, NotFound, UsageError
from crm.conversations.repository.mailboxes import mailboxes
from crm.conversations.repository.threads import threads_page
from crm.conversations.views.threads import MailView, ThreadFilter
from mailsync import repository
from mailsync.checking.results import Check, Problem, SeenFolder, Step
from mailsync.checking.running import connection_steps
from mailsync.connecting import add_mailbox
from mailsync.discovery.finding import Found, find_servers
from mailsync.imap.server import Security
from mailsync.logins import NewMailbox
from mailsync.presets import limits_of
from storage.models import FolderRole, MailboxState, ShareLevel
from web.console.mailbox_depth import depth_since
from web.console.mailbox_drafts import Draft, LoginFields, fields_of, keeping, seal, unseal, with_kept
from web.forms import RowId
from web.rendering import render, render_piece, render_split
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of
from web.words import FOLDER_ROLES

router = page_router()
ROOT = "/settings/mailboxes"
SHOWN_FOLDERS = 400
"""So many folders are offered for choosing; those beyond are loaded."""
FIRST_MAILS = 6


@router.get(f"{ROOT}/new")
def address(request: Request, me: Me) -> Response:
    """The first page: whose mailbox?"""
    me.viewer.require_connecting()
    return render(request, me, "settings/mailbox_new.html", email="", failure="")


@router.post(f"{ROOT}/new/servers")
async def servers(request: Request, me: Me, email: Annotated[str, Form()] = "") -> Response:
    """Find the servers, and show them before anything is asked for."""
    me.viewer.require_connecting()
    email = email.strip()
    try:
        await run_in_threadpool(_require_new, request, email)
        found = await find_servers(email, services_of(request).settings)
    except (UsageError, Conflict) as error:
        page: dict[str, Any] = {"email": email, "failure": str(error)}
        return await run_in_threadpool(render, request, me, "settings/mailbox_new.html", status=422, **page)
    context = _login_context(fields_of(email, found.proposal), found)
    return await run_in_threadpool(render, request, me, "settings/mailbox_servers.html", **context)


@router.post(f"{ROOT}/new/test")
async def test(request: Request, me: Me, fields: Annotated[LoginFields, Form()]) -> Response:
    """Try the login; the page grows with each step, and ends with what is to be chosen or what is to be mended."""
    me.viewer.require_connecting()
    headers = {"x-accel-buffering": "no"}  # A proxy must not hold the steps back until the last.
    return StreamingResponse(_tested(request, me, fields), media_type="text/html", headers=headers)


@router.post(ROOT)
def connect(
    request: Request,
    me: Me,
    draft: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    depth: Annotated[str, Form()] = "year",
    day: Annotated[str, Form()] = "",
    folder: Annotated[list[RowId] | None, Form()] = None,
    level: Annotated[ShareLevel, Form()] = ShareLevel.PRIVATE,
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Save what was tested and chosen."""
    me.viewer.require_connecting(shared=shared)
    services = services_of(request)
    tested = unseal(services.store.keys, me.id, draft)
    chosen = frozenset(folder or ())
    left_out = [one.name for index, one in enumerate(tested.folders[:SHOWN_FOLDERS]) if index not in chosen]
    no_folder = bool(left_out) and len(left_out) == len(tested.folders)
    since, failure = None, ""
    try:
        since = depth_since(depth, day, me)
    except UsageError as error:
        failure = str(error)
    if failure or no_folder:
        page = _choices_context(request, me, tested)
        page |= {"name": name, "depth": depth, "day": day, "chosen": chosen, "level": level, "shared": shared}
        page |= {"failure": failure, "no_folder": no_folder}
        return render(request, me, "settings/mailbox_choices.html", status=422, **page)
    given = replace(
        tested.login,
        name=name.strip(),
        owner_id=None if shared else me.id,
        shared=shared,
        share_level=None if shared else level,
        depth_since=since,
        folders=tested.folders,
        left_out=frozenset(left_out),
    )
    mailbox_id = add_mailbox(services.store, services.settings, given, test=False)
    return RedirectResponse(f"{ROOT}/{mailbox_id}/connected", 303)


@router.get(f"{ROOT}/{{mailbox_id}}/connected")
def connected(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """The last page: the first mail as it arrives."""
    with services_of(request).store.database.reading() as session:
        box = next((one for one in mailboxes(session, me.viewer) if one.id == mailbox_id), None)
        if box is None:
            raise NotFound("There is no such mailbox.")
        wanted = ThreadFilter(MailView.ALL, mailbox_id)
        first = threads_page(session, me.viewer, wanted, after=None, limit=FIRST_MAILS)
    goes_on = box.state in (MailboxState.CONNECTING, MailboxState.BACKFILLING)
    page: dict[str, Any] = {"box": box, "threads": first.rows, "goes_on": goes_on}
    return render(request, me, "settings/mailbox_connected.html", part="settings/_mailbox_arriving.html", **page)


def _require_new(request: Request, email: str) -> None:
    with services_of(request).store.database.reading() as session:
        if repository.mailbox_by_email(session, address_key(email)) is not None:
            raise Conflict("This mailbox is connected already.")


async def _tested(request: Request, me: SignedIn, fields: LoginFields) -> AsyncIterator[str]:
    before, behind = await run_in_threadpool(
        render_split, request, me, "settings/mailbox_testing.html", email=fields.email.strip()
    )
    yield before
    keys = services_of(request).store.keys
    try:
        fields = with_kept(fields, keys, me.id)
        login = fields.login()
    except UsageError as error:
        login = Problem(str(error))
    problem = login if isinstance(login, Problem) else None
    folders: tuple[SeenFolder, ...] = ()
    if isinstance(login, NewMailbox):
        left = _steps(login)
        yield _line(request, me, running=left[0])
        try:
            async with aclosing(connection_steps(login, services_of(request).settings)) as checks:
                async for check in checks:
                    left = left[left.index(check.step) + 1 :]
                    folders = check.folders or folders
                    problem = check.problem
                    yield _line(request, me, check=check, running=None if problem or not left else left[0])
        except UsageError as error:  # What can not even be tried.
            problem = Problem(str(error))
    yield "</ol>"
    if problem is None and isinstance(login, NewMailbox):
        yield render_piece(
            request, me, "settings/_mailbox_choices.html", **_choices_context(request, me, Draft(login, folders))
        )
    elif problem is not None:
        context = _login_context(keeping(fields, keys, me.id, problem), None, problem)
        yield render_piece(request, me, "settings/_mailbox_login.html", **context)
    yield behind


def _steps(login: NewMailbox) -> list[Step]:
    """The steps that a test of this login will go through."""
    plain = login.imap_security is Security.NONE
    left_out = {Step.ENCRYPT} if plain else set()
    return [step for step in Step if step not in left_out and (step is not Step.SENDING or login.smtp_url)]


def _line(request: Request, me: SignedIn, *, check: Check | None = None, running: Step | None) -> str:
    return render_piece(request, me, "settings/_mailbox_step.html", check=check, running=running)


def _login_context(fields: LoginFields, found: Found | None, problem: Problem | None = None) -> dict[str, Any]:
    return {
        "fields": fields,
        "proposal": found.proposal if found else None,
        "reason": found.reason if found else "",
        "problem": problem,
        "securities": list(Security),
    }


def _choices_context(request: Request, me: SignedIn, tested: Draft) -> dict[str, Any]:
    """What can be chosen, and what is chosen before anybody did."""
    limit = limits_of(tested.login.imap_host or "").daily_bytes
    return {
        "draft": seal(services_of(request).store.keys, me.id, tested),
        "email": tested.login.email,
        "sends": tested.login.smtp_url is not None,
        "folders": _listed(tested.folders),
        "chosen": range(len(tested.folders)),
        "level": ShareLevel.PRIVATE,
        "all_mail": any(folder.role is FolderRole.ALL for folder in tested.folders),
        "more_folders": max(len(tested.folders) - SHOWN_FOLDERS, 0),
        "daily_bytes": limit,
        "name": me.name,
        "depth": "year",
        "day": "",
        "shared": False,
        "failure": "",
        "no_folder": False,
    }


def _listed(folders: tuple[SeenFolder, ...]) -> list[tuple[int, SeenFolder]]:
    """Those that are offered, with their places in the draft: by what they are for, then by name."""
    order = list(FOLDER_ROLES)
    offered = list(enumerate(folders[:SHOWN_FOLDERS]))
    return sorted(offered, key=lambda one: (order.index(one[1].role), one[1].name.casefold()))
