"""The numbers of a campaign. People are counted, not events: somebody who opened ten times has opened."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, func, select

from crm.access.viewer import Viewer
from delivery.verdict import Verdict
from storage.models import Link, Recipient, SendState, TrackingEvent, TrackingKind
from storage.sessions import ReadSession

_RANK = {Verdict.MACHINE: 1, Verdict.UNKNOWN: 2, Verdict.HUMAN: 3}


@dataclass(frozen=True, slots=True)
class LinkClicks:
    """One link: its number, where it leads (Liquid), and how many people clicked it, told apart."""

    number: int
    url: str
    human: int
    machine: int
    unknown: int


@dataclass(frozen=True, slots=True)
class DomainCount:
    """The recipients of one domain."""

    domain: str
    audience: int
    sent: int
    failed: int
    bounced: int


@dataclass(frozen=True, slots=True)
class DoubtfulRecipient:
    """Somebody who may or may not have got the mail."""

    recipient_id: int
    address: str
    reason: str


def reasons(session: ReadSession, _: Viewer, campaign_id: int, state: SendState) -> dict[str, int]:
    """Why recipients are in `state`, most frequent first."""
    query = (
        select(Recipient.reason, func.count())
        .where(Recipient.campaign_id == campaign_id, Recipient.state == state)
        .group_by(Recipient.reason)
        .order_by(func.count().desc(), Recipient.reason)
    )
    return dict(session.execute(query).all())


def bounced(session: ReadSession, _: Viewer, campaign_id: int) -> int:
    """Whose mail was refused for their address, at once or by a later report."""
    query = select(func.count()).where(Recipient.campaign_id == campaign_id, Recipient.bounced_at.is_not(None))
    return session.execute(query).scalar_one()


def people_by_verdict(session: ReadSession, _: Viewer, campaign_id: int) -> dict[TrackingKind, dict[Verdict, int]]:
    """How many people did what; each counts once, as human if they ever were, else as unknown, else as machine."""
    best = _best_of(TrackingEvent.recipient_id, TrackingEvent.kind, campaign_id=campaign_id)
    query = select(best.c.kind, best.c.rank, func.count()).group_by(best.c.kind, best.c.rank)
    found: dict[TrackingKind, dict[Verdict, int]] = {}
    for kind, rank, number in session.execute(query):
        found.setdefault(kind, {})[_verdict(rank)] = number
    return found


def link_clicks(session: ReadSession, _: Viewer, campaign_id: int) -> list[LinkClicks]:
    """Every link with the people who clicked it."""
    best = _best_of(TrackingEvent.recipient_id, TrackingEvent.link_number, campaign_id=campaign_id)
    query = select(best.c.link_number, best.c.rank, func.count()).where(best.c.link_number.is_not(None))
    clicks: dict[int, dict[Verdict, int]] = {}
    for number, rank, people in session.execute(query.group_by(best.c.link_number, best.c.rank)):
        clicks.setdefault(number, {})[_verdict(rank)] = people
    links = select(Link.number, Link.url).where(Link.campaign_id == campaign_id).order_by(Link.number)
    return [
        LinkClicks(number, url, *(clicks.get(number, {}).get(verdict, 0) for verdict in Verdict))
        for number, url in session.execute(links)
    ]


def _best_of(*columns: Any, campaign_id: int) -> Any:
    """The best verdict of each group of `columns`."""
    rank = case(*((TrackingEvent.verdict == verdict.value, number) for verdict, number in _RANK.items()), else_=0)
    query = select(*columns, func.max(rank).label("rank")).join(Recipient, Recipient.id == TrackingEvent.recipient_id)
    return query.where(Recipient.campaign_id == campaign_id).group_by(*columns).subquery()


def _verdict(rank: int) -> Verdict:
    return next((verdict for verdict, number in _RANK.items() if number == rank), Verdict.UNKNOWN)


def sent_by_hour(session: ReadSession, _: Viewer, campaign_id: int) -> dict[datetime, int]:
    """Mails sent in each hour (UTC)."""
    hour = _hour(session, Recipient.sent_at)
    query = select(hour, func.count()).where(Recipient.campaign_id == campaign_id, Recipient.sent_at.is_not(None))
    return {_moment(word): number for word, number in session.execute(query.group_by(hour))}


def events_by_hour(session: ReadSession, _: Viewer, campaign_id: int) -> dict[tuple[TrackingKind, datetime], int]:
    """People who did something of each kind in each hour (UTC); machines are left out."""
    hour = _hour(session, TrackingEvent.at)
    query = (
        select(TrackingEvent.kind, hour, func.count(TrackingEvent.recipient_id.distinct()))
        .join(Recipient, Recipient.id == TrackingEvent.recipient_id)
        .where(Recipient.campaign_id == campaign_id, TrackingEvent.verdict != Verdict.MACHINE.value)
        .group_by(TrackingEvent.kind, hour)
    )
    return {(kind, _moment(word)): number for kind, word, number in session.execute(query)}


def _hour(session: ReadSession, column: Any) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24")
    return func.strftime("%Y-%m-%d %H", column)


def _moment(word: str) -> datetime:
    return datetime.strptime(word, "%Y-%m-%d %H").replace(tzinfo=UTC)


def by_domain(session: ReadSession, _: Viewer, campaign_id: int, limit: int) -> list[DomainCount]:
    """The domains with most recipients."""
    if session.get_bind().dialect.name == "postgresql":
        domain: Any = func.split_part(Recipient.key, "@", 2)
    else:
        domain = func.substr(Recipient.key, func.instr(Recipient.key, "@") + 1)
    query = (
        select(
            domain,
            func.count(),
            _number(Recipient.state == SendState.SENT),
            _number(Recipient.state == SendState.FAILED),
            _number(Recipient.bounced_at.is_not(None)),
        )
        .where(Recipient.campaign_id == campaign_id, Recipient.key.contains("@"))
        .group_by(domain)
        .order_by(func.count().desc(), domain)
        .limit(limit)
    )
    return [DomainCount(*row) for row in session.execute(query)]


def _number(holds: Any) -> Any:
    return func.sum(case((holds, 1), else_=0))


def in_doubt(session: ReadSession, _: Viewer, campaign_id: int, limit: int) -> list[DoubtfulRecipient]:
    """Who is in doubt, to be looked at by a person."""
    query = (
        select(Recipient.id, Recipient.address, Recipient.reason)
        .where(Recipient.campaign_id == campaign_id, Recipient.state == SendState.IN_DOUBT)
        .order_by(Recipient.id)
        .limit(limit)
    )
    return [DoubtfulRecipient(*row) for row in session.execute(query)]
