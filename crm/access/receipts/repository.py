"""Receipts in the database: a page of mails by one statement, the happenings of one mail by two."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from crm.access.mail import require_readable
from crm.access.receipts.views import NO_RECEIPTS, Happening, Receipt
from crm.access.viewer import Viewer
from delivery.verdict import Verdict
from storage.models import MailEvent, Message, Outgoing, TrackingKind
from storage.sessions import ReadSession


def receipts_of(session: ReadSession, _: Viewer, outgoing_ids: Collection[int]) -> Mapping[int, Receipt]:
    """What is known of those of the mails that have receipts. The viewer may read what they say."""
    if not outgoing_ids:
        return NO_RECEIPTS
    grouped = (
        select(
            Outgoing.id,
            MailEvent.kind,
            MailEvent.verdict,
            func.count(MailEvent.id),
            func.min(MailEvent.at),
            func.max(MailEvent.at),
        )
        .outerjoin(MailEvent, MailEvent.outgoing_id == Outgoing.id)
        .where(Outgoing.id.in_(outgoing_ids), Outgoing.receipts)
        .group_by(Outgoing.id, MailEvent.kind, MailEvent.verdict)
    )
    receipts: dict[int, Receipt] = {}
    for outgoing_id, kind, verdict, count, first, last in session.execute(grouped):
        known = receipts.setdefault(outgoing_id, Receipt())
        if count:
            receipts[outgoing_id] = _with(known, kind, verdict, count, first, last)
    return receipts


def happenings(
    session: ReadSession, _: Viewer, outgoing_id: int, *, before_id: int | None = None, limit: int = 50
) -> list[Happening]:
    """What happened to a mail, newest first. The viewer may read what it says."""
    of_mail = MailEvent.outgoing_id == outgoing_id
    by_people = select(func.min(MailEvent.id)).where(of_mail, MailEvent.verdict == Verdict.HUMAN)
    firsts = set(session.execute(by_people.group_by(MailEvent.kind)).scalars())
    events = select(MailEvent, Outgoing.links).join(Outgoing, Outgoing.id == MailEvent.outgoing_id).where(of_mail)
    if before_id is not None:
        events = events.where(MailEvent.id < before_id)
    return [
        Happening(
            event.id,
            event.kind,
            Verdict(event.verdict),
            event.reason,
            links[event.link_number - 1] if event.link_number and event.link_number <= len(links) else None,
            event.at,
            event.id in firsts,
        )
        for event, links in session.execute(events.order_by(MailEvent.id.desc()).limit(limit))
    ]


def happenings_of_message(
    session: ReadSession, viewer: Viewer, message_id: int, *, before_id: int | None = None, limit: int = 50
) -> list[Happening]:
    """The same of a stored message; none where it is not our own, or has no receipts. Raises `NotFound` for whoever may not read
    what it says."""
    require_readable(session, viewer, message_id)
    outgoing_id = session.execute(select(Message.outgoing_id).where(Message.id == message_id)).scalar()
    return happenings(session, viewer, outgoing_id, before_id=before_id, limit=limit) if outgoing_id else []


def newest_happening(session: ReadSession, viewer: Viewer) -> int:
    """A number that grows with each happening, whoever may see it: open pages look again when it does."""
    del viewer
    return session.execute(select(func.max(MailEvent.id))).scalar() or 0


def _with(receipt: Receipt, kind: TrackingKind, verdict: str, count: int, first: datetime, last: datetime) -> Receipt:
    if verdict != Verdict.HUMAN:
        return replace(receipt, by_others=receipt.by_others + count)
    if kind is TrackingKind.OPEN:
        return replace(receipt, first_opened_at=first, last_opened_at=last, opened=count)
    return replace(receipt, first_clicked_at=first, last_clicked_at=last, clicked=count)
