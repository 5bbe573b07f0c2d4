"""What a removal would take away, counted; and the row of one that was asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.models import (
    Activity,
    ActivityBinding,
    IntakeDelivery,
    LastCopy,
    MailboxRemoval,
    Message,
    Outgoing,
    Place,
    Post,
    Quarantine,
    SendState,
    Task,
)
from storage.sessions import ReadSession, WriteSession

WAITING = (SendState.PENDING, SendState.RETRY)


@dataclass(frozen=True, slots=True)
class Plan:
    """Exact numbers. `only_here` messages are in no other mailbox; `on_records` of them stand on records or in work.

    `shared` messages stay in the other mailboxes that hold them; `work` counts tasks and posts that were made of mail
    which is only here; `waiting` mails were to be sent through the mailbox.
    """

    places: int
    only_here: int
    on_records: int
    shared: int
    work: int
    waiting: int
    quarantined: int


def plan(session: ReadSession, mailbox_id: int) -> Plan:
    """What is in the mailbox now."""
    only_here = _only_here(mailbox_id)
    here = Place.mailbox_id == mailbox_id
    places = _number(session, select(func.count()).where(here))
    shared = _number(session, select(func.count(Place.message_id.distinct())).where(here, _held_elsewhere(mailbox_id)))
    alone = _number(session, select(func.count()).select_from(only_here.subquery()))
    kept = _number(session, select(func.count()).where(Message.id.in_(only_here), stands_on_records(Message.id)))
    tasks = _number(session, select(func.count()).where(Task.message_id.in_(only_here)))
    posts = _number(session, select(func.count()).where(Post.message_id.in_(only_here)))
    waiting = select(func.count()).where(Outgoing.mailbox_id == mailbox_id, Outgoing.state.in_(WAITING))
    broken = select(func.count()).where(Quarantine.mailbox_id == mailbox_id)
    return Plan(
        places,
        alone,
        kept,
        shared,
        tasks + posts,
        _number(session, waiting),
        _number(session, broken),
    )


def stands_on_records(message_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a message is on a record, or something was made of it."""
    bound = exists().where(
        and_(Activity.message_id == message_id, exists().where(ActivityBinding.activity_id == Activity.id))
    )
    made = [exists().where(table.message_id == message_id) for table in (Task, Post, IntakeDelivery)]
    return or_(bound, *made)


def _only_here(mailbox_id: int) -> CompoundSelect[int]:
    """Messages that lie in no other mailbox, and those that lie nowhere any more and lay here last."""
    here = select(Place.message_id).where(Place.mailbox_id == mailbox_id, ~_held_elsewhere(mailbox_id))
    placed = exists().where(Place.message_id == LastCopy.message_id)
    return here.union(select(LastCopy.message_id).where(LastCopy.mailbox_id == mailbox_id, ~placed))


def _held_elsewhere(mailbox_id: int) -> ColumnElement[bool]:
    elsewhere = aliased(Place)
    return exists().where(elsewhere.message_id == Place.message_id, elsewhere.mailbox_id != mailbox_id)


def _number(session: ReadSession, query: Select[int]) -> int:
    return session.execute(query).scalar_one()


def removal_row(session: ReadSession, mailbox_id: int) -> MailboxRemoval | None:
    """The removal that was asked for; None when nobody wants it."""
    return session.execute(select(MailboxRemoval).where(MailboxRemoval.mailbox_id == mailbox_id)).scalar_one_or_none()


def insert_removal(
    session: WriteSession,
    mailbox_id: int,
    user_id: int | None,
    asked_at: datetime,
    begins_at: datetime,
    *,
    keep_mail: bool,
    was_paused: bool,
) -> None:
    """Remember that the mailbox is to go."""
    session.add(
        MailboxRemoval(
            mailbox_id=mailbox_id,
            user_id=user_id,
            keep_mail=keep_mail,
            was_paused=was_paused,
            asked_at=asked_at,
            begins_at=begins_at,
            total=0,
            gone=0,
        )
    )


def places_after(session: ReadSession, mailbox_id: int, after: int, limit: int) -> list[int]:
    """Ids of places of the mailbox, ascending."""
    query = select(Place.id).where(Place.mailbox_id == mailbox_id, Place.id > after).order_by(Place.id).limit(limit)
    return list(session.execute(query).scalars())


def count_places(session: ReadSession, mailbox_id: int) -> int:
    """How many places the mailbox has."""
    return _number(session, select(func.count()).where(Place.mailbox_id == mailbox_id))
