"""Adding colleagues, changing what they may, and letting them go."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email

from core.addresses import address_key
from core.errors import Conflict, NotFound, UsageError
from crm.access import repository
from crm.access.audit import record_act
from crm.access.passwords import hash_password
from crm.access.roles import repository as roles
from crm.access.viewer import Viewer
from storage.models import Role
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A colleague to be added. Without a password they can receive mail and tasks, but not sign in."""

    email: str
    name: str
    role: Role
    password: str | None = None
    time_zone: str | None = None
    role_id: int | None = None
    """Of an own role, instead of `role`."""


def add_person(store: Store, viewer: Viewer, new: NewPerson) -> int:
    """Add a colleague; returns their id.

    Raises `Forbidden` for all but administrators, `UsageError` for an address, password or time zone that can not
    be, `Conflict` when the address is taken.
    """
    viewer.require_administrator()
    values = _checked(new)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        if new.role_id is not None:
            row = roles.role(session, viewer, new.role_id)
            values |= {"role": row.built_in or Role.OWN, "role_id": None if row.built_in else row.id}
        return _insert(session, viewer, values)


def add_first_administrator(store: Store, *, email: str, name: str, password: str) -> int:
    """Add the one person who needs nobody's leave. Raises `Conflict` as soon as there is anybody."""
    values = _checked(NewPerson(email, name, Role.ADMINISTRATOR, password))
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.lock_people(session)
        if repository.count_people(session):
            raise Conflict("There are people already: ask an administrator to add you.")
        return _insert(session, Viewer.system(), values)


def set_password(store: Store, viewer: Viewer, user_id: int, password: str) -> None:
    """Give a person a new password and sign them out everywhere. Allowed to themselves and to administrators."""
    if viewer.user_id != user_id:
        viewer.require_administrator()
    password_hash = hash_password(password)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        _change(session, user_id, password_hash=password_hash)
        repository.delete_sessions_of(session, user_id)
        record_act(session, viewer, "person.set_password", person_id=user_id)


def choose_reading(store: Store, viewer: Viewer, user_id: int, *, marks_read: bool) -> None:
    """Whether opening a conversation marks it read, for this person alone. Raises `Forbidden` for another's choice."""
    if viewer.user_id != user_id:
        viewer.require_administrator()
    with store.database.unit_of_work(Urgency.PERSON) as session:
        _change(session, user_id, marks_read=marks_read)


def change_role(store: Store, viewer: Viewer, user_id: int, role: Role) -> None:
    """Change what a person may. Raises `Conflict` for the last administrator."""
    viewer.require_administrator()
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.lock_people(session)
        if role is not Role.ADMINISTRATOR:
            repository.keep_one_administrator(session, user_id)
        _change(session, user_id, role=_built_in(role), role_id=None)
        record_act(session, viewer, "person.change_role", person_id=user_id, role=role.value)


def deactivate(store: Store, viewer: Viewer, user_id: int) -> None:
    """Let a person go: signed out, tokens revoked, what they did stays. Raises `Conflict` for the last administrator."""
    viewer.require_administrator()
    with store.database.unit_of_work(Urgency.PERSON) as session:
        repository.lock_people(session)
        repository.keep_one_administrator(session, user_id)
        _change(session, user_id, active=False)
        repository.delete_sessions_of(session, user_id)
        repository.revoke_tokens(session, user_id=user_id)
        record_act(session, viewer, "person.deactivate", person_id=user_id)


def reactivate(store: Store, viewer: Viewer, user_id: int) -> None:
    """Take a person back; tokens stay revoked."""
    viewer.require_administrator()
    with store.database.unit_of_work(Urgency.PERSON) as session:
        _change(session, user_id, active=True)
        record_act(session, viewer, "person.reactivate", person_id=user_id)


def _built_in(role: Role) -> Role:
    if role is Role.OWN:
        raise UsageError("Say which own role: they are given by their names in Settings, or by their numbers.")
    return role


def _checked(new: NewPerson) -> dict[str, object]:
    try:
        email = validate_email(new.email.strip(), check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        raise UsageError("That is not an e-mail address; check its spelling.") from None
    if not new.name.strip():
        raise UsageError("A person needs a name.")
    return {
        "email": email,
        "email_key": address_key(email),
        "name": " ".join(new.name.split()),
        "role": _built_in(new.role),
        "password_hash": None if new.password is None else hash_password(new.password),
        "time_zone": _known_zone(new.time_zone),
    }


def _known_zone(name: str | None) -> str | None:
    try:
        return None if name is None else ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError("There is no time zone of that name; write it as in Europe/Warsaw.") from None


def _insert(session: WriteSession, viewer: Viewer, values: dict[str, object]) -> int:
    user_id = repository.insert_person(session, values)
    record_act(session, viewer, "person.add", person_id=user_id, role=str(values["role"]))
    return user_id


def _change(session: WriteSession, user_id: int, **values: object) -> None:
    if not repository.update_person(session, user_id, **values):
        raise NotFound("There is no such person.")
