"""What the demo counts at its end, straight from the tables."""

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, func, select

from storage.models import (
    Base,
    Company,
    Contact,
    Deal,
    Lead,
    Message,
    Outgoing,
    Place,
    Post,
    Quarantine,
    SendState,
    Task,
    Thread,
)
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class Stored:
    """How many there are of each. `places` are messages in folders: one message may have several."""

    messages: int
    places: int
    threads: int
    contacts: int
    companies: int
    deals: int
    leads: int
    tasks: int
    posts: int
    quarantined: int
    replies: int

    def as_json(self) -> dict[str, int]:
        """The object that `mailsync demo --json` prints, apart from the campaign."""
        return asdict(self)


def count_stored(session: ReadSession) -> Stored:
    """Count every table once."""

    def count(table: type[Base], *conditions: ColumnElement[bool]) -> int:
        return session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()

    return Stored(
        messages=count(Message),
        places=count(Place),
        threads=count(Thread, Thread.merged_into_id.is_(None)),
        contacts=count(Contact, Contact.deleted_at.is_(None)),
        companies=count(Company, Company.deleted_at.is_(None)),
        deals=count(Deal, Deal.deleted_at.is_(None)),
        leads=count(Lead, Lead.deleted_at.is_(None)),
        tasks=count(Task),
        posts=count(Post),
        quarantined=count(Quarantine),
        replies=count(Outgoing, Outgoing.state == SendState.SENT),
    )
