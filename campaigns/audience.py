"""Preparing a campaign: its audience is frozen, so that who belongs is decided once.

Contacts are gone through by id, 5,000 at a time. A chunk and the cursor behind it are one commit: after a crash it goes
on where it stopped, and two processes that prepare the same campaign can not double anybody.
"""

from campaigns.addresses import unusable
from campaigns.drafting import source_of
from campaigns.repository import audience as repository
from campaigns.repository import campaigns
from campaigns.rewriting import rewrite
from campaigns.segments import read_rules
from core.clock import utcnow
from core.config import Settings
from core.errors import UsageError
from core.logging import get_logger
from crm.access.viewer import Viewer
from storage.models import CampaignState, Queue
from storage.running import JobRun
from storage.store import Store
from storage.writer_lock import Urgency

CHUNK = 5_000

log = get_logger(__name__)


def prepare_campaign(run: JobRun) -> None:
    """The job `campaigns.prepare`."""
    prepare(run.store, run.settings, run.args.campaign_id)
    with run.completing():
        """The campaign's own rows say how far it is."""


def prepare(store: Store, settings: Settings, campaign_id: int) -> None:
    """Freeze the audience of a campaign that is due, and let it be sent. Safe to repeat, and to run twice at a time."""
    try:
        _begin(store, settings, campaign_id)
    except UsageError as error:
        with store.database.unit_of_work() as session:
            campaigns.move(
                session, campaign_id, [CampaignState.SCHEDULED], CampaignState.STOPPED, state_reason=str(error)
            )
        return
    while _freeze_next(store, campaign_id):
        continue
    with store.database.unit_of_work() as session:
        if campaigns.move(session, campaign_id, [CampaignState.PREPARING], CampaignState.SENDING):
            session.queues_to_wake.add(Queue.BULK)
            log.info("campaign.prepared", campaign_id=campaign_id)


def _begin(store: Store, settings: Settings, campaign_id: int) -> None:
    with store.database.reading() as session:
        campaign = campaigns.campaign(session, Viewer.system(), campaign_id)
    if campaign.state is not CampaignState.SCHEDULED or (campaign.scheduled_at or utcnow()) > utcnow():
        return
    rewritten = rewrite(source_of(campaign), settings.public_url)
    with store.database.unit_of_work() as session:
        begun = campaigns.move(
            session, campaign_id, [CampaignState.SCHEDULED], CampaignState.PREPARING, started_at=utcnow()
        )
        if begun:
            campaigns.put_links(session, campaign_id, rewritten.links)


def _freeze_next(store: Store, campaign_id: int) -> bool:
    """Freeze one chunk; false when nothing is left to freeze, or the campaign is not being prepared any more."""
    with store.database.reading() as session:
        freeze = repository.freeze_of(session, campaign_id)
        if freeze.state is not CampaignState.PREPARING:
            return False
        until = repository.chunk_end(session, freeze.cursor, CHUNK)
        if until is None:
            return False
        rule = read_rules(freeze.rules)
        found = repository.addresses(session, Viewer.system(), rule, freeze.cursor, until)
    reasons = {contact_id: reason for contact_id, address in found if (reason := unusable(address)) is not None}
    with store.database.unit_of_work(Urgency.BULK) as session:
        repository.freeze_chunk(session, campaign_id, rule, freeze.cursor, until, reasons)
    return True
