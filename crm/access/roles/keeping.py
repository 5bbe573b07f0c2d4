"""Making roles and departments, giving them to people, and taking them away. For administrators; each is one unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Conflict, NotFound, UsageError
from crm.access import repository as people
from crm.access.audit import record_act
from crm.access.rights.built_in import BUILT_IN
from crm.access.rights.model import Rights
from crm.access.roles import repository as rows
from crm.access.viewer import Viewer
from storage.models import Role
from storage.sessions import WriteSession

LONGEST_NAME = 80
MOST_ROLES, MOST_DEPARTMENTS = 200, 1_000
ONLY_ADMINISTRATORS = "Only an administrator may change roles and departments."


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """A department as it is to be: who belongs to it, below which other one it stands, and the role that it adds."""

    name: str
    parent_id: int | None = None
    role_id: int | None = None
    people: Sequence[int] = ()


def create_role(session: WriteSession, viewer: Viewer, name: str, rights: Rights) -> int:
    """A role of the installation's own; its id. Raises `Forbidden`, `UsageError`, and `Conflict` for a name that is taken."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    if len(rows.roles(session, viewer)) >= MOST_ROLES:
        raise UsageError(f"There are {MOST_ROLES} roles already, and more nobody would tell apart.")
    role_id = rows.insert_role(session, _named(name, "role"), rights)
    record_act(session, viewer, "role.create", role_id=role_id)
    return role_id


def change_role(session: WriteSession, viewer: Viewer, role_id: int, name: str, rights: Rights) -> None:
    """Change what a role is called and gives, from its people's next request on. Raises as `create_role`, and `NotFound`.

    Built-in roles keep their names; what administrators and people of the role None may is not changed.
    """
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    role = rows.role(session, viewer, role_id)
    if role.built_in in (Role.ADMINISTRATOR, Role.NONE):
        raise Conflict(f"The role {role.name} is what it says: make an own role instead.")
    rows.update_role(session, role_id, role.name if role.built_in else _named(name, "role"), rights)
    record_act(session, viewer, "role.change", role_id=role_id)


def reset_role(session: WriteSession, viewer: Viewer, role_id: int) -> None:
    """Let a built-in role give again what it gives in a new installation. Raises as `change_role`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    role = rows.role(session, viewer, role_id)
    if role.built_in is None:
        raise Conflict("Only built-in roles have something to go back to.")
    change_role(session, viewer, role_id, role.name, BUILT_IN[role.built_in])


def remove_role(session: WriteSession, viewer: Viewer, role_id: int, *, move_to: int | None = None) -> None:
    """Forget an own role. Its people and departments get the role `move_to`, which must be said where there are any.

    Raises `Forbidden`, `NotFound`, `Conflict` for a built-in role or one that is used, `UsageError` for a role that can not be
    theirs.
    """
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    people.lock_people(session)
    role = rows.role(session, viewer, role_id)
    if role.built_in is not None:
        raise Conflict("Built-in roles stay: give its people another one instead.")
    if move_to is None and (role.people or role.departments):
        raise Conflict(f"{_used(role)} this role: say which one they get instead.")
    target = None if move_to is None else _givable(session, viewer, move_to)
    if target is not None and target.id == role_id:
        raise UsageError("Choose another role for its people than the one that goes.")
    given, given_id = (Role.NONE, None) if target is None else _as_columns(target)
    rows.move_people(session, role_id, given, given_id)
    rows.move_departments(session, role_id, None if target is None else target.id)
    rows.delete_role(session, role_id)
    record_act(session, viewer, "role.remove", role_id=role_id, move_to=move_to)


def give_role(session: WriteSession, viewer: Viewer, user_id: int, role_id: int) -> None:
    """Give a person a role, built-in or own. Raises `Forbidden`, `NotFound`, and `Conflict` for the last administrator."""
    viewer.require_administrator("Only an administrator may change what people may.")
    people.lock_people(session)
    role = rows.role(session, viewer, role_id)
    given, given_id = _as_columns(role)
    if given is not Role.ADMINISTRATOR:
        people.keep_one_administrator(session, user_id)
    if not people.update_person(session, user_id, role=given, role_id=given_id):
        raise NotFound("There is no such person.")
    record_act(session, viewer, "person.change_role", person_id=user_id, role=given.value, role_id=given_id)


def save_department(
    session: WriteSession, viewer: Viewer, new: NewDepartment, *, department_id: int | None = None
) -> int:
    """Make a department, or let one be so; its id. Raises `Forbidden`, `NotFound`, `UsageError`, `Conflict`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    people.lock_people(session)
    there = {each.id for each in rows.departments(session, viewer)}
    if department_id is not None and department_id not in there:
        raise NotFound("There is no such department.")
    if department_id is None and len(there) >= MOST_DEPARTMENTS:
        raise UsageError(f"There are {MOST_DEPARTMENTS} departments already.")
    if new.parent_id is not None and new.parent_id not in there:
        raise UsageError("The department above is not there (any more): choose another one.")
    if department_id is not None and new.parent_id in rows.below(session, department_id):
        raise UsageError("A department can not stand below itself: choose another one above it.")
    if new.role_id is not None:
        _givable(session, viewer, new.role_id)
    known = {person.id for person in people.people(session, viewer)}
    if set(new.people) - known:
        raise UsageError("One of these people is not here (any more): choose others.")
    values = {"name": _named(new.name, "department"), "parent_id": new.parent_id, "role_id": new.role_id}
    saved = rows.save_department(session, department_id, values)
    rows.put_people(session, saved, list(new.people))
    record_act(
        session, viewer, "department.save", department_id=saved, people=len(set(new.people)), role_id=new.role_id
    )
    return saved


def remove_department(session: WriteSession, viewer: Viewer, department_id: int) -> None:
    """Forget a department: its people lose what it gave, and departments below it move up. Raises `Forbidden`, `NotFound`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    people.lock_people(session)
    row = rows.department(session, viewer, department_id)
    rows.delete_department(session, department_id, row.parent_id)
    record_act(session, viewer, "department.remove", department_id=department_id)


def put_into_departments(session: WriteSession, viewer: Viewer, user_id: int, department_ids: Sequence[int]) -> None:
    """Let a person belong to exactly these departments. Raises `Forbidden`, `NotFound`, `UsageError`."""
    viewer.require_administrator(ONLY_ADMINISTRATORS)
    people.lock_people(session)
    if people.person(session, viewer, user_id) is None:
        raise NotFound("There is no such person.")
    if set(department_ids) - {each.id for each in rows.departments(session, viewer)}:
        raise UsageError("One of these departments is not there (any more): choose others.")
    rows.put_departments(session, user_id, department_ids)
    record_act(session, viewer, "person.change_departments", person_id=user_id)


def _givable(session: WriteSession, viewer: Viewer, role_id: int) -> rows.RoleView:
    """A role that departments and people of a removed role may get: administrators are made one by one."""
    try:
        role = rows.role(session, viewer, role_id)
    except NotFound:
        raise UsageError("That role is not there (any more): choose another one.") from None
    if role.built_in is Role.ADMINISTRATOR:
        raise UsageError("Administrators are made one by one, person by person: choose another role.")
    return role


def _as_columns(role: rows.RoleView) -> tuple[Role, int | None]:
    return (Role.OWN, role.id) if role.built_in is None else (role.built_in, None)


def _used(role: rows.RoleView) -> str:
    parts = []
    if role.people:
        parts.append("One person has" if role.people == 1 else f"{role.people} people have")
    if role.departments:
        parts.append("one department has" if role.departments == 1 else f"{role.departments} departments have")
    words = " and ".join(parts)
    return words[0].upper() + words[1:]


def _named(given: str, what: str) -> str:
    name = " ".join(given.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"A {what} needs a name of at most {LONGEST_NAME} characters.")
    return name
