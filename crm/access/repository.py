"""The database of people: users, signed-in browsers, API tokens, audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from core.clock import utcnow
from core.errors import Conflict, NotFound, UsageError
from crm.access.viewer import Viewer
from storage.models import ApiToken, Audit, LoginSession, Mailbox, MailboxAlias, Role, Setting, User
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

_FIRST_PERSON_LOCK = 0x6D73_0001
_SETTING = select(Setting.value).where(Setting.name == bindparam("name"))
_HELD_SETTING = _SETTING.with_for_update(read=True)


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague, as pages and lists show them."""

    id: int
    name: str
    email: str
    role: Role
    active: bool
    time_zone: str | None
    marks_read: bool
    created_at: datetime
    role_id: int | None = None
    """Of an own role."""
    formats: Mapping[str, str] = field(default_factory=dict)
    """Their own ones, where they are not the company's."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares with."""

    user_id: int
    password_hash: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token without its secret."""

    id: int
    name: str
    scopes: tuple[str, ...]
    user_id: int
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the audit log."""

    id: int
    at: datetime
    user_id: int | None
    user_name: str
    action: str
    detail: dict[str, Any]


_PERSON = (
    User.id,
    User.name,
    User.email,
    User.role,
    User.active,
    User.time_zone,
    User.marks_read,
    User.created_at,
    User.role_id,
    User.formats,
)


# --- people


def people(session: ReadSession, viewer: Viewer, *, with_inactive: bool = False) -> list[Person]:
    """All colleagues by name; everybody may know who works here."""
    del viewer
    query = select(*_PERSON).order_by(func.lower(User.name), User.id)
    rows = session.execute(query if with_inactive else query.where(User.active.is_(True)))
    return [Person(*row) for row in rows]


def person(session: ReadSession, viewer: Viewer, user_id: int) -> Person | None:
    """One colleague."""
    del viewer
    row = session.execute(select(*_PERSON).where(User.id == user_id)).one_or_none()
    return Person(*row) if row else None


def require_person(session: ReadSession, viewer: Viewer, user_id: int) -> Person:
    """The same. Raises `NotFound`."""
    found = person(session, viewer, user_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def require_active(session: ReadSession, user_id: int) -> None:
    """Raises `UsageError` where somebody who is to be responsible is no colleague, or has left."""
    who = person(session, Viewer.system(), user_id)
    if who is None or not who.active:
        raise UsageError("The responsible person is not here (any more): choose somebody else.")


def person_by_key(session: ReadSession, viewer: Viewer, email_key: str) -> Person | None:
    """The colleague with this address key."""
    del viewer
    row = session.execute(select(*_PERSON).where(User.email_key == email_key)).one_or_none()
    return Person(*row) if row else None


def credentials(session: ReadSession, email_key: str) -> Credentials | None:
    """What the person with this address key must prove."""
    row = session.execute(select(User.id, User.password_hash, User.active).where(User.email_key == email_key))
    found = row.one_or_none()
    return Credentials(*found) if found else None


def insert_person(session: WriteSession, values: dict[str, Any]) -> int:
    """Add a person. Raises `Conflict` when the address is taken."""
    try:
        return session.execute(insert(User).values(**values, created_at=utcnow()).returning(User.id)).scalar_one()
    except IntegrityError:
        raise Conflict("There is somebody with this e-mail address already.") from None


def update_person(session: WriteSession, user_id: int, **values: Any) -> bool:
    """Change columns of a person; False when there is no such person."""
    statement = update(User).where(User.id == user_id).values(**values).returning(User.id)
    return session.execute(statement).one_or_none() is not None


def lock_people(session: WriteSession) -> None:
    """Let nobody else count or change people until this unit ends (SQLite has one writer anyway)."""
    if session.on_postgresql:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FIRST_PERSON_LOCK})


def count_people(session: ReadSession) -> int:
    """How many there are, active or not."""
    return session.execute(select(func.count()).select_from(User)).scalar_one()


def other_administrators(session: ReadSession, user_id: int) -> int:
    """How many active administrators there are besides this person."""
    query = select(func.count()).where(User.role == Role.ADMINISTRATOR, User.active.is_(True), User.id != user_id)
    return session.execute(query).scalar_one()


def keep_one_administrator(session: ReadSession, user_id: int) -> None:
    """Raises `Conflict` where this person is the only one who administers. Under `lock_people`."""
    if other_administrators(session, user_id) == 0:
        raise Conflict("This is the last administrator: make somebody else one first.")


def address_keys_of(session: ReadSession, user_id: int) -> frozenset[str]:
    """Every address key of one person: their own, and those of mailboxes that belong to them alone."""
    own_mailbox = (Mailbox.owner_id == user_id, Mailbox.shared.is_(False))
    query = (
        select(User.email_key)
        .where(User.id == user_id)
        .union(
            select(Mailbox.email_key).where(*own_mailbox),
            select(MailboxAlias.key).join(Mailbox, Mailbox.id == MailboxAlias.mailbox_id).where(*own_mailbox),
        )
    )
    return frozenset(session.execute(query).scalars())


def all_own_address_keys(session: ReadSession) -> frozenset[str]:
    """Every address key of ours: people (former ones too), mailboxes, aliases."""
    query = select(User.email_key).union(select(Mailbox.email_key), select(MailboxAlias.key))
    return frozenset(session.execute(query).scalars())


# --- signed-in browsers


def insert_session(session: WriteSession, values: dict[str, Any]) -> None:
    """Remember a signed-in browser by its token's hash."""
    session.execute(insert(LoginSession).values(**values))


def signed_in(session: ReadSession, token_hash: str, now: datetime) -> tuple[int, Role, int | None] | None:
    """User, role and own role of a valid session of an active person."""
    query = (
        select(User.id, User.role, User.role_id)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(LoginSession.token_hash == token_hash, LoginSession.expires_at > now, User.active.is_(True))
    )
    return session.execute(query).one_or_none()


def delete_session(session: WriteSession, token_hash: str) -> None:
    """Sign one browser out."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash))


def delete_sessions_of(session: WriteSession, user_id: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def delete_expired_sessions(session: WriteSession, now: datetime) -> None:
    """Forget browsers whose time is over."""
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))


# --- API tokens


def insert_token(session: WriteSession, values: dict[str, Any]) -> int:
    """Add a token. Raises `Conflict` when the name is taken."""
    try:
        statement = insert(ApiToken).values(**values, created_at=utcnow()).returning(ApiToken.id)
        return session.execute(statement).scalar_one()
    except IntegrityError:
        raise Conflict("There is a token of this name already: revoke it first, or choose another name.") from None


def token_owner(session: ReadSession, token_hash: str) -> tuple[int, list[str], int, Role, int | None] | None:
    """Token id, scopes, user, role and own role for a token that still counts, of an active person."""
    query = (
        select(ApiToken.id, ApiToken.scopes, User.id, User.role, User.role_id)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.revoked_at.is_(None), User.active.is_(True))
    )
    return session.execute(query).one_or_none()


def tokens(session: ReadSession, viewer: Viewer) -> list[TokenRow]:
    """Tokens the viewer may know of: their own; an administrator all."""
    query = select(
        ApiToken.id, ApiToken.name, ApiToken.scopes, ApiToken.user_id, ApiToken.created_at, ApiToken.revoked_at
    ).order_by(ApiToken.id)
    if not viewer.may_administer:
        query = query.where(ApiToken.user_id == viewer.user_id)
    return [TokenRow(row.id, row.name, tuple(row.scopes), *row[3:]) for row in session.execute(query)]


def revoke_tokens(session: WriteSession, *, token_ids: Sequence[int] = (), user_id: int | None = None) -> int:
    """Revoke by id, or all of a person; how many were still valid."""
    which = ApiToken.user_id == user_id if user_id is not None else ApiToken.id.in_(token_ids)
    statement = update(ApiToken).where(which, ApiToken.revoked_at.is_(None)).values(revoked_at=utcnow())
    return len(session.execute(statement.returning(ApiToken.id)).all())


# --- audit


def insert_act(session: WriteSession, user_id: int | None, action: str, detail: dict[str, Any]) -> None:
    """Write one line of the audit log."""
    session.execute(insert(Audit).values(at=utcnow(), user_id=user_id, action=action, detail=detail))


def acts(session: ReadSession, viewer: Viewer, *, before_id: int | None = None, limit: int = 100) -> list[Act]:
    """The audit log, newest first, a page at a time. Raises `Forbidden` for all but administrators."""
    viewer.require_administrator()
    query = (
        select(Audit.id, Audit.at, Audit.user_id, func.coalesce(User.name, ""), Audit.action, Audit.detail)
        .outerjoin(User, User.id == Audit.user_id)
        .order_by(Audit.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Audit.id < before_id)
    return [Act(*row) for row in session.execute(query)]


# --- settings


def setting(session: ReadSession, name: str, *, held: bool = False) -> dict[str, Any] | None:
    """The stored value of a setting; where it is `held`, others may read but not change it until this unit ends."""
    return session.execute(_HELD_SETTING if held else _SETTING, {"name": name}).scalar()


def setting_for_change(session: WriteSession, name: str) -> dict[str, Any] | None:
    """The stored value of a setting, which nobody else changes until this unit ends."""
    # A row that is not there holds nobody up: an empty one says as much as none.
    session.execute(upsert(session, Setting).values(name=name, value={}).on_conflict_do_nothing())
    return session.execute(_SETTING.with_for_update(), {"name": name}).scalar() or None


def put_setting(session: WriteSession, name: str, value: dict[str, Any]) -> None:
    """Store or replace a setting."""
    statement = upsert(session, Setting).values(name=name, value=value)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
