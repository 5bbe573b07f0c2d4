"""Records as the search of everything shows them: a name and a few words more, of each kind by one narrow statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.repository.filtering import Rows, chosen_among
from crm.records.repository.naming import LABELS, TABLES
from crm.records.repository.narrowing import Few, Narrowed, few_among
from crm.records.repository.terms import Fields, found_by_words, searched_fields
from crm.records.views import RecordFilter
from storage.models import Company, Contact, Deal, Lead, LeadStage, RecordType, Stage
from storage.sessions import ReadSession

KINDS = (RecordType.CONTACT, RecordType.COMPANY, RecordType.DEAL, RecordType.LEAD)


SOON_MET = 1_000
"""One of two hundred where there are 200,000: to look at all of them takes longer than to walk past a few thousand others."""


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record that was searched for; `further` are words that tell it from others of its name, as far as they may be seen."""

    id: int
    name: str
    further: tuple[str, ...]


def found_records(
    session: ReadSession, viewer: Viewer, words: str, *, limit: int
) -> dict[RecordType, tuple[FoundRecord, ...]]:
    """The newest records of each kind that are meant by the words, at most `limit` of each.

    Those whose name or address says them stand before those that say them in another field.
    """
    fields = searched_fields(session, viewer, KINDS, words)
    wanted = RecordFilter(words=words, limit=limit)
    return {kind: tuple(_found(session, viewer, kind, wanted, fields[kind])) for kind in KINDS}


def _found(
    session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter, fields: Fields
) -> list[FoundRecord]:
    among = few_among(session, TABLES[kind], wanted, fields)
    if among.none:
        return []
    few = None if _are_soon_met(viewer, kind, wanted, among) else among.ids
    found: dict[int, FoundRecord] = {}
    for statement in _statements(session, viewer, kind, wanted, fields, few):
        for row in map(tuple, session.execute(statement)):
            found.setdefault(row[0], FoundRecord(row[0], row[1], tuple(filter(None, row[2:]))))
        if len(found) >= wanted.limit:
            break
    return list(found.values())[: wanted.limit]


def _are_soon_met(viewer: Viewer, kind: RecordType, wanted: RecordFilter, among: Narrowed) -> bool:
    """Whether the newest are found sooner along the list: where a single word is said by many records that are all seen."""
    is_one_word = len(wanted.words.split()) == 1
    return is_one_word and (among.most or 0) > SOON_MET and not [*within(viewer, kind)]


def _statements(
    session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter, fields: Fields, few: Few | None
) -> Iterator[Rows]:
    """Few are sorted by where they say it; of many those are asked for first whose name does."""
    table, rows = TABLES[kind], _rows(viewer, kind)
    if few is not None:
        called = and_(*found_by_words(table, wanted.words, viewer.hidden_fields(kind), ()))
        yield chosen_among(session, rows, viewer, table, wanted, few, fields, called.desc())
        return
    by_name = few_among(session, table, wanted, ())
    if not by_name.none:
        named = None if _are_soon_met(viewer, kind, wanted, by_name) else by_name.ids
        yield chosen_among(session, rows, viewer, table, wanted, named, ())
    yield chosen_among(session, rows, viewer, table, wanted, None, fields)


def _rows(viewer: Viewer, kind: RecordType) -> Rows:
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
