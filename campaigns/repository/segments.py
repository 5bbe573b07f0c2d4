"""Segments and the contacts they hold."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from campaigns.repository.rules import condition
from campaigns.segments import Rule, read_rules
from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from storage.models import Channel, Contact, RecordType, Segment
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment as pages list it."""

    id: int
    name: str
    rules: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """One contact of a segment; `email` is empty where there is none."""

    contact_id: int
    name: str
    email: str


def insert_segment(session: WriteSession, name: str, rules: dict[str, Any]) -> int:
    """Keep a checked rule tree. Raises `Conflict` when the name is taken."""
    try:
        statement = insert(Segment).values(name=name, rules=rules, created_at=utcnow()).returning(Segment.id)
        return session.execute(statement).scalar_one()
    except IntegrityError:
        raise Conflict(f"There is a segment “{name}” already: choose another name.") from None


def segments(session: ReadSession, viewer: Viewer) -> list[SegmentView]:
    """All segments by name."""
    viewer.require_reading_campaigns()
    rows = session.execute(select(Segment.id, Segment.name, Segment.rules).order_by(func.lower(Segment.name)))
    return [SegmentView(*row) for row in rows]


def segment_by_name(session: ReadSession, viewer: Viewer, name: str) -> SegmentView:
    """One segment. Raises `NotFound`."""
    viewer.require_reading_campaigns()
    row = session.execute(select(Segment.id, Segment.name, Segment.rules).where(Segment.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"There is no segment “{name}”.")
    return SegmentView(*row)


def count(session: ReadSession, viewer: Viewer, rule: Rule) -> int:
    """How many contacts match now, with or without an address."""
    viewer.require_reading_campaigns()
    statement = select(func.count()).select_from(Contact).where(*_belongs(session, rule))
    return session.execute(statement).scalar_one()


def sample(session: ReadSession, viewer: Viewer, rule: Rule, limit: int) -> list[Member]:
    """The first few contacts that match."""
    viewer.require_reading_campaigns()
    first = (
        select(func.min(Channel.id))
        .where(Channel.record_type == RecordType.CONTACT, Channel.record_id == Contact.id, Channel.kind == "email")
        .correlate(Contact)
        .scalar_subquery()
    )
    statement = (
        select(Contact.id, Contact.name, func.coalesce(Channel.value, ""))
        .outerjoin(Channel, Channel.id == first)
        .where(*_belongs(session, rule))
        .order_by(Contact.id)
        .limit(limit)
    )
    return [Member(*row) for row in session.execute(statement)]


def rule_of(session: ReadSession, segment_id: int) -> Rule:
    """The rules of a stored segment."""
    rules = session.execute(select(Segment.rules).where(Segment.id == segment_id)).scalar_one()
    return read_rules(rules)


def _belongs(session: ReadSession, rule: Rule) -> list[Any]:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return [Contact.deleted_at.is_(None), condition(rule, on_postgresql=on_postgresql)]
