"""Records as the search of everything shows them: a name and a few words more, of each kind by one narrow statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.repository.filtering import chosen
from crm.records.repository.naming import LABELS, TABLES
from crm.records.repository.terms import searched_fields
from crm.records.views import RecordFilter
from storage.models import Company, Contact, Deal, Lead, LeadStage, RecordType, Stage
from storage.sessions import ReadSession

KINDS = (RecordType.CONTACT, RecordType.COMPANY, RecordType.DEAL, RecordType.LEAD)


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record that was searched for; `further` are words that tell it from others of its name, as far as they may be seen."""

    id: int
    name: str
    further: tuple[str, ...]


def found_records(
    session: ReadSession, viewer: Viewer, words: str, *, limit: int
) -> dict[RecordType, tuple[FoundRecord, ...]]:
    """The newest records of each kind that are meant by the words, at most `limit` of each."""
    fields = searched_fields(session, viewer, KINDS, words)
    wanted = RecordFilter(words=words, limit=limit)
    found = {}
    for kind in KINDS:
        statement = chosen(session, _rows(viewer, kind), viewer, TABLES[kind], wanted, fields[kind])
        rows: Sequence[Any] = session.execute(statement).all()
        found[kind] = tuple(FoundRecord(row[0], row[1], tuple(filter(None, row[2:]))) for row in rows)
    return found


def _rows(viewer: Viewer, kind: RecordType) -> Select[*tuple[Any, ...]]:
    table = TABLES[kind]
    if kind is RecordType.CONTACT:
        of_it = and_(Company.id == Contact.company_id, Company.deleted_at.is_(None))
        seen = and_(of_it, *within(viewer, RecordType.COMPANY))
        further = (_seen(viewer, kind, "position", Contact.position), _seen(viewer, kind, "company_id", Company.name))
        return select(table.id, LABELS[kind], *further).outerjoin(Company, seen)
    if kind is RecordType.COMPANY:
        return select(table.id, LABELS[kind], _seen(viewer, kind, "domain", Company.domain))
    stage: Any = Stage if kind is RecordType.DEAL else LeadStage
    staged: Any = Deal if kind is RecordType.DEAL else Lead
    return select(table.id, LABELS[kind], stage.name).join(stage, stage.id == staged.stage_id)


def _seen(viewer: Viewer, kind: RecordType, key: str, column: Any) -> ColumnElement[Any]:
    return literal("").label(key) if viewer.hides(kind, key) else column
