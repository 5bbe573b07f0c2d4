"""Settings: roles and what they give, in one form a role, and what becomes of its people when a role goes."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from core.errors import Conflict, UsageError
from crm.access.rights import Act, Connecting, FieldAccess, Level, Rights, Scope
from crm.access.rights.built_in import BEGINNINGS
from crm.access.rights.stored import ALWAYS_SHOWN, as_json, read_rights
from crm.access.roles import keeping, repository
from crm.access.roles.keeping import ONLY_ADMINISTRATORS
from crm.records.fields.custom import fields_of
from crm.records.repository import reading
from storage.models import RecordType, Role
from storage.writer_lock import Urgency
from web.failures import status_of
from web.forms import RowId, row_id
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/settings/roles")
ROOT = "/settings/roles"
UNCHANGEABLE = (Role.ADMINISTRATOR, Role.NONE)


@router.get("")
def role_list(request: Request, me: Me) -> Response:
    """All roles, who has them, and a form for another one."""
    return _list(request, me)


@router.post("")
def new_role(
    request: Request, me: Me, name: Annotated[str, Form()] = "", begin: Annotated[str, Form()] = "nothing"
) -> Response:
    """Make a role that begins like another one, or like one of those that are often wanted; then say what it gives."""
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            copied = row_id(begin)
            if copied is None and begin not in BEGINNINGS:
                raise UsageError("Choose what the role begins with.")
            rights = BEGINNINGS[begin][1] if copied is None else repository.role(session, me.viewer, copied).rights
            role_id = keeping.create_role(session, me.viewer, name, rights)
    except (UsageError, Conflict) as error:
        return _list(request, me, failure=str(error), name=name, begin=begin, status=status_of(error))
    return RedirectResponse(f"{ROOT}/{role_id}", 303)


@router.get("/{role_id}")
def role_page(request: Request, me: Me, role_id: RowId) -> Response:
    """What a role gives."""
    return _page(request, me, role_id)


@router.post("/{role_id}")
async def save(request: Request, me: Me, role_id: RowId) -> Response:
    """Change what it gives; where that does not work, the form again as it was filled in."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await run_in_threadpool(_save, request, me, role_id, form)


@router.post("/{role_id}/reset")
def reset(request: Request, me: Me, role_id: RowId) -> Response:
    """Let a built-in role give what it gives in a new installation."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.reset_role(session, me.viewer, role_id)
    return RedirectResponse(f"{ROOT}/{role_id}", 303)


@router.get("/{role_id}/remove")
def ask_to_remove(request: Request, me: Me, role_id: RowId) -> Response:
    """Who has the role, and which one they get instead."""
    me.viewer.require_administrator(ONLY_ADMINISTRATORS)
    with services_of(request).store.database.reading() as session:
        role = repository.role(session, me.viewer, role_id)
        others = [
            one
            for one in repository.roles(session, me.viewer)
            if one.id != role_id and one.built_in is not Role.ADMINISTRATOR
        ]
    return render_overlay(request, me, "settings/_role_remove.html", role=role, others=others)


@router.post("/{role_id}/remove")
def remove(request: Request, me: Me, role_id: RowId, move_to: Annotated[str, Form()] = "") -> Response:
    """Remove a role."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.remove_role(session, me.viewer, role_id, move_to=row_id(move_to))
    return RedirectResponse(ROOT, 303)


def rights_of_form(form: Mapping[str, str], before: Rights) -> Rights:
    """The rights that the form of a role says; what it does not show, such as a field that was removed and may come back, is as
    `before`. Raises `UsageError` for what nobody can choose there."""
    told: dict[str, Any] = {"records": {}, "pipelines": {}, "fields": {}}
    for name, value in form.items():
        match name.split("."):
            case ["record", kind, act]:
                told["records"].setdefault(kind, {})[act] = value
            case ["pipeline", number, act] if f"own.{number}" in form:
                told["pipelines"].setdefault(number, {})[act] = value
            case ["field", kind, key]:
                told["fields"].setdefault(kind, {})[key] = value
    told |= {name: name in form for name in ("works", "settings", "oversees")}
    told |= {name: form[name] for name in ("campaigns", "connects") if name in form}
    _keep_what_is_not_shown(told, form, as_json(before))
    return read_rights(told)


def _keep_what_is_not_shown(told: dict[str, Any], form: Mapping[str, str], stood: Mapping[str, Any]) -> None:
    for kind, fields in stood["fields"].items():
        kept = {key: access for key, access in fields.items() if f"field.{kind}.{key}" not in form}
        told["fields"][kind] = kept | told["fields"].get(kind, {})
    for number, reach in stood["pipelines"].items():
        if not any(name.startswith(f"pipeline.{number}.") for name in form):
            told["pipelines"].setdefault(number, reach)


def _save(request: Request, me: SignedIn, role_id: int, form: Mapping[str, str]) -> Response:
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            rights = rights_of_form(form, repository.role(session, me.viewer, role_id).rights)
            keeping.change_role(session, me.viewer, role_id, form.get("name", ""), rights)
    except (UsageError, Conflict) as error:
        return _page(request, me, role_id, failure=str(error), typed=form, status=status_of(error))
    return RedirectResponse(f"{ROOT}/{role_id}?saved=1", 303)


def _list(
    request: Request, me: SignedIn, *, failure: str = "", name: str = "", begin: str = "own-deals", status: int = 200
) -> Response:
    with services_of(request).store.database.reading() as session:
        rows = repository.roles(session, me.viewer)
    beginnings = {key: words for key, (words, _) in BEGINNINGS.items()}
    context: dict[str, Any] = {"rows": rows, "beginnings": beginnings, "failure": failure, "name": name, "begin": begin}
    return render(request, me, "settings/roles.html", status=status, **context)


def _page(
    request: Request,
    me: SignedIn,
    role_id: int,
    *,
    failure: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    with services_of(request).store.database.reading() as session:
        role = repository.role(session, me.viewer, role_id)
        pipelines = reading.pipelines(session, me.viewer)
        fields = {kind: fields_of(session, me.viewer, kind) for kind in RecordType}
    shown = role.rights
    if typed is not None:
        try:
            shown = rights_of_form(typed, role.rights)
        except UsageError:
            shown = role.rights
    return render(
        request,
        me,
        "settings/role.html",
        status=status,
        role=role,
        name=role.name if typed is None or role.built_in else typed.get("name", ""),
        given=as_json(shown),
        may_change=me.viewer.may_administer and role.built_in not in UNCHANGEABLE,
        kinds=list(RecordType),
        acts=list(Act),
        scopes=list(Scope),
        levels=list(Level),
        connectings=list(Connecting),
        accesses=list(FieldAccess),
        pipelines=pipelines,
        fields=fields,
        always_shown=ALWAYS_SHOWN,
        failure=failure,
        saved="saved" in request.query_params,
    )
