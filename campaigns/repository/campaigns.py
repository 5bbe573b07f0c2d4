"""Campaigns, the identities they are sent from, and their links: rows as the use cases and pages need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from storage.models import Audit, Campaign, CampaignState, Link, Recipient, Segment, SenderIdentity, SendState
from storage.sessions import ReadSession, WriteSession

VOUCHED = "sender.vouch"
"""The act of answering for an identity, in the audit log."""
OPEN = (SendState.PENDING, SendState.CLAIMED, SendState.ATTEMPTED, SendState.RETRY)


@dataclass(frozen=True, slots=True)
class SenderView:
    """An address campaigns are sent from. `smtp_url` holds no password."""

    id: int
    name: str
    email: str
    smtp_url: str
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class SenderSecret:
    """What is needed to send as an identity: its address, its server and password, or the mailbox that it goes through."""

    email_key: str
    smtp_url: str
    password_encrypted: str | None
    mailbox_id: int | None


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as pages and use cases see it."""

    id: int
    name: str
    state: CampaignState
    state_reason: str
    segment_id: int
    segment: str
    sender: SenderView
    subject: str
    html: str
    text: str
    scheduled_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    created_at: datetime


# --- senders


def put_sender(session: WriteSession, values: dict[str, Any]) -> int:
    """Add an identity, or change the one with the same `email_key`; what is not named stays."""
    found = session.execute(
        update(SenderIdentity)
        .where(SenderIdentity.email_key == values["email_key"])
        .values(**values)
        .returning(SenderIdentity.id)
    ).scalar_one_or_none()
    if found is not None:
        return found
    statement = insert(SenderIdentity).values(**values, created_at=utcnow()).returning(SenderIdentity.id)
    return session.execute(statement).scalar_one()


_SENDER = (
    SenderIdentity.id,
    SenderIdentity.name,
    SenderIdentity.email,
    SenderIdentity.smtp_url,
    SenderIdentity.verified_at,
)


def senders(session: ReadSession, _: Viewer) -> list[SenderView]:
    """All identities by address."""
    return [SenderView(*row) for row in session.execute(select(*_SENDER).order_by(SenderIdentity.email_key))]


def sender_by_key(session: ReadSession, _: Viewer, email_key: str) -> SenderView:
    """One identity. Raises `NotFound`."""
    row = session.execute(select(*_SENDER).where(SenderIdentity.email_key == email_key)).one_or_none()
    if row is None:
        raise NotFound("No sender has this address: add it by `mailsync sender add`.")
    return SenderView(*row)


def sender(session: ReadSession, _: Viewer, sender_id: int) -> SenderView:
    """One identity by its id. Raises `NotFound`."""
    row = session.execute(select(*_SENDER).where(SenderIdentity.id == sender_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such sender.")
    return SenderView(*row)


def is_only_proven(session: ReadSession, email_key: str) -> bool:
    """Whether the identity is verified by the mailbox that it goes through, so that nobody answers for it.

    On the command line nobody has an id: what was vouched for there stands in the audit log only.
    """
    identity = select(SenderIdentity.id).where(
        SenderIdentity.email_key == email_key,
        SenderIdentity.mailbox_id.is_not(None),
        SenderIdentity.verified_at.is_not(None),
        SenderIdentity.vouched_by_id.is_(None),
    )
    found = session.execute(identity).scalar_one_or_none()
    if found is None:
        return False
    vouched = select(Audit.id).where(Audit.action == VOUCHED, Audit.detail["sender_id"].as_integer() == found)
    return session.execute(vouched.limit(1)).first() is None


def sender_secret(session: ReadSession, sender_id: int) -> SenderSecret:
    """Server and encrypted password of an identity, or its mailbox; for sending only."""
    row = session.get_one(SenderIdentity, sender_id)
    return SenderSecret(row.email_key, row.smtp_url, row.password_encrypted, row.mailbox_id)


# --- campaigns


def insert_campaign(session: WriteSession, values: dict[str, Any]) -> int:
    """Add a draft. Raises `Conflict` when the name is taken."""
    try:
        statement = insert(Campaign).values(**values, created_at=utcnow()).returning(Campaign.id)
        return session.execute(statement).scalar_one()
    except IntegrityError:
        raise Conflict(f"There is a campaign “{values['name']}” already: choose another name.") from None


def campaigns(
    session: ReadSession, viewer: Viewer, *, before: int | None = None, limit: int = 100
) -> list[CampaignView]:
    """Campaigns, newest first; `before` is the id that the last page ended with."""
    viewer.require_reading_campaigns()
    query = _views().order_by(Campaign.id.desc()).limit(limit)
    return _found(session, query if before is None else query.where(Campaign.id < before))


def campaign(session: ReadSession, viewer: Viewer, campaign_id: int) -> CampaignView:
    """One campaign. Raises `NotFound`."""
    viewer.require_reading_campaigns()
    return _one(_found(session, _views().where(Campaign.id == campaign_id)))


def campaign_by_name(session: ReadSession, viewer: Viewer, name: str) -> CampaignView:
    """One campaign. Raises `NotFound`."""
    viewer.require_reading_campaigns()
    return _one(_found(session, _views().where(Campaign.name == name)))


def _views() -> Any:
    return (
        select(Campaign, Segment.name, *_SENDER)
        .join(Segment, Segment.id == Campaign.segment_id)
        .join(SenderIdentity, SenderIdentity.id == Campaign.sender_id)
    )


def _found(session: ReadSession, query: Any) -> list[CampaignView]:
    return [_view(row, segment, SenderView(*sender)) for row, segment, *sender in session.execute(query)]


def _view(row: Campaign, segment: str, sender: SenderView) -> CampaignView:
    return CampaignView(
        id=row.id,
        name=row.name,
        state=row.state,
        state_reason=row.state_reason,
        segment_id=row.segment_id,
        segment=segment,
        sender=sender,
        subject=row.subject,
        html=row.html,
        text=row.text,
        scheduled_at=row.scheduled_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        created_at=row.created_at,
    )


def _one(found: list[CampaignView]) -> CampaignView:
    if not found:
        raise NotFound("There is no such campaign.")
    return found[0]


def move(
    session: WriteSession, campaign_id: int, expected: Sequence[CampaignState], state: CampaignState, **values: Any
) -> bool:
    """Change the state, if it is one of `expected`; false when it was not."""
    statement = (
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.state.in_(expected))
        .values(state=state, **values)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).one_or_none() is not None


def state_of(session: ReadSession, campaign_id: int) -> CampaignState:
    """The state as it is now."""
    return session.execute(select(Campaign.state).where(Campaign.id == campaign_id)).scalar_one()


def to_be_worked_on(session: ReadSession) -> list[int]:
    """Campaigns that a sender can do something for now.

    Due, being prepared, with somebody to write to or nobody left at all, or with mail that a dead process had in hand.
    """
    now = utcnow()
    mine = select(Recipient.id).where(Recipient.campaign_id == Campaign.id)
    in_hand = mine.where(Recipient.state.in_([SendState.CLAIMED, SendState.ATTEMPTED])).exists()
    waiting = mine.where(Recipient.state == SendState.PENDING).exists()
    due_again = mine.where(Recipient.state == SendState.RETRY, Recipient.due_at <= now).exists()
    open_ = mine.where(Recipient.state.in_(OPEN)).exists()
    query = select(Campaign.id).where(
        or_(
            and_(Campaign.state == CampaignState.SCHEDULED, func.coalesce(Campaign.scheduled_at, now) <= now),
            Campaign.state == CampaignState.PREPARING,
            and_(Campaign.state == CampaignState.SENDING, or_(in_hand, waiting, due_again, not_(open_))),
            and_(Campaign.state.in_([CampaignState.PAUSED, CampaignState.STOPPED]), in_hand),
            and_(Campaign.state == CampaignState.CANCELLED, open_),
        )
    )
    return list(session.execute(query.order_by(Campaign.id)).scalars())


# --- links


def put_links(session: WriteSession, campaign_id: int, urls: Sequence[str]) -> None:
    """Keep where each numbered link leads; numbers begin at 1. Done again it changes nothing."""
    known = set(session.execute(select(Link.number).where(Link.campaign_id == campaign_id)).scalars())
    rows = [{"campaign_id": campaign_id, "number": number, "url": url} for number, url in enumerate(urls, start=1)]
    missing = [row for row in rows if row["number"] not in known]
    if missing:
        session.execute(insert(Link), missing)


def links(session: ReadSession, campaign_id: int) -> dict[int, str]:
    """The links of a campaign by number, as Liquid."""
    rows = session.execute(select(Link.number, Link.url).where(Link.campaign_id == campaign_id))
    return dict(rows.all())


def any_sent(session: ReadSession) -> bool:
    """Whether any campaign has begun to be sent, so that there can be answers."""
    return session.execute(select(Campaign.id).where(Campaign.started_at.is_not(None)).limit(1)).first() is not None
