"""Roles, departments and people's rights, for programs."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Body, Request
from pydantic import BaseModel, Field

from core.errors import NotFound
from crm.access import repository as people
from crm.access.rights import Act
from crm.access.rights.stored import as_json, read_rights
from crm.access.roles import keeping, repository
from crm.access.roles.keeping import NewDepartment
from crm.access.roles.repository import RoleView
from crm.access.roles.viewers import viewer_of_person
from crm.records.repository.reached import reached
from storage.models import Role
from storage.writer_lock import Urgency
from web.api.callers import SettingsReader, SettingsWriter
from web.api.paging import Listing
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["roles"])


class RoleBody(BaseModel):
    """A role as it is to be. What `rights` does not name is not given; `GET /roles` shows all that there is."""

    name: str
    rights: Annotated[
        dict[str, Any],
        Field(examples=[{"records": {"deal": {"see": "own", "edit": "own", "create": "own"}}, "works": True}]),
    ]


class RoleOut(BaseModel):
    """A role, with how many active people and how many departments have it."""

    id: int
    name: str
    built_in: Role | None
    rights: dict[str, Any]
    people: int
    departments: int


class DepartmentBody(BaseModel):
    """A department as it is to be: `people` are all who belong to it, `role_id` is what it adds to what they have."""

    name: str
    parent_id: RowId | None = None
    role_id: RowId | None = None
    people: list[RowId] = Field(default_factory=list)


class DepartmentOut(DepartmentBody):
    """A department."""

    id: int


class PersonOut(BaseModel):
    """A colleague and their role; `role_id` names an own one."""

    id: int
    name: str
    email: str
    active: bool
    role: Role
    role_id: int | None


class ReachedOut(BaseModel):
    """Of one kind of record: how many there are, and to how many each act reaches."""

    all: int
    counts: dict[str, int]


class RightsOut(BaseModel):
    """What somebody may, all their roles together, and how much that reaches now."""

    rights: dict[str, Any]
    reached: dict[str, ReachedOut]


class Made(BaseModel):
    """The id of what was made."""

    id: int


@router.get("/roles")
def roles(request: Request, viewer: SettingsReader) -> Listing[RoleOut]:
    """All roles, built-in ones first."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=[_shown(row) for row in repository.roles(session, viewer)])


@router.post("/roles", status_code=201)
def new_role(request: Request, viewer: SettingsWriter, new: RoleBody) -> Made:
    """Add an own role."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=keeping.create_role(session, viewer, new.name, read_rights(new.rights)))


@router.put("/roles/{role_id}", status_code=204)
def change_role(request: Request, viewer: SettingsWriter, role_id: RowId, new: RoleBody) -> None:
    """Change what a role gives, and what it is called where it is an own one."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.change_role(session, viewer, role_id, new.name, read_rights(new.rights))


@router.delete("/roles/{role_id}", status_code=204)
def remove_role(request: Request, viewer: SettingsWriter, role_id: RowId, move_to: RowId | None = None) -> None:
    """Remove an own role; its people and departments get the role `move_to`."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.remove_role(session, viewer, role_id, move_to=move_to)


@router.get("/departments")
def departments(request: Request, viewer: SettingsReader) -> Listing[DepartmentOut]:
    """All departments."""
    with services_of(request).store.database.reading() as session:
        rows = repository.departments(session, viewer)
    return Listing(items=[DepartmentOut(**asdict(row)) for row in rows])


@router.post("/departments", status_code=201)
def new_department(request: Request, viewer: SettingsWriter, new: DepartmentBody) -> Made:
    """Add a department."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=keeping.save_department(session, viewer, NewDepartment(**new.model_dump())))


@router.put("/departments/{department_id}", status_code=204)
def change_department(request: Request, viewer: SettingsWriter, department_id: RowId, new: DepartmentBody) -> None:
    """Let a department be so."""
    wanted = NewDepartment(**new.model_dump())
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.save_department(session, viewer, wanted, department_id=department_id)


@router.delete("/departments/{department_id}", status_code=204)
def remove_department(request: Request, viewer: SettingsWriter, department_id: RowId) -> None:
    """Remove a department; those below it move up."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.remove_department(session, viewer, department_id)


@router.get("/people")
def colleagues(request: Request, viewer: SettingsReader) -> Listing[PersonOut]:
    """Who works here, also who has gone."""
    with services_of(request).store.database.reading() as session:
        rows = people.people(session, viewer, with_inactive=True)
    return Listing(
        items=[
            PersonOut(id=row.id, name=row.name, email=row.email, active=row.active, role=row.role, role_id=row.role_id)
            for row in rows
        ]
    )


@router.put("/people/{user_id}/role", status_code=204)
def give_role(
    request: Request, viewer: SettingsWriter, user_id: RowId, role_id: Annotated[RowId, Body(embed=True)]
) -> None:
    """Give somebody a role."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.give_role(session, viewer, user_id, role_id)


@router.put("/people/{user_id}/departments", status_code=204)
def put_into_departments(
    request: Request, viewer: SettingsWriter, user_id: RowId, departments: Annotated[list[RowId], Body(embed=True)]
) -> None:
    """Let somebody belong to exactly these departments."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        keeping.put_into_departments(session, viewer, user_id, departments)


@router.get("/people/{user_id}/rights")
def rights(request: Request, viewer: SettingsReader, user_id: RowId) -> RightsOut:
    """What somebody may, and how much that reaches: one's own rights; for administrators everybody's."""
    if viewer.user_id != user_id:
        viewer.require_administrator()
    with services_of(request).store.database.reading() as session:
        theirs = viewer_of_person(session, user_id)
        if theirs is None:
            raise NotFound("There is no such person, or they have gone.")
        found = reached(session, theirs)
    shown = viewer if viewer.may_administer else theirs
    return RightsOut(
        rights=as_json(theirs.rights),
        reached={
            one.kind.value: ReachedOut(
                all=one.all if shown.reaches_all(one.kind) else one.counts[Act.SEE],
                counts={act.value: number for act, number in one.counts.items()},
            )
            for one in found
        },
    )


def _shown(row: RoleView) -> RoleOut:
    return RoleOut(
        id=row.id,
        name=row.name,
        built_in=row.built_in,
        rights=as_json(row.rights),
        people=row.people,
        departments=row.departments,
    )
