"""What happened to single mails that were sent with receipts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from core.errors import NotFound
from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from delivery.verdict import Verdict
from storage.models import LEAVING, Mailbox, MailEvent, Message, Outgoing, TrackingKind
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Happened:
    """A mail was opened, or its link of that number followed; `verdict`: by whom, as far as can be told; `reason`: why."""

    outgoing_id: int
    kind: TrackingKind
    verdict: str
    link_number: int | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Whose mail it was and to whom, for the note to its author."""

    user_id: int | None
    subject: str
    to: tuple[str, ...]


def links_of(session: ReadSession, outgoing_id: int) -> list[str] | None:
    """Where the links of a mail lead, in order; None where there is no such mail."""
    return session.execute(select(Outgoing.links).where(Outgoing.id == outgoing_id)).scalar()


def add_events(session: WriteSession, events: Sequence[Happened], most: int) -> list[Happened]:
    """Keep what happened to mails that are still there, of each so many at most; those that are the first of a person of their
    kind."""
    ids = sorted({event.outgoing_id for event in events})
    mails = select(Outgoing.id).where(Outgoing.id.in_(ids)).order_by(Outgoing.id)
    there = set(session.execute(mails.with_for_update(read=True, key_share=True)).scalars())
    of_them = MailEvent.outgoing_id.in_(ids)
    counted = select(MailEvent.outgoing_id, func.count()).where(of_them).group_by(MailEvent.outgoing_id)
    room = Counter(dict.fromkeys(there, most))
    room.subtract({row[0]: row[1] for row in session.execute(counted)})
    by_people = select(MailEvent.outgoing_id, MailEvent.kind).where(of_them, MailEvent.verdict == Verdict.HUMAN)
    known = {(row[0], row[1]) for row in session.execute(by_people.distinct())}
    first, kept = [], []
    for event in events:
        if room[event.outgoing_id] <= 0:
            continue
        room[event.outgoing_id] -= 1
        kept.append(asdict(event))
        if event.verdict == Verdict.HUMAN and (event.outgoing_id, event.kind) not in known:
            known.add((event.outgoing_id, event.kind))
            first.append(event)
    if kept:
        session.execute(insert(MailEvent), kept)
    return first


def sent(session: ReadSession, outgoing_id: int) -> Sent:
    """Raises `NotFound`."""
    row = session.get(Outgoing, outgoing_id)
    if row is None:
        raise NotFound("There is no such mail any more.")
    return Sent(row.user_id, row.subject, tuple(one["name"] or one["address"] for one in row.to))


def switch_mailbox(session: WriteSession, viewer: Viewer, mailbox_id: int, on: bool | None) -> bool:
    """Give a mailbox of the viewer's its own word; false where it is none of theirs."""
    allowed = () if viewer.is_system else (is_own_mailbox(viewer),)
    statement = update(Mailbox).where(Mailbox.id == mailbox_id, *allowed).values(receipts=on)
    changed = session.execute(statement.returning(Mailbox.id).execution_options(synchronize_session=False))
    return changed.scalar() is not None


def mailbox_words(session: ReadSession, viewer: Viewer) -> list[tuple[int, str, bool | None]]:
    """The viewer's mailboxes that can send: id, address, and their own word."""
    allowed = () if viewer.is_system else (is_own_mailbox(viewer),)
    statement = select(Mailbox.id, Mailbox.email, Mailbox.receipts).where(Mailbox.smtp_url.is_not(None), *allowed)
    statement = statement.where(Mailbox.state.not_in(LEAVING)).order_by(Mailbox.shared, Mailbox.id)
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def thread_of(session: ReadSession, outgoing_id: int) -> int | None:
    """The conversation in which the copy of a mail stands, once it was seen."""
    return session.execute(select(Message.thread_id).where(Message.outgoing_id == outgoing_id)).scalar()
