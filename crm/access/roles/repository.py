"""Rows of roles, departments and their people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.rights.model import Rights
from crm.access.rights.stored import as_json, read_rights
from crm.access.viewer import Viewer
from storage.models import Department, DepartmentMember, Role, RoleRow, User
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role, and how many active people and how many departments have it."""

    id: int
    name: str
    built_in: Role | None
    rights: Rights
    people: int
    departments: int


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """A department with the ids of its active people."""

    id: int
    name: str
    parent_id: int | None
    role_id: int | None
    people: tuple[int, ...]


# --- whose rights


def rights_of(session: ReadSession, user_id: int, role: Role, role_id: int | None) -> list[Rights]:
    """What the roles of a person and of their departments give, one after the other."""
    mine = RoleRow.id == role_id if role is Role.OWN else RoleRow.built_in == role
    theirs = select(Department.role_id).join(DepartmentMember, DepartmentMember.department_id == Department.id)
    of_departments = RoleRow.id.in_(theirs.where(DepartmentMember.user_id == user_id, Department.role_id.is_not(None)))
    rows = session.execute(select(RoleRow.rights).where(or_(mine, of_departments)).order_by(RoleRow.id))
    return [read_rights(rights) for rights in rows.scalars()]


def rights_of_many(session: ReadSession, people: Sequence[tuple[int, Role, int | None]]) -> dict[int, list[Rights]]:
    """The same of several people (id, role, own role), in two statements however many they are."""
    rows = session.execute(select(RoleRow.id, RoleRow.built_in, RoleRow.rights).order_by(RoleRow.id)).all()
    members = select(DepartmentMember.user_id, Department.role_id).join(
        Department, Department.id == DepartmentMember.department_id
    )
    ids = [user_id for user_id, _, _ in people]
    given: dict[int, set[int]] = {}
    for row in session.execute(members.where(DepartmentMember.user_id.in_(ids), Department.role_id.is_not(None))):
        given.setdefault(row.user_id, set()).add(row.role_id)
    read = {row.id: read_rights(row.rights) for row in rows}
    return {
        user_id: [
            read[row.id]
            for row in rows
            if row.id in given.get(user_id, ()) or (row.id == role_id if role is Role.OWN else row.built_in == role)
        ]
        for user_id, role, role_id in people
    }


def colleagues_of(session: ReadSession, user_id: int) -> frozenset[int]:
    """The people of somebody's departments and of those below, with themselves, also those who have gone."""
    return colleagues_of_many(session, [user_id])[user_id]


def colleagues_of_many(session: ReadSession, user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The same of several people, in two statements however many they are."""
    parents = {row.id: row.parent_id for row in session.execute(select(Department.id, Department.parent_id))}
    rows = session.execute(select(DepartmentMember.department_id, DepartmentMember.user_id)).all()
    above = {each: set(_upwards(each, parents)) for each in parents}
    found = {}
    for user_id in user_ids:
        mine = {row.department_id for row in rows if row.user_id == user_id}
        reached = {each for each in parents if mine & above[each]}
        found[user_id] = frozenset({user_id, *(row.user_id for row in rows if row.department_id in reached)})
    return found


def role_of_person(session: ReadSession, user_id: int) -> tuple[Role, int | None, bool] | None:
    """Role, own role and whether they are active; None for nobody."""
    row = session.execute(select(User.role, User.role_id, User.active).where(User.id == user_id)).one_or_none()
    return (row.role, row.role_id, row.active) if row else None


def roles_of_active(session: ReadSession, user_ids: Collection[int]) -> list[tuple[int, Role, int | None]]:
    """Id, role and own role of those of these people who are active."""
    query = select(User.id, User.role, User.role_id).where(User.id.in_(user_ids), User.active.is_(True))
    return [(row.id, row.role, row.role_id) for row in session.execute(query.order_by(User.id))]


def _upwards(department_id: int | None, parents: Mapping[int, int | None]) -> Sequence[int]:
    """A department and those above it; a circle, which nobody can make, would end."""
    way: list[int] = []
    while department_id is not None and department_id in parents and department_id not in way:
        way.append(department_id)
        department_id = parents[department_id]
    return way


def below(session: ReadSession, department_id: int) -> set[int]:
    """A department and all below it."""
    parents = {row.id: row.parent_id for row in session.execute(select(Department.id, Department.parent_id))}
    return {each for each in parents if department_id in _upwards(each, parents)}


def whole_departments(session: ReadSession) -> dict[int, set[int]]:
    """Each department with itself and all below it."""
    parents = {row.id: row.parent_id for row in session.execute(select(Department.id, Department.parent_id))}
    above = {each: set(_upwards(each, parents)) for each in parents}
    return {each: {other for other in parents if each in above[other]} for each in parents}


# --- roles


def roles(session: ReadSession, viewer: Viewer) -> list[RoleView]:
    """All roles, built-in ones first; everybody may know what a role is called and gives."""
    del viewer
    people = select(User.role, User.role_id, func.count().label("number")).where(User.active.is_(True))
    counted = {(row.role, row.role_id): row.number for row in session.execute(people.group_by(User.role, User.role_id))}
    departments = select(Department.role_id, func.count().label("number")).group_by(Department.role_id)
    placed = {row.role_id: row.number for row in session.execute(departments)}
    rows = session.execute(select(RoleRow).order_by(RoleRow.built_in.is_(None), RoleRow.id)).scalars()
    return [
        RoleView(
            row.id,
            row.name,
            row.built_in,
            read_rights(row.rights),
            counted.get((row.built_in, None) if row.built_in else (Role.OWN, row.id), 0),
            placed.get(row.id, 0),
        )
        for row in rows
    ]


def role(session: ReadSession, viewer: Viewer, role_id: int) -> RoleView:
    """One role. Raises `NotFound`."""
    found = next((each for each in roles(session, viewer) if each.id == role_id), None)
    if found is None:
        raise NotFound("There is no such role.")
    return found


def insert_role(session: WriteSession, name: str, rights: Rights) -> int:
    """Add an own role. Raises `Conflict` for a name that is taken."""
    now = utcnow()
    values = {"name": name, "rights": as_json(rights), "created_at": now, "changed_at": now}
    try:
        with session.begin_nested():
            return session.execute(insert(RoleRow).values(**values).returning(RoleRow.id)).scalar_one()
    except IntegrityError:
        raise Conflict(f"There is a role {name} already: choose another name.") from None


def update_role(session: WriteSession, role_id: int, name: str, rights: Rights) -> None:
    """Change a role. Raises `Conflict` for a name that is taken."""
    statement = update(RoleRow).where(RoleRow.id == role_id)
    try:
        with session.begin_nested():
            session.execute(statement.values(name=name, rights=as_json(rights), changed_at=utcnow()))
    except IntegrityError:
        raise Conflict(f"There is a role {name} already: choose another name.") from None


def move_people(session: WriteSession, role_id: int, role: Role, to_id: int | None) -> None:
    """Give everybody with an own role another one, those too who have gone."""
    session.execute(update(User).where(User.role_id == role_id).values(role=role, role_id=to_id))


def move_departments(session: WriteSession, role_id: int, to_id: int | None) -> None:
    """Give departments with a role another one, or none."""
    session.execute(update(Department).where(Department.role_id == role_id).values(role_id=to_id))


def delete_role(session: WriteSession, role_id: int) -> None:
    """Forget a role that nobody has any more."""
    session.execute(delete(RoleRow).where(RoleRow.id == role_id))


# --- departments


def departments(session: ReadSession, viewer: Viewer) -> list[DepartmentView]:
    """All departments by name; everybody may know who belongs where."""
    del viewer
    people: dict[int, list[int]] = {}
    members = select(DepartmentMember.department_id, DepartmentMember.user_id).join(
        User, User.id == DepartmentMember.user_id
    )
    for row in session.execute(members.where(User.active.is_(True)).order_by(func.lower(User.name))):
        people.setdefault(row.department_id, []).append(row.user_id)
    rows = session.execute(select(Department).order_by(func.lower(Department.name), Department.id)).scalars()
    return [DepartmentView(row.id, row.name, row.parent_id, row.role_id, tuple(people.get(row.id, ()))) for row in rows]


def department(session: ReadSession, viewer: Viewer, department_id: int) -> DepartmentView:
    """One department. Raises `NotFound`."""
    found = next((each for each in departments(session, viewer) if each.id == department_id), None)
    if found is None:
        raise NotFound("There is no such department.")
    return found


def save_department(session: WriteSession, department_id: int | None, values: dict[str, Any]) -> int:
    """Add a department, or change one; its id. Raises `Conflict` for a name that is taken."""
    try:
        with session.begin_nested():
            if department_id is None:
                statement = insert(Department).values(**values, created_at=utcnow())
                return session.execute(statement.returning(Department.id)).scalar_one()
            session.execute(update(Department).where(Department.id == department_id).values(**values))
            return department_id
    except IntegrityError:
        raise Conflict(f"There is a department {values['name']} already: choose another name.") from None


def put_people(session: WriteSession, department_id: int, user_ids: Collection[int]) -> None:
    """Let of active people exactly these belong to a department; who has gone stays, for their records are reached through it."""
    here = DepartmentMember.department_id == department_id
    others = DepartmentMember.user_id.in_(select(User.id).where(User.active.is_(True), User.id.not_in(user_ids)))
    session.execute(delete(DepartmentMember).where(here, others))
    known = set(session.execute(select(DepartmentMember.user_id).where(here)).scalars())
    rows = [{"department_id": department_id, "user_id": each} for each in sorted(set(user_ids) - known)]
    if rows:
        session.execute(insert(DepartmentMember), rows)


def put_departments(session: WriteSession, user_id: int, department_ids: Collection[int]) -> None:
    """Let somebody belong to exactly these departments."""
    mine = DepartmentMember.user_id == user_id
    session.execute(delete(DepartmentMember).where(mine, DepartmentMember.department_id.not_in(department_ids)))
    known = set(session.execute(select(DepartmentMember.department_id).where(mine)).scalars())
    rows = [{"department_id": each, "user_id": user_id} for each in sorted(set(department_ids) - known)]
    if rows:
        session.execute(insert(DepartmentMember), rows)


def delete_department(session: WriteSession, department_id: int, parent_id: int | None) -> None:
    """Forget a department; those below it stand below the one above it then."""
    session.execute(update(Department).where(Department.parent_id == department_id).values(parent_id=parent_id))
    session.execute(delete(Department).where(Department.id == department_id))
