"""What people do with campaigns: the use cases that the command line, the console and the API call.

draft ──start──▶ scheduled ──(its time)──▶ preparing ──▶ sending ⇄ paused        any of them ──cancel──▶ cancelled
"""

from dataclasses import dataclass
from datetime import datetime

from campaigns import senders
from campaigns.composition import Composer
from campaigns.preflight import preflight
from campaigns.repository import campaigns, ledger
from campaigns.repository import segments as repository
from campaigns.repository.campaigns import CampaignView
from campaigns.repository.segments import Member
from campaigns.running import UNVERIFIED, letter_of
from campaigns.segments import read_rules
from campaigns.variables import Person
from core.addresses import domain_of
from core.clock import utcnow
from core.config import Settings
from core.errors import Conflict, Forbidden, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from delivery.address_check import check_syntax
from delivery.errors import SmtpPermanent
from delivery.message_ids import CAMPAIGN_TEST, MessageIds
from delivery.smtp import send_message
from storage import jobs
from storage.models import CampaignState, Queue
from storage.store import Store

SAMPLE_SIZE = 10
RESUMABLE = (CampaignState.PAUSED, CampaignState.STOPPED)
ENDED = (CampaignState.FINISHED, CampaignState.CANCELLED)


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """How many contacts a segment holds now, and the first few of them."""

    contacts: int
    sample: tuple[Member, ...]


def create_segment(store: Store, viewer: Viewer, name: str, rules: object) -> int:
    """Save a segment. Raises `UsageError` for rules that mean nothing, `Conflict` for a name in use."""
    viewer.require_writing_campaigns()
    name = " ".join(name.split())
    if not name:
        raise UsageError("A segment needs a name.")
    if not isinstance(rules, dict):
        raise UsageError('The rules are one object, such as {"all": [{"field": "tag", "op": "is", "value": "news"}]}.')
    read_rules(rules)
    with store.database.unit_of_work() as session:
        return repository.insert_segment(session, name, rules)


def count_segment(store: Store, viewer: Viewer, name: str) -> SegmentCount:
    """Count a segment as it is now. Raises `NotFound`."""
    with store.database.reading() as session:
        rules = repository.segment_by_name(session, viewer, name).rules
    return count_rules(store, viewer, rules)


def count_rules(store: Store, viewer: Viewer, rules: object) -> SegmentCount:
    """Count rules that are not saved yet. Raises `UsageError`."""
    rule = read_rules(rules)
    with store.database.reading() as session:
        contacts = repository.count(session, viewer, rule)
        return SegmentCount(contacts, tuple(repository.sample(session, viewer, rule, SAMPLE_SIZE)))


def start(store: Store, settings: Settings, viewer: Viewer, name: str, at: datetime | None = None) -> int:
    """Send a draft now, or at `at`. Raises `UsageError` with the first check that stops it, `Conflict`."""
    viewer.require_writing_campaigns()
    failed = [check for check in preflight(store, settings, viewer, name) if check.stops and not check.ok]
    if failed:
        raise UsageError(failed[0].sentence)
    with store.database.unit_of_work() as session:
        campaign = campaigns.campaign_by_name(session, viewer, name)
        due = at or utcnow()
        if not campaigns.move(
            session, campaign.id, [CampaignState.DRAFT], CampaignState.SCHEDULED, scheduled_at=due, state_reason=""
        ):
            raise Conflict(f"The campaign “{name}” is {campaign.state.value} already; only a draft can be started.")
        jobs.enqueue(
            session,
            jobs.CAMPAIGN_PREPARE,
            jobs.OfCampaign(campaign.id),
            key=f"campaigns.prepare:{campaign.id}",
            due=due,
        )
        record_act(session, viewer, "campaign.start", campaign_id=campaign.id)
    return campaign.id


def pause(store: Store, viewer: Viewer, name: str) -> None:
    """Send no more for now; mails that a server is taking just now are finished. Raises `Conflict`."""
    _move(store, viewer, name, (CampaignState.SENDING,), CampaignState.PAUSED, "paused")


def resume(store: Store, viewer: Viewer, name: str) -> None:
    """Go on with a campaign that was paused or has stopped. Raises `Conflict`."""
    with store.database.reading() as session:
        begun = campaigns.campaign_by_name(session, viewer, name).started_at is not None
    # One that stopped before its audience was frozen begins with that.
    _move(store, viewer, name, RESUMABLE, CampaignState.SENDING if begun else CampaignState.SCHEDULED, "resumed")


def cancel(store: Store, viewer: Viewer, name: str) -> None:
    """Send no more, ever: whoever was not written to yet is skipped. Raises `Conflict` when it has ended already."""
    open_states = tuple(state for state in CampaignState if state not in ENDED)
    campaign = _move(store, viewer, name, open_states, CampaignState.CANCELLED, "cancelled")
    left = True
    while left:
        with store.database.unit_of_work() as session:
            left = ledger.skip_cancelled(session, campaign.id) > 0


def _move(
    store: Store, viewer: Viewer, name: str, expected: tuple[CampaignState, ...], state: CampaignState, word: str
) -> CampaignView:
    viewer.require_writing_campaigns()
    ended = {"finished_at": utcnow()} if state in ENDED else {}
    with store.database.unit_of_work() as session:
        campaign = campaigns.campaign_by_name(session, viewer, name)
        if not campaigns.move(session, campaign.id, expected, state, state_reason="", **ended):
            raise Conflict(f"The campaign “{name}” is {campaign.state.value}, so it can not be {word}.")
        record_act(session, viewer, f"campaign.{state.value}", campaign_id=campaign.id)
        session.queues_to_wake.add(Queue.BULK)
    return campaign


async def send_test(
    store: Store, settings: Settings, viewer: Viewer, name: str, address: str, access_tokens: senders.AccessTokens
) -> str:
    """Send the campaign to one address, as that person would get it; counts and unsubscribes nobody.

    A token that is refused is replaced once: nothing of the mail has left by then. Returns the server's answer. Raises
    `UsageError`, `Forbidden`, `Transient`, `Permanent`.
    """
    viewer.require_writing_campaigns()
    try:
        email = check_syntax(address.strip(), quoted=False, literals=False).normal
    except ValueError as error:
        raise UsageError(f"The test can not be sent: {error}") from None
    with store.database.reading() as session:
        campaign = campaigns.campaign_by_name(session, viewer, name)
    if campaign.sender.verified_at is None:
        raise Forbidden(UNVERIFIED)
    composer = Composer(letter_of(campaign), settings, store.keys, tracked=False)
    domain = domain_of(campaign.sender.email.lower())
    message_id = MessageIds(store.keys, CAMPAIGN_TEST).make(campaign.id, domain)
    mail = composer.test_mail(Person("", email), utcnow(), message_id)
    server = await senders.server_of(store, settings, access_tokens, campaign.sender.id)
    try:
        return (await send_message(server, mail.envelope, mail.message)).reply
    except SmtpPermanent as error:
        if server.access_token is None or not error.failure.refused_login:
            raise
    refused = server.access_token
    server = await senders.server_of(store, settings, access_tokens, campaign.sender.id, refused=refused)
    return (await send_message(server, mail.envelope, mail.message)).reply
