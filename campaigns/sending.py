"""Sending one campaign: claim, write down the attempt, send, write down what became of it.

    claim ─▶ compose ─▶ attempts durable ─▶ hopper ─▶ connections ─▶ results ─┐
      ▲                       └───────────── the same commit ◀────────────────┘

Groups of attempts begin as large as there are connections, which bounds what is in doubt after a crash. While the
connections stand idle because a commit takes longer than a group, groups grow, up to ten times that
(docs/decisions/0008-campaign-ledger.md).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime

from campaigns.bookkeeping import Bookkeeper
from campaigns.composition import Composer
from campaigns.outcomes import Ending, RetryPolicy, ending_of
from campaigns.repository.ledger import Claimed, Settled
from campaigns.variables import Person
from core.clock import utcnow
from core.errors import UsageError
from core.logging import get_logger
from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage
from delivery.outcome import Result
from delivery.pipelined import PreparedMail
from delivery.pool import SendPool
from storage.models import SendState

GROUPS_A_CLAIM = 10
GROWTH = 10
"""A group is at most so many times the connections."""
FLUSH_SECONDS = 0.2
STRIKES = 10
"""Refusals in a row that blame us, not the recipient, before the campaign stops."""

log = get_logger(__name__)


class CampaignSender:
    """One run over one campaign, for the holder of its lease."""

    def __init__(
        self,
        campaign_id: int,
        composer: Composer,
        pool: SendPool,
        connections: int,
        books: Bookkeeper,
        policy: RetryPolicy,
    ) -> None:
        self._campaign_id = campaign_id
        self._composer = composer
        self._pool = pool
        self._policy = policy
        self._books = books
        self._connections = connections
        self._group = connections
        self._claimed: deque[Claimed] = deque()
        self._in_hand: dict[int, Claimed] = {}
        self._ready: asyncio.Queue[list[PreparedMail]] = asyncio.Queue(maxsize=1)
        self._news = asyncio.Event()
        self._blamed = 0
        self._refusal: SmtpPermanent | None = None
        self._ending = False

    async def run(self, stop: asyncio.Event) -> SmtpTransient | SmtpPermanent | None:
        """Send until nobody is left to be claimed, the campaign is paused or cancelled, or `stop` is set.

        Returns the error that kept it from sending, if one did: no mail is lost or marked by it. Raises `Conflict`
        when another process has the campaign now.
        """
        error: SmtpTransient | SmtpPermanent | None = None
        filling = asyncio.create_task(self._fill(stop))
        flushing = asyncio.create_task(self._flush())
        complete = False
        try:
            try:
                await self._pool.run(self._mails(filling), self._on_result)
            except (SmtpTransient, SmtpPermanent) as failure:
                error = failure
            complete = True
        finally:
            self._ending = True
            await self._end_filling(filling)
            if complete:
                self._take_back_unsent()
            flushing.cancel()
            await asyncio.wait([flushing])
            await self._books.close(complete=complete)
        filling.result()
        log.info("campaign.run_ended", campaign_id=self._campaign_id, sent=self._books.sent)
        return self._refusal or error

    # --- ahead of the connections

    async def _fill(self, stop: asyncio.Event) -> None:
        """Keep one group of marked mails ready."""
        try:
            while not self._ending and not stop.is_set():
                group = await self._next_group()
                if group is None:
                    return
                await self._ready.put(group)
                self._news.set()
        finally:
            self._news.set()

    async def _next_group(self) -> list[PreparedMail] | None:
        """The next mails, their attempts durable; None when there is nobody to claim."""
        if not self._claimed:
            self._claimed.extend(await self._books.claim(self._group * GROUPS_A_CLAIM))
            if not self._claimed:
                return None
        taken = [self._claimed.popleft() for _ in range(min(self._group, len(self._claimed)))]
        # One moment for the whole group: a Date that is equal is written once.
        now = utcnow().replace(microsecond=0)
        mails = [mail for recipient in taken if (mail := self._compose(recipient, now)) is not None]
        allowed = await self._books.exchange([mail.key for mail in mails])
        self._in_hand |= {recipient.id: recipient for recipient in taken if recipient.id in allowed}
        return [mail for mail in mails if mail.key in allowed]

    def _compose(self, recipient: Claimed, now: datetime) -> PreparedMail | None:
        known = (recipient.company, recipient.position, recipient.first_name)
        person = Person(recipient.name, recipient.address, *known)
        try:
            return self._composer.mail(recipient.id, person, now)
        except (UsageError, SmtpPermanent) as error:
            self._books.note(Ending(Settled(recipient.id, SendState.FAILED, str(error))), recipient.address)
            return None

    async def _mails(self, filling: asyncio.Task[None]) -> AsyncIterator[PreparedMail]:
        while not self._ending:
            if self._ready.empty() and not filling.done():
                await self._wait_for_group()
            if self._ready.empty():
                return
            group = self._ready.get_nowait()
            self._news.clear()
            for mail in group:
                self._books.hand_over(mail.key)
                yield mail

    async def _wait_for_group(self) -> None:
        """Wait until a group is ready or none will come; if the connections run dry meanwhile, groups are too small."""
        before = self._books.sent
        await self._news.wait()
        if self._books.sent - before >= self._group // 2:
            self._group = min(self._group * 2, self._connections * GROWTH)

    # --- behind them

    def _on_result(self, result: Result) -> None:
        recipient = self._in_hand.pop(result.key)
        ending = ending_of(result, recipient, utcnow(), self._policy)
        self._books.note(ending, recipient.address)
        self._blamed = self._blamed + 1 if ending.blames_us else 0
        if self._blamed >= STRIKES and self._refusal is None:
            failure = Failure(result.stage or Stage.MAIL, result.code, result.enhanced, result.text)
            self._refusal = SmtpPermanent(ending.blames_us, failure)
            self._ending = True

    async def _flush(self) -> None:
        """Results do not wait long for the next group, whatever the connections do."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self._books.flush()

    async def _end_filling(self, filling: asyncio.Task[None]) -> None:
        """Let a commit in progress end; what it marked will not be sent."""
        while not filling.done():
            if not self._ready.empty():
                self._ready.get_nowait()
            await asyncio.wait([filling], timeout=0.01)

    def _take_back_unsent(self) -> None:
        """Every mail that the pool drew has had its result; what is marked still was never handed over."""
        for recipient in self._in_hand.values():
            self._books.note(Ending(Settled(recipient.id, SendState.PENDING, untried=True)), recipient.address)
        self._in_hand.clear()
