"""What numbers are made of: mails on records, and deals, of a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Select, exists, func, select

from crm.access.rights.repository import stands_on_seen, within
from crm.access.viewer import Viewer
from storage.among import among
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Deal,
    Direction,
    Lead,
    LeadState,
    Place,
    RecordType,
    StageKind,
)
from storage.sessions import ReadSession

MOST_MAILS = 200_000
"""So many of the newest are counted; a page says where there are more."""


class CountedMail(NamedTuple):
    """One mail on a record.

    `person_id` is who is responsible for it; of ours, who wrote it where that is known. `mailbox_id` is where it lies, the one
    that was connected first if it lies in several; None where it was deleted from all.
    """

    thread_id: int
    direction: Direction
    at: datetime
    person_id: int | None
    mailbox_id: int | None


class Begun(NamedTuple):
    """Deals or leads that began in the time, by who is responsible and the mailbox of their first mail.

    `won`: how many of them are won (leads: converted) by now.
    """

    person_id: int | None
    mailbox_id: int | None
    begun: int
    won: int


def mails(
    session: ReadSession, viewer: Viewer, since: datetime, until: datetime, *, mailbox_ids: Collection[int] | None
) -> list[CountedMail]:
    """Mails on records of that time, conversation by conversation in order; only of some mailboxes where they are given.

    For others than administrators and managers of the conversations that they take part in, all mails of which are needed to
    tell how soon one was answered: which of them count is for the caller to say.
    """
    statement = _mails(mailbox_ids).where(Activity.at >= since, Activity.at < until, *_seen_by(viewer, since))
    return _conversations(session, statement.order_by(Activity.at.desc(), Activity.id.desc()).limit(MOST_MAILS))


def later_mails(
    session: ReadSession, _: Viewer, thread_ids: Sequence[int], until: datetime, *, mailbox_ids: Collection[int] | None
) -> list[CountedMail]:
    """What came in these conversations from then on, as `mails` tells it."""
    if not thread_ids:
        return []
    statement = _mails(mailbox_ids).where(among(Activity.thread_id, thread_ids), Activity.at >= until)
    return _conversations(session, statement.order_by(Activity.at, Activity.id).limit(MOST_MAILS))


def begun_before(session: ReadSession, _: Viewer, thread_ids: Sequence[int], since: datetime) -> set[int]:
    """Those of the conversations in which there was mail before."""
    if not thread_ids:
        return set()
    statement = select(Activity.thread_id).where(among(Activity.thread_id, thread_ids), Activity.at < since).distinct()
    return {one for one in session.execute(statement).scalars() if one is not None}


def deals_begun(
    session: ReadSession, viewer: Viewer, since: datetime, until: datetime, *, mailbox_ids: Collection[int] | None
) -> list[Begun]:
    """Deals that began in that time; only those on which mail of some mailboxes stands, where they are given."""
    won = Deal.stage_kind == StageKind.WON
    return _begun(session, viewer, Deal, won, (Deal.created_at >= since, Deal.created_at < until), mailbox_ids)


def leads_begun(
    session: ReadSession, viewer: Viewer, since: datetime, until: datetime, *, mailbox_ids: Collection[int] | None
) -> list[Begun]:
    """Leads that came in that time, as `deals_begun` tells it of deals."""
    converted = Lead.state == LeadState.CONVERTED
    return _begun(session, viewer, Lead, converted, (Lead.created_at >= since, Lead.created_at < until), mailbox_ids)


def _begun(
    session: ReadSession,
    viewer: Viewer,
    table: type[Deal] | type[Lead],
    won: ColumnElement[bool],
    within_time: tuple[ColumnElement[bool], ...],
    mailbox_ids: Collection[int] | None,
) -> list[Begun]:
    kind = RecordType(table.__tablename__)
    on_it = (ActivityBinding.record_type == kind, ActivityBinding.record_id == table.id)
    entry = (Activity.id == ActivityBinding.activity_id, Activity.kind == ActivityKind.MAIL)
    first_mail = select(Place.mailbox_id).where(*on_it, *entry, Place.message_id == Activity.message_id)
    first = first_mail.order_by(Activity.at, Activity.id, Place.mailbox_id).limit(1).correlate(table).scalar_subquery()
    rows = select(table.responsible_id.label("person"), first.label("mailbox"), won.label("won")).where(
        table.deleted_at.is_(None), *within_time, *within(viewer, kind)
    )
    if not viewer.may_oversee:
        rows = rows.where(table.responsible_id == viewer.user_id)
    if mailbox_ids is not None:
        has_mail = select(ActivityBinding.id).join(Activity, Activity.id == ActivityBinding.activity_id)
        rows = rows.where(exists(has_mail.where(*on_it, _lies_in(mailbox_ids))))
    each = rows.subquery().c
    counted = select(each.person, each.mailbox, func.count(), func.count().filter(each.won))
    return [Begun(*row) for row in session.execute(counted.group_by(each.person, each.mailbox))]


def _mails(mailbox_ids: Collection[int] | None) -> Select[int]:
    """Ids of mails in conversations; only of some mailboxes where they are given."""
    in_one = (Activity.thread_id.is_not(None), Activity.direction.is_not(None))
    statement = select(Activity.id).where(Activity.kind == ActivityKind.MAIL, *in_one)
    return statement if mailbox_ids is None else statement.where(_lies_in(mailbox_ids))


def _conversations(session: ReadSession, chosen: Select[int]) -> list[CountedMail]:
    person = func.coalesce(Activity.author_id, Activity.responsible_id)
    lies = select(func.min(Place.mailbox_id)).where(Place.message_id == Activity.message_id)
    mailbox = lies.correlate(Activity).scalar_subquery()
    statement = select(Activity.thread_id, Activity.direction, Activity.at, person, mailbox)
    statement = statement.where(Activity.id.in_(select(chosen.subquery().c.id)))
    rows = session.execute(statement.order_by(Activity.thread_id, Activity.at, Activity.id)).all()
    return [CountedMail(*cast(tuple[int, Direction, datetime, int | None, int | None], row)) for row in rows]


def _lies_in(mailbox_ids: Collection[int]) -> ColumnElement[bool]:
    lies = select(Place.id).where(Place.message_id == Activity.message_id, Place.mailbox_id.in_(mailbox_ids))
    return exists(lies)


def _seen_by(viewer: Viewer, since: datetime) -> list[ColumnElement[bool]]:
    """All conversations on records that they see for who oversees people; for others those they had a part in since then."""
    if viewer.may_oversee:
        return [] if viewer.sees_all_records else [stands_on_seen(viewer, Activity.id)]
    theirs = select(Activity.thread_id).where(
        Activity.at >= since, (Activity.responsible_id == viewer.user_id) | (Activity.author_id == viewer.user_id)
    )
    return [Activity.thread_id.in_(theirs)]
