"""A campaign from its lease on: what a holder before us left is settled, then it is prepared, sent, and ended.

Called again and again until the campaign is at its end; a call that finds nothing to do costs a few look-ups.
"""

import asyncio
from functools import partial

from campaigns import audience
from campaigns.bookkeeping import Bookkeeper
from campaigns.composition import Composer, Letter
from campaigns.drafting import source_of
from campaigns.outcomes import RetryPolicy
from campaigns.repository import campaigns, ledger
from campaigns.repository.campaigns import CampaignView
from campaigns.senders import AccessTokens, server_of
from campaigns.sending import CampaignSender
from campaigns.trail import left_trails
from core.config import Settings
from core.errors import MailsyncError, Permanent, Transient, UsageError
from core.logging import get_logger
from crm.access.viewer import Viewer
from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage
from delivery.header_text import Mailbox
from delivery.pool import SendPool
from delivery.servers import SmtpServer
from storage.leases import HeldLease
from storage.models import CampaignState
from storage.store import Store

UNVERIFIED = "The sender is not verified: an administrator can answer for it by `mailsync sender add … --vouch`."

log = get_logger(__name__)


class CampaignRun:
    """One campaign in the hands of one process."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        campaign_id: int,
        lease: HeldLease,
        policy: RetryPolicy,
        access_tokens: AccessTokens,
    ) -> None:
        self._store = store
        self._settings = settings
        self._campaign_id = campaign_id
        self._lease = lease
        self._policy = policy
        self._access_tokens = access_tokens
        self._token_turn = asyncio.Lock()

    async def work(self, stop: asyncio.Event) -> SmtpTransient | None:
        """Do what can be done now. Returns the trouble with the server, if that is why it ended.

        Raises `Conflict` when another process has the campaign now.
        """
        await asyncio.to_thread(self._settle)
        await asyncio.to_thread(audience.prepare, self._store, self._settings, self._campaign_id)
        trouble: SmtpTransient | None = None
        if await asyncio.to_thread(self._has_work):
            trouble = await self._send(stop)
        await asyncio.to_thread(self._end)
        return trouble

    async def _send(self, stop: asyncio.Event) -> SmtpTransient | None:
        try:
            composer, sender_id = await asyncio.to_thread(self._load)
            server = await self._server(sender_id, None)
        except (UsageError, Permanent) as error:
            await asyncio.to_thread(self._halt, error)
            return None
        except SmtpTransient as error:
            return error
        connections = self._settings.send_connections
        books = Bookkeeper(self._store, self._campaign_id, self._lease, self._settings.data_dir)
        fresh = partial(self._server, sender_id) if server.access_token is not None else None
        pool = SendPool(server, connections, fresh)
        sender = CampaignSender(self._campaign_id, composer, pool, connections, books, self._policy)
        failure = await sender.run(stop)
        if isinstance(failure, SmtpPermanent):
            await asyncio.to_thread(self._halt, failure)
            return None
        return failure

    async def _server(self, sender_id: int, refused: str | None) -> SmtpServer:
        """Where the mail goes, with a token that is good now. Raises `SmtpTransient`, `SmtpPermanent`.

        One connection asks after the other: what the first has fetched, the others find.
        """
        try:
            async with self._token_turn:
                return await server_of(self._store, self._settings, self._access_tokens, sender_id, refused=refused)
        except Transient as error:
            raise SmtpTransient(str(error), Failure(Stage.AUTH), retry_after=error.retry_after) from None
        except (Permanent, UsageError) as error:
            raise SmtpPermanent(str(error), Failure(Stage.AUTH)) from None

    def _load(self) -> tuple[Composer, int]:
        with self._store.database.reading() as session:
            campaign = campaigns.campaign(session, Viewer.system(), self._campaign_id)
        if campaign.sender.verified_at is None:
            raise UsageError(UNVERIFIED)
        return Composer(letter_of(campaign), self._settings, self._store.keys), campaign.sender.id

    def _settle(self) -> None:
        with (
            left_trails(self._settings.data_dir, self._campaign_id) as trails,
            self._store.database.unit_of_work() as session,
        ):
            for trail in trails:
                ledger.settle(session, trail.fence, list(trail.ended.values()))
                ledger.take_back_unsent(session, self._campaign_id, trail.fence, trail.handed)
            waiting, doubtful = ledger.recover(session, self._campaign_id, self._lease.fence)
        if waiting or doubtful:
            log.info("campaign.recovered", campaign_id=self._campaign_id, waiting=waiting, in_doubt=doubtful)
        self._skip_if_cancelled()

    def _skip_if_cancelled(self) -> None:
        with self._store.database.reading() as session:
            cancelled = campaigns.state_of(session, self._campaign_id) is CampaignState.CANCELLED
        while cancelled:
            with self._store.database.unit_of_work() as session:
                cancelled = ledger.skip_cancelled(session, self._campaign_id) > 0

    def _has_work(self) -> bool:
        with self._store.database.reading() as session:
            sending = campaigns.state_of(session, self._campaign_id) is CampaignState.SENDING
            return sending and ledger.has_work(session, self._campaign_id)

    def _end(self) -> None:
        self._skip_if_cancelled()
        with self._store.database.unit_of_work() as session:
            if ledger.finish(session, self._campaign_id):
                log.info("campaign.finished", campaign_id=self._campaign_id)

    def _halt(self, error: MailsyncError) -> None:
        """Stop with a reason that a person can act on; `resume` goes on from here."""
        log.warning("campaign.stopped", campaign_id=self._campaign_id)
        with self._store.database.unit_of_work() as session:
            campaigns.move(
                session, self._campaign_id, [CampaignState.SENDING], CampaignState.STOPPED, state_reason=str(error)
            )


def letter_of(campaign: CampaignView) -> Letter:
    """What a campaign says and from whom."""
    return Letter(campaign.id, campaign.name, Mailbox(campaign.sender.email, campaign.sender.name), source_of(campaign))
