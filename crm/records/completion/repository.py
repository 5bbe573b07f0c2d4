"""Rows that suggestions are made of, and those that were declined."""

from collections.abc import Collection

from sqlalchemy import select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.likeness import name_key
from storage.folding import name_key as folded
from storage.models import Company, DeclinedSuggestion, Direction, Message, RecordType
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert


def newest_mail_of(
    session: ReadSession, _: Viewer, keys: Collection[str], kinds: Collection[str], limit: int
) -> list[Message]:
    """What came from these addresses, newest first; whether the viewer may read it is another question."""
    statement = select(Message).where(
        Message.from_key.in_(keys), Message.direction == Direction.INCOMING, Message.kind.in_(kinds)
    )
    return list(session.execute(statement.order_by(Message.date.desc(), Message.id.desc()).limit(limit)).scalars())


def declined(session: ReadSession, _: Viewer, contact_id: int) -> set[tuple[str, str]]:
    """Field and key of what nobody wants to be asked about again."""
    statement = select(DeclinedSuggestion.field, DeclinedSuggestion.key)
    return {(row[0], row[1]) for row in session.execute(statement.where(DeclinedSuggestion.contact_id == contact_id))}


def decline(session: WriteSession, contact_id: int, field: str, key: str) -> None:
    """Remember it; again changes nothing."""
    statement = upsert(session, DeclinedSuggestion)
    session.execute(statement.values(contact_id=contact_id, field=field, key=key).on_conflict_do_nothing())


def company_named(session: ReadSession, viewer: Viewer, name: str) -> int | None:
    """The oldest company of that name, in whatever case, that the viewer may know of."""
    key = name_key(name)
    seen = within(viewer, RecordType.COMPANY)
    statement = select(Company.id, Company.name).where(Company.name_key == folded(name), *seen)
    for company_id, called in session.execute(statement.where(Company.deleted_at.is_(None)).order_by(Company.id)):
        if name_key(called) == key:
            return int(company_id)
    return None
