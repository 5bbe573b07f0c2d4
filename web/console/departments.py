"""Settings: departments, who belongs to them, and one colleague: their role, departments, and what they can see."""

from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import Conflict, UsageError
from crm.access import repository as people
from crm.access.roles import keeping, repository
from crm.access.roles.keeping import NewDepartment
from crm.access.roles.repository import DepartmentView
from crm.access.roles.viewers import viewer_of_person
from crm.conversations.repository.reach import reach_of
from crm.records.fields.custom import fields_of
from crm.records.repository.reached import ACTS, reached
from crm.work.handing_over.repository import MOST_COUNTED, count_theirs
from storage.models import RecordType, Role
from storage.writer_lock import Urgency
from web.failures import status_of
from web.forms import RowId, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/settings")
ROOT = "/settings/departments"
Ids = Annotated[list[RowId] | None, Form()]


@router.get("/departments")
def department_list(request: Request, me: Me) -> Response:
    """All departments as a tree."""
    return _list(request, me)


@router.post("/departments")
def new_department(
    request: Request,
    me: Me,
    name: Annotated[str, Form()] = "",
    parent: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    member: Ids = None,
) -> Response:
    """Make a department."""
    return _save(request, me, None, NewDepartment(name, row_id(parent), row_id(role), member or ()))


@router.get("/departments/{department_id}")
def department_page(request: Request, me: Me, department_id: RowId) -> Response:
    """Who belongs to it, where it stands, and what it adds."""
    with services_of(request).store.database.reading() as session:
        row = repository.department(session, me.viewer, department_id)
    return _page(request, me, row)


@router.post("/departments/{department_id}")
def change_department(
    request: Request,
    me: Me,
    department_id: RowId,
    name: Annotated[str, Form()] = "",
    parent: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    member: Ids = None,
) -> Response:
    """Change a department."""
    return _save(request, me, department_id, NewDepartment(name, row_id(parent), row_id(role), member or ()))


@router.post("/departments/{department_id}/remove")
def remove_department(request: Request, me: Me, department_id: RowId) -> Response:
    """Remove a department."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.remove_department(session, me.viewer, department_id)
    return RedirectResponse(ROOT, 303)


@router.get("/people/{user_id}")
def person_page(request: Request, me: Me, user_id: RowId) -> Response:
    """One colleague; for administrators with what they can see."""
    with services_of(request).store.database.reading() as session:
        context: dict[str, Any] = {
            "person": people.require_person(session, me.viewer, user_id),
            "roles": repository.roles(session, me.viewer),
            "departments": repository.departments(session, me.viewer),
        }
        if me.viewer.may_administer:
            context["belongings"] = count_theirs(session, me.viewer, user_id, upto=MOST_COUNTED + 1)
        if me.viewer.may_administer and (viewer := viewer_of_person(session, user_id)) is not None:
            hidden = {
                kind: [field.name for field in fields_of(session, me.viewer, kind) if viewer.hides(kind, field.key)]
                for kind in RecordType
            }
            context |= {
                "theirs": viewer,
                "reached": reached(session, viewer),
                "hidden": hidden,
                "boxes": reach_of(session, viewer).mailboxes,
            }
    return render(request, me, "settings/person.html", acts=ACTS, most=MOST_COUNTED, **context)


@router.post("/people/{user_id}/rights")
def change_person(
    request: Request, me: Me, user_id: RowId, role: Annotated[RowId, Form()], department: Ids = None
) -> Response:
    """Give somebody a role, and departments."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.give_role(session, me.viewer, user_id, role)
        keeping.put_into_departments(session, me.viewer, user_id, department or ())
    return RedirectResponse(f"/settings/people/{user_id}", 303)


def as_tree(rows: list[DepartmentView]) -> list[tuple[int, DepartmentView]]:
    """Departments in the order of a tree, each with how deep it stands; those above which nothing is left stand at the top."""
    known = {row.id for row in rows}
    below: dict[int | None, list[DepartmentView]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[tuple[int, DepartmentView]] = []
    left = [(0, row) for row in reversed(below.get(None, []))]
    while left:
        depth, row = left.pop()
        found.append((depth, row))
        left += [(depth + 1, each) for each in reversed(below.get(row.id, []))]
    return found


def _save(request: Request, me: SignedIn, department_id: int | None, new: NewDepartment) -> Response:
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            keeping.save_department(session, me.viewer, new, department_id=department_id)
    except (UsageError, Conflict) as error:
        typed = DepartmentView(department_id or 0, new.name, new.parent_id, new.role_id, tuple(new.people))
        if department_id is None:
            return _list(request, me, failure=str(error), typed=typed, status=status_of(error))
        return _page(request, me, typed, failure=str(error), status=status_of(error))
    return RedirectResponse(ROOT, 303)


def _choices(request: Request, me: SignedIn) -> dict[str, Any]:
    with services_of(request).store.database.reading() as session:
        return {
            "tree": as_tree(repository.departments(session, me.viewer)),
            "roles": [one for one in repository.roles(session, me.viewer) if one.built_in is not Role.ADMINISTRATOR],
            "colleagues": people.people(session, me.viewer),
        }


def _list(
    request: Request, me: SignedIn, *, failure: str = "", typed: DepartmentView | None = None, status: int = 200
) -> Response:
    blank = DepartmentView(0, "", None, None, ())
    context = {**_choices(request, me), "failure": failure, "row": typed or blank}
    return render(request, me, "settings/departments.html", status=status, **context)


def _page(request: Request, me: SignedIn, row: DepartmentView, *, failure: str = "", status: int = 200) -> Response:
    context = {**_choices(request, me), "failure": failure, "row": row}
    return render(request, me, "settings/department.html", status=status, **context)
