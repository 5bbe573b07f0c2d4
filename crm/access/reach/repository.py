"""Names of records, for many at once and of any mixture of kinds, in one statement."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from core.errors import NotFound
from crm.access.viewer import Viewer
from storage.models import Company, Contact, Deal, Lead, RecordType
from storage.sessions import ReadSession

Key = tuple[RecordType, int]


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A CRM record by name."""

    type: RecordType
    id: int
    name: str

    @property
    def key(self) -> Key:
        """Kind and id together."""
        return self.type, self.id


_NAMED = (
    (RecordType.CONTACT, Contact, Contact.name),
    (RecordType.COMPANY, Company, Company.name),
    (RecordType.LEAD, Lead, Lead.title),
    (RecordType.DEAL, Deal, Deal.title),
)


def record_links(session: ReadSession, viewer: Viewer, keys: Collection[Key]) -> dict[Key, RecordLink]:
    """The records among `keys` that exist and that the viewer reaches."""
    del viewer  # Every role that may sign in reaches every record; rights per record will narrow this here.
    queries = [
        select(literal(kind.value), table.id, name).where(
            table.id.in_([record_id for wanted, record_id in keys if wanted is kind]), table.deleted_at.is_(None)
        )
        for kind, table, name in _NAMED
        if any(wanted is kind for wanted, _ in keys)
    ]
    if not queries:
        return {}
    rows = session.execute(union_all(*queries)).tuples()
    links = (RecordLink(RecordType(kind), record_id, name) for kind, record_id, name in rows)
    return {link.key: link for link in links}


def require_records(session: ReadSession, viewer: Viewer, keys: Collection[Key]) -> None:
    """Raises `NotFound` unless the viewer reaches every one of the records."""
    if len(record_links(session, viewer, keys)) < len(set(keys)):
        raise NotFound("One of these records does not exist any more.")
