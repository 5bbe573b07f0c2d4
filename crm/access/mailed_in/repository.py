"""Deliveries to secret addresses, as the jobs that turn them into tasks and posts read and close them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from crm.access.roles.viewers import viewer_for
from crm.access.viewer import Viewer
from storage.models import Effect, IntakeAddress, IntakeDelivery, IntakeState, Message, Purpose, User
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose secret address it is; what the mail makes is made by them."""

    id: int
    viewer: Viewer
    active: bool
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class MailedIn:
    """One delivery to a secret address."""

    delivery_id: int
    address_id: int
    purpose: Purpose
    message_id: int
    state: IntakeState
    owner: Owner


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail to a secret address of which it is not sure that its owner sent it."""

    delivery_id: int
    purpose: Purpose
    message_id: int
    from_name: str
    from_address: str
    subject: str
    reason: str
    created_at: datetime


def mailed_in(session: ReadSession, viewer: Viewer, delivery_id: int) -> MailedIn | None:
    """The delivery, if it is there and the viewer's own (or the viewer is the program itself)."""
    query = (
        select(
            IntakeDelivery.id,
            IntakeDelivery.intake_address_id,
            IntakeAddress.purpose,
            IntakeDelivery.message_id,
            IntakeDelivery.state,
            User.id,
            User.role,
            User.role_id,
            User.active,
            User.time_zone,
        )
        .join(IntakeAddress, IntakeAddress.id == IntakeDelivery.intake_address_id)
        .join(User, User.id == IntakeAddress.user_id)
        .where(IntakeDelivery.id == delivery_id)
    )
    if not viewer.is_system:
        query = query.where(User.id == viewer.user_id)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    owner = Owner(row[5], viewer_for(session, row[5], row.role, row.role_id), row.active, row.time_zone)
    return MailedIn(*row[:5], owner=owner)


def held(session: ReadSession, viewer: Viewer) -> list[HeldMail]:
    """Mails to the viewer's own secret addresses that wait for their word, oldest first."""
    query = (
        select(
            IntakeDelivery.id,
            IntakeAddress.purpose,
            Message.id,
            Message.from_name,
            Message.from_address,
            Message.subject,
            IntakeDelivery.reason,
            IntakeDelivery.created_at,
        )
        .join(IntakeAddress, IntakeAddress.id == IntakeDelivery.intake_address_id)
        .join(Message, Message.id == IntakeDelivery.message_id)
        .where(IntakeAddress.user_id == viewer.user_id, IntakeDelivery.state == IntakeState.HELD)
        .order_by(IntakeDelivery.id)
    )
    return [HeldMail(*row) for row in session.execute(query)]


def settle_held(session: WriteSession, delivery_id: int, state: IntakeState, reason: str) -> bool:
    """Decide about a held delivery; False when it is not held (any more)."""
    statement = (
        update(IntakeDelivery)
        .where(IntakeDelivery.id == delivery_id, IntakeDelivery.state == IntakeState.HELD)
        .values(state=state, reason=reason)
        .returning(IntakeDelivery.id)
    )
    return session.execute(statement).one_or_none() is not None


def first_effect(session: WriteSession, message_id: int, kind: str, target: str) -> bool:
    """Note that a message causes this; False when it has done so before, and must not again."""
    dialect_insert = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = (
        dialect_insert(Effect)
        .values(message_id=message_id, kind=kind, target=target)
        .on_conflict_do_nothing(index_elements=["message_id", "kind", "target"])
        .returning(Effect.id)
    )
    return session.execute(statement).one_or_none() is not None


def refuse(session: WriteSession, delivery_id: int, reason: str) -> None:
    """Note that an accepted delivery could not become anything, and why."""
    statement = update(IntakeDelivery).where(IntakeDelivery.id == delivery_id)
    session.execute(statement.values(state=IntakeState.REFUSED, reason=reason))
