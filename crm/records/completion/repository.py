"""Rows that suggestions are made of, and those that were declined."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from crm.access.viewer import Viewer
from storage.models import Company, DeclinedSuggestion, Direction, Message
from storage.sessions import ReadSession, WriteSession


def newest_mail_of(
    session: ReadSession, _: Viewer, keys: Collection[str], kinds: Collection[str], limit: int
) -> list[Message]:
    """What came from these addresses, newest first; whether the viewer may read it is another question."""
    statement = select(Message).where(
        Message.from_key.in_(keys), Message.direction == Direction.INCOMING, Message.kind.in_(kinds)
    )
    return list(session.execute(statement.order_by(Message.date.desc(), Message.id.desc()).limit(limit)).scalars())


def declined(session: ReadSession, contact_id: int) -> set[tuple[str, str]]:
    """Field and key of what nobody wants to be asked about again."""
    statement = select(DeclinedSuggestion.field, DeclinedSuggestion.key)
    return {(row[0], row[1]) for row in session.execute(statement.where(DeclinedSuggestion.contact_id == contact_id))}


def decline(session: WriteSession, contact_id: int, field: str, key: str) -> None:
    """Remember it; again changes nothing."""
    statement = (postgresql.insert if session.on_postgresql else sqlite.insert)(DeclinedSuggestion)
    session.execute(statement.values(contact_id=contact_id, field=field, key=key).on_conflict_do_nothing())


def company_named(session: ReadSession, name: str) -> int | None:
    """The oldest company of that name, in whatever case."""
    statement = select(Company.id).where(func.lower(Company.name) == name.lower(), Company.deleted_at.is_(None))
    return session.execute(statement.order_by(Company.id).limit(1)).scalar()
