"""Settings: people, API tokens, the system's state, my own account."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access import people, repository
from crm.access.api_tokens import Scope, create_token, revoke_token
from crm.access.people import NewPerson
from crm.access.roles import repository as roles
from crm.access.roles.keeping import give_role
from crm.office.settings import choose_formats
from crm.work.handing_over.repository import count_theirs
from storage import outbox
from storage.models import Role
from storage.writer_lock import Urgency
from web.forms import RowId, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of
from web.words import FORMATS

router = page_router()


@router.get("/settings/people")
def people_list(request: Request, me: Me) -> Response:
    """Who works here, and what they may."""
    with services_of(request).store.database.reading() as session:
        rows = repository.people(session, me.viewer, with_inactive=True)
        there = roles.roles(session, me.viewer)
        placed = roles.departments(session, me.viewer)
    names = {one.id if one.built_in is None else one.built_in: one.name for one in there}
    return render(request, me, "settings/people.html", rows=rows, roles=there, names=names, departments=placed)


@router.post("/settings/people")
def add_colleague(
    request: Request,
    me: Me,
    email: Annotated[str, Form()],
    name: Annotated[str, Form()],
    password: Annotated[str, Form()],
    role: Annotated[str, Form()] = Role.SELLER,
) -> Response:
    """Add a colleague."""
    built_in, role_id = _role(role)
    new = NewPerson(email, name, built_in or Role.NONE, password, role_id=role_id)
    people.add_person(services_of(request).store, me.viewer, new)
    return RedirectResponse("/settings/people", 303)


@router.post("/settings/people/{user_id}/role")
def change_role(request: Request, me: Me, user_id: RowId, role: Annotated[str, Form()]) -> Response:
    """Change what a colleague may: a built-in role by its name, an own one by its number."""
    store = services_of(request).store
    built_in, role_id = _role(role)
    if built_in is not None:
        people.change_role(store, me.viewer, user_id, built_in)
    else:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            give_role(session, me.viewer, user_id, role_id or 0)
    return RedirectResponse("/settings/people", 303)


@router.post("/settings/people/{user_id}/{act}")
def let_go(request: Request, me: Me, user_id: RowId, act: str) -> Response:
    """Let a colleague go, and ask who gets what was theirs; or take one back."""
    acts = {"reactivate": people.reactivate, "deactivate": people.deactivate}
    if act not in acts:
        raise UsageError("A colleague is let go or taken back.")
    store = services_of(request).store
    acts[act](store, me.viewer, user_id)
    with store.database.reading() as session:
        leaves = act == "deactivate" and any(count_theirs(session, me.viewer, user_id, upto=1).values())
    return RedirectResponse(f"/settings/people/{user_id}/hand-over" if leaves else "/settings/people", 303)


@router.get("/settings/tokens")
def token_list(request: Request, me: Me) -> Response:
    """Keys for programs."""
    with services_of(request).store.database.reading() as session:
        rows = repository.tokens(session, me.viewer)
    return render(request, me, "settings/tokens.html", rows=rows, scopes=list(Scope), fresh=None)


@router.post("/settings/tokens")
def new_token(
    request: Request, me: Me, name: Annotated[str, Form()], scopes: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Make a key; it is shown this once."""
    store = services_of(request).store
    fresh = create_token(store, me.viewer, name=name, scopes=scopes or [], user_id=me.id)
    with store.database.reading() as session:
        rows = repository.tokens(session, me.viewer)
    return render(request, me, "settings/tokens.html", rows=rows, scopes=list(Scope), fresh=fresh)


@router.post("/settings/tokens/{token_id}/revoke")
def end_token(request: Request, me: Me, token_id: RowId) -> Response:
    """End a key."""
    revoke_token(services_of(request).store, me.viewer, token_id)
    return RedirectResponse("/settings/tokens", 303)


@router.get("/settings/system")
def system_state(request: Request, me: Me) -> Response:
    """Jobs that wait, run and failed."""
    me.viewer.require_administrator()
    store = services_of(request).store
    with store.database.reading() as session:
        counts = outbox.counts(session)
        buried = outbox.buried(session, limit=30)
        acts = repository.acts(session, me.viewer, limit=20)
    waiting = store.database.writer_lock.waiting
    embedded = store.database.embedded
    return render(
        request, me, "settings/system.html", counts=counts, buried=buried, acts=acts, waiting=waiting, embedded=embedded
    )


@router.get("/settings/account")
def my_account(request: Request, me: Me) -> Response:
    """How I read, my formats, and my password."""
    with services_of(request).store.database.reading() as session:
        row = repository.person(session, me.viewer, me.id)
    own = row.formats if row else {}
    return render(request, me, "settings/account.html", kinds_of_formats=FORMATS, chosen_formats=own)


@router.post("/settings/account/formats")
def my_formats(
    request: Request,
    me: Me,
    dates: Annotated[str, Form()] = "",
    clock: Annotated[str, Form()] = "",
    numbers: Annotated[str, Form()] = "",
    first_day: Annotated[str, Form()] = "",
) -> Response:
    """How days and numbers are written for me; what is empty is as for the company."""
    chosen = {"dates": dates, "clock": clock, "numbers": numbers, "first_day": first_day}
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        choose_formats(session, me.viewer, me.id, chosen)
    return RedirectResponse("/settings/account#formats", 303)


@router.post("/settings/account/reading")
def my_reading(request: Request, me: Me, marks_read: Annotated[bool, Form()] = False) -> Response:
    """Whether opening a conversation marks it read."""
    people.choose_reading(services_of(request).store, me.viewer, me.id, marks_read=marks_read)
    return RedirectResponse("/settings/account", 303)


@router.post("/settings/account/password")
def my_password(request: Request, me: Me, password: Annotated[str, Form()]) -> Response:
    """A new password; every browser has to sign in again."""
    people.set_password(services_of(request).store, me.viewer, me.id, password)
    return RedirectResponse("/login", 303)


def _role(given: str) -> tuple[Role | None, int | None]:
    """A built-in role, or the number of an own one. Raises `UsageError` for neither."""
    role_id = row_id(given)
    if role_id is None and given not in set(Role) - {Role.OWN}:
        raise UsageError("There is no such role: choose one from the list.")
    return (None, role_id) if role_id is not None else (Role(given), None)
