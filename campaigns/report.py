"""What became of a campaign, in numbers that add up: audience = sent + failed + skipped + in_doubt + pending.

Opens and clicks are people, each counted once and by their best verdict. `bounced`, `complained`, `unsubscribed` and
`replied` are people of those already counted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.repository import ledger
from campaigns.repository import report as repository
from campaigns.repository.campaigns import OPEN, CampaignView
from campaigns.repository.report import DomainCount, DoubtfulRecipient, LinkClicks
from crm.access.viewer import Viewer
from delivery.verdict import Verdict
from storage.models import SendState, TrackingKind
from storage.sessions import ReadSession

MOST_DOMAINS = 20
MOST_IN_DOUBT = 1_000


@dataclass(frozen=True, slots=True)
class ByVerdict:
    """People told apart: surely human, surely a machine, not known."""

    human: int
    machine: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened within one hour (UTC); opens and clicks without those of machines."""

    at: datetime
    sent: int
    opened: int
    clicked: int
    unsubscribed: int


@dataclass(frozen=True, slots=True)
class Report:
    """All numbers of one campaign."""

    name: str
    state: str
    state_reason: str
    audience: int
    sent: int
    failed: int
    skipped: int
    in_doubt: int
    pending: int
    opened: ByVerdict
    clicked: ByVerdict
    bounced: int
    complained: int
    unsubscribed: int
    replied: int
    failed_reasons: dict[str, int]
    skipped_reasons: dict[str, int]
    retry_reasons: dict[str, int]
    links: tuple[LinkClicks, ...]
    timeline: tuple[Hour, ...]
    domains: tuple[DomainCount, ...]
    doubtful: tuple[DoubtfulRecipient, ...]

    @property
    def adds_up(self) -> bool:
        """Whether everybody of the audience is in exactly one state; always true."""
        return self.audience == self.sent + self.failed + self.skipped + self.in_doubt + self.pending


def report(session: ReadSession, viewer: Viewer, campaign: CampaignView) -> Report:
    """The numbers as they are now, by a fixed number of queries on one snapshot."""
    counts = ledger.counts(session, viewer, campaign.id)
    people = repository.people_by_verdict(session, viewer, campaign.id)
    return Report(
        name=campaign.name,
        state=campaign.state.value,
        state_reason=campaign.state_reason,
        audience=sum(counts.values()),
        sent=counts.get(SendState.SENT, 0),
        failed=counts.get(SendState.FAILED, 0),
        skipped=counts.get(SendState.SKIPPED, 0),
        in_doubt=counts.get(SendState.IN_DOUBT, 0),
        pending=sum(counts.get(state, 0) for state in OPEN),
        opened=_by_verdict(people, TrackingKind.OPEN),
        clicked=_by_verdict(people, TrackingKind.CLICK),
        bounced=repository.bounced(session, viewer, campaign.id),
        complained=_everybody(people, TrackingKind.COMPLAINT),
        unsubscribed=_everybody(people, TrackingKind.UNSUBSCRIBE),
        replied=_everybody(people, TrackingKind.REPLY),
        failed_reasons=repository.reasons(session, viewer, campaign.id, SendState.FAILED),
        skipped_reasons=repository.reasons(session, viewer, campaign.id, SendState.SKIPPED),
        retry_reasons=repository.reasons(session, viewer, campaign.id, SendState.RETRY),
        links=tuple(repository.link_clicks(session, viewer, campaign.id)),
        timeline=_timeline(session, viewer, campaign.id),
        domains=tuple(repository.by_domain(session, viewer, campaign.id, MOST_DOMAINS)),
        doubtful=tuple(repository.in_doubt(session, viewer, campaign.id, MOST_IN_DOUBT)),
    )


def as_json(found: Report) -> dict[str, Any]:
    """The report as programs read it; the names are a promise."""
    numbers = (
        "name", "state", "state_reason", "audience", "sent", "failed", "skipped", "in_doubt", "pending", "bounced",
        "complained", "unsubscribed", "replied",
    )  # fmt: skip
    told: dict[str, Any] = {name: getattr(found, name) for name in numbers}
    for name, apart in (("opened", found.opened), ("clicked", found.clicked)):
        told[name] = {"human": apart.human, "machine": apart.machine, "unknown": apart.unknown}
    told["reasons"] = {
        "failed": found.failed_reasons,
        "skipped": found.skipped_reasons,
        "retry": found.retry_reasons,
    }
    told["links"] = [
        {
            "number": link.number,
            "url": link.url,
            "clicked": {"human": link.human, "machine": link.machine, "unknown": link.unknown},
        }
        for link in found.links
    ]
    told["timeline"] = [
        {
            "at": hour.at.isoformat(),
            "sent": hour.sent,
            "opened": hour.opened,
            "clicked": hour.clicked,
            "unsubscribed": hour.unsubscribed,
        }
        for hour in found.timeline
    ]
    told["domains"] = [
        {
            "domain": one.domain,
            "audience": one.audience,
            "sent": one.sent,
            "failed": one.failed,
            "bounced": one.bounced,
        }
        for one in found.domains
    ]
    told["in_doubt_recipients"] = [{"address": one.address, "reason": one.reason} for one in found.doubtful]
    return told


def _by_verdict(people: dict[TrackingKind, dict[Verdict, int]], kind: TrackingKind) -> ByVerdict:
    found = people.get(kind, {})
    return ByVerdict(*(found.get(verdict, 0) for verdict in (Verdict.HUMAN, Verdict.MACHINE, Verdict.UNKNOWN)))


def _everybody(people: dict[TrackingKind, dict[Verdict, int]], kind: TrackingKind) -> int:
    return sum(people.get(kind, {}).values())


def _timeline(session: ReadSession, viewer: Viewer, campaign_id: int) -> tuple[Hour, ...]:
    sent = repository.sent_by_hour(session, viewer, campaign_id)
    events = repository.events_by_hour(session, viewer, campaign_id)
    hours = sorted({*sent, *(at for _, at in events)})

    def of(kind: TrackingKind, at: datetime) -> int:
        return events.get((kind, at), 0)

    return tuple(
        Hour(
            at,
            sent.get(at, 0),
            *(of(kind, at) for kind in (TrackingKind.OPEN, TrackingKind.CLICK, TrackingKind.UNSUBSCRIBE)),
        )
        for at in hours
    )
