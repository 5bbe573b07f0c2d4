"""Settings: people, API tokens, the system's state, my own account."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.access import people, repository
from crm.access.api_tokens import Scope, create_token, revoke_token
from crm.access.people import NewPerson
from storage import outbox
from storage.models import Role
from web.rendering import render
from web.signed_in import Me, services_of

router = APIRouter()


@router.get("/settings/people")
def people_list(request: Request, me: Me) -> Response:
    """Who works here, and what they may."""
    with services_of(request).store.database.reading() as session:
        rows = repository.people(session, me.viewer, with_inactive=True)
    return render(request, me, "settings/people.html", rows=rows, roles=list(Role))


@router.post("/settings/people")
def add_colleague(
    request: Request,
    me: Me,
    email: Annotated[str, Form()],
    name: Annotated[str, Form()],
    password: Annotated[str, Form()],
    role: Annotated[Role, Form()] = Role.SELLER,
) -> Response:
    """Add a colleague."""
    people.add_person(services_of(request).store, me.viewer, NewPerson(email, name, role, password))
    return RedirectResponse("/settings/people", 303)


@router.post("/settings/people/{user_id}/role")
def change_role(request: Request, me: Me, user_id: int, role: Annotated[Role, Form()]) -> Response:
    """Change what a colleague may."""
    people.change_role(services_of(request).store, me.viewer, user_id, role)
    return RedirectResponse("/settings/people", 303)


@router.post("/settings/people/{user_id}/{act}")
def let_go(request: Request, me: Me, user_id: int, act: str) -> Response:
    """Let a colleague go, or take them back."""
    change = people.reactivate if act == "reactivate" else people.deactivate
    change(services_of(request).store, me.viewer, user_id)
    return RedirectResponse("/settings/people", 303)


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
def end_token(request: Request, me: Me, token_id: int) -> Response:
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
    """How I read, and my password."""
    return render(request, me, "settings/account.html")


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
