"""Viewers of people: their rights, worked out once when they come in."""

from collections.abc import Collection

from core.errors import NotFound
from crm.access.rights.built_in import BUILT_IN
from crm.access.rights.model import Act, Rights, Scope, widest
from crm.access.roles import repository
from crm.access.viewer import Viewer
from storage.models import RecordType, Role
from storage.sessions import ReadSession


def viewer_for(session: ReadSession, user_id: int, role: Role, role_id: int | None) -> Viewer:
    """The viewer of a person of whom the roles are known.

    One statement; none for administrators, two more where a right reaches as far as a department.
    """
    if role is Role.ADMINISTRATOR:
        return Viewer(user_id, role)
    rights = widest(repository.rights_of(session, user_id, role, role_id) or [BUILT_IN[role]])
    colleagues = repository.colleagues_of(session, user_id) if _by_department(rights) else frozenset({user_id})
    return Viewer(user_id, role, rights, colleagues)


def viewers_of_people(session: ReadSession, user_ids: Collection[int]) -> dict[int, Viewer]:
    """The viewers of those of these people who are active, by their ids, in five statements however many they are."""
    people = repository.roles_of_active(session, user_ids) if user_ids else []
    others = [one for one in people if one[1] is not Role.ADMINISTRATOR]
    found = {user_id: Viewer(user_id, role) for user_id, role, _ in people}
    rights = repository.rights_of_many(session, others) if others else {}
    whole = {user_id: widest(rights[user_id] or [BUILT_IN[role]]) for user_id, role, _ in others}
    near = [user_id for user_id, each in whole.items() if _by_department(each)]
    colleagues = repository.colleagues_of_many(session, near) if near else {}
    for user_id, role, _ in others:
        found[user_id] = Viewer(user_id, role, whole[user_id], colleagues.get(user_id, frozenset({user_id})))
    return found


def _by_department(rights: Rights) -> bool:
    return any(Scope.DEPARTMENT in rights.scopes(kind, act) for kind in RecordType for act in Act)


def viewer_of_person(session: ReadSession, user_id: int) -> Viewer | None:
    """The viewer of somebody; None where there is nobody active of that id."""
    found = repository.role_of_person(session, user_id)
    if found is None:
        return None
    role, role_id, active = found
    return viewer_for(session, user_id, role, role_id) if active else None


def viewer_of(session: ReadSession, user_id: int | None) -> Viewer:
    """On whose behalf a job works: who asked, with the rights that they have by now, which are none when they have gone; None is
    the program itself."""
    if user_id is None:
        return Viewer.system()
    return viewer_of_person(session, user_id) or Viewer(user_id, Role.NONE)


def require_viewer(session: ReadSession, user_id: int) -> Viewer:
    """The same. Raises `NotFound`."""
    viewer = viewer_of_person(session, user_id)
    if viewer is None:
        raise NotFound("There is no such person, or they have gone.")
    return viewer
