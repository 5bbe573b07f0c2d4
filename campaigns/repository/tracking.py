"""What recipients did, kept once: events, and what follows from them for the ledger and for later campaigns."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from campaigns.repository.ledger import stored
from campaigns.repository.suppression import suppress
from core.clock import utcnow
from crm.access.viewer import Viewer
from storage.models import Company, Contact, Effect, Recipient, SendState, TrackingKind
from storage.sessions import ReadSession, WriteSession

UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is stored; `key` tells it from every other."""

    recipient_id: int
    kind: TrackingKind
    verdict: str
    link_number: int | None
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Written:
    """A recipient as bounces and unsubscriptions need it."""

    id: int
    campaign_id: int
    key: str
    state: SendState


@dataclass(frozen=True, slots=True)
class Reader:
    """What links with variables in them are filled with."""

    name: str
    address: str
    company: str | None
    position: str
    first_name: str


def unsubscription_key(recipient_id: int) -> str:
    """Whoever presses the button twice has unsubscribed once."""
    return f"unsubscribe:{recipient_id}"


def record(session: WriteSession, events: Sequence[Event]) -> None:
    """Keep those that are new, and what follows from them.

    Whoever opened, clicked or unsubscribed has had the mail: a recipient in doubt is settled as sent.
    """
    people = {row.id: row for row in written(session, {event.recipient_id for event in events})}
    known = [event for event in events if event.recipient_id in people]
    if not known:
        return
    _insert(session, known)
    doubtful = [row.id for row in people.values() if row.state is SendState.IN_DOUBT]
    settle_doubt(session, doubtful, "settled: it was opened or clicked")
    for event in known:
        if event.kind is TrackingKind.UNSUBSCRIBE:
            person = people[event.recipient_id]
            suppress(session, [person.key], UNSUBSCRIBED, person.campaign_id)


_COLUMNS = "INSERT INTO tracking_event (recipient_id, kind, verdict, link_number, at, journal_key) "
_ONCE = " ON CONFLICT (journal_key) DO NOTHING"
_INSERT = {
    "sqlite": text(
        _COLUMNS + "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), "
        "json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]') "
        "FROM json_each(:rows) WHERE true" + _ONCE
    ),
    "postgresql": text(
        _COLUMNS + "SELECT CAST(value ->> 0 AS bigint), value ->> 1, value ->> 2, CAST(value ->> 3 AS integer), "
        "CAST(value ->> 4 AS timestamptz), value ->> 5 FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS rows(value)"
        + _ONCE
    ),
}


def _insert(session: WriteSession, events: Sequence[Event]) -> None:
    """All in one statement: one for every row would fight with the requests for the interpreter."""
    dialect = session.get_bind().dialect.name
    rows = [
        [one.recipient_id, one.kind.value, one.verdict, one.link_number, stored(one.at, dialect), one.key]
        for one in events
    ]
    session.execute(_INSERT[dialect], {"rows": json.dumps(rows)})


def written(session: ReadSession, recipient_ids: Collection[int]) -> list[Written]:
    """These recipients, as far as they are there."""
    query = select(Recipient.id, Recipient.campaign_id, Recipient.key, Recipient.state)
    return [Written(*row) for row in session.execute(query.where(Recipient.id.in_(recipient_ids)))]


def settle_doubt(session: WriteSession, recipient_ids: Collection[int], reason: str) -> None:
    """Mails that were in doubt have arrived after all."""
    if recipient_ids:
        session.execute(
            update(Recipient)
            .where(Recipient.id.in_(recipient_ids), Recipient.state == SendState.IN_DOUBT)
            .values(state=SendState.SENT, reason=reason)
            .execution_options(synchronize_session=False)
        )


def reader(session: ReadSession, _: Viewer, recipient_id: int) -> Reader | None:
    """Who a recipient is; None when there is none."""
    name, position, first_name = (
        func.coalesce(column, "") for column in (Contact.name, Contact.position, Contact.first_name)
    )
    query = (
        select(name, Recipient.address, Company.name, position, first_name)
        .select_from(Recipient)
        .outerjoin(Contact, Contact.id == Recipient.contact_id)
        .outerjoin(Company, Company.id == Contact.company_id)
        .where(Recipient.id == recipient_id)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else Reader(*row)


# --- what came back by mail


def mark_bounced(session: WriteSession, recipient_id: int, reason: str) -> None:
    """The mail was taken and could not be delivered after all."""
    settle_doubt(session, [recipient_id], reason)
    session.execute(
        update(Recipient)
        .where(Recipient.id == recipient_id, Recipient.state == SendState.SENT)
        .values(bounced_at=func.coalesce(Recipient.bounced_at, utcnow()), reason=reason)
        .execution_options(synchronize_session=False)
    )


def note_effect(session: WriteSession, message_id: int, kind: str, target: str) -> bool:
    """Remember that a message has caused this; false when it had before."""
    dialect = postgresql.insert if session.on_postgresql else sqlite.insert
    statement = dialect(Effect).values(message_id=message_id, kind=kind, target=target)
    found = session.execute(statement.on_conflict_do_nothing().returning(Effect.id))
    return found.one_or_none() is not None
