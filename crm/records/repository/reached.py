"""How much of the records somebody reaches, for who gives rights and wants to see what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from crm.access.rights import Act
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.repository.naming import LABELS, TABLES
from storage.models import RecordType
from storage.sessions import ReadSession

ACTS = (Act.SEE, Act.EDIT, Act.DELETE, Act.EXPORT)
NEWEST = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """Of one kind of record: how many there are, to how many each act reaches, and the names of the newest that are seen."""

    kind: RecordType
    all: int
    counts: Mapping[Act, int]
    newest: tuple[str, ...]


def reached(session: ReadSession, viewer: Viewer) -> list[Reached]:
    """What the viewer reaches of each kind of record; two statements a kind."""
    return [_reached(session, viewer, kind) for kind in RecordType]


def _reached(session: ReadSession, viewer: Viewer, kind: RecordType) -> Reached:
    table = TABLES[kind]
    there = table.deleted_at.is_(None)
    columns = [select(func.count()).select_from(table).where(there, *within(viewer, kind, act)) for act in ACTS]
    everything = select(func.count()).select_from(table).where(there)
    numbers = session.execute(select(*(one.scalar_subquery() for one in (everything, *columns)))).one()
    newest = select(LABELS[kind]).where(there, *within(viewer, kind)).order_by(table.id.desc()).limit(NEWEST)
    names = tuple(session.execute(newest).scalars())
    return Reached(kind, numbers[0], dict(zip(ACTS, numbers[1:], strict=True)), names)
