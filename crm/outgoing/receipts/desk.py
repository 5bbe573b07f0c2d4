"""Answers for the pictures and links of single mails. Nobody waits for the database longer than a click may take.

Neither the address nor the program that asked is kept, only who it was as far as can be told.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

from core.clock import utcnow
from core.errors import MailsyncError, Transient
from core.logging import get_logger
from crm.access.notifications import Bell, ring
from crm.outgoing.receipts import repository
from crm.outgoing.receipts.linking import ReceiptTokens
from delivery.tokens import split_link
from delivery.verdict import Action, Hit, judge
from storage.models import MailEvent, TrackingKind
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

PATIENCE = 0.2
MOST_REMEMBERED = 5_000

log = get_logger(__name__)


class ReceiptDesk:
    """One per web process. A click leads on although it can not be noted; what can not be noted is told in the log."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tokens = ReceiptTokens(store.keys)
        self._links: dict[int, list[str]] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def click(self, link: str, hit: Hit) -> str | None:
        """Where a link leads; None for one that we did not make.

        Raises `Transient` when the database does not tell in time.
        """
        token, number = split_link(link)
        known = self._tokens.read(token)
        if known is None or number is None:
            return None
        links = await self._links_of(known[0])
        if not 0 < number <= len(links):
            return None
        self._note(known, hit, number)
        return links[number - 1]

    def open(self, token: str, hit: Hit) -> bool:
        """Note that the picture was asked for; false for a token that we did not make."""
        known = self._tokens.read(token)
        if known is not None:
            self._note(known, hit, None)
        return known is not None

    async def close(self) -> None:
        """Wait for what is being noted."""
        await asyncio.gather(*self._noting)

    async def _links_of(self, outgoing_id: int) -> list[str]:
        if outgoing_id not in self._links:
            try:
                links = await asyncio.wait_for(asyncio.to_thread(self._load, outgoing_id), PATIENCE)
            except TimeoutError:
                raise Transient("The database did not tell in time where the link leads.") from None
            if len(self._links) >= MOST_REMEMBERED:
                self._links.clear()
            self._links[outgoing_id] = links or []
        return self._links[outgoing_id]

    def _load(self, outgoing_id: int) -> list[str] | None:
        with self._store.database.reading() as session:
            return repository.links_of(session, outgoing_id)

    def _note(self, known: tuple[int, datetime], hit: Hit, number: int | None) -> None:
        outgoing_id, composed_at = known
        now = utcnow()
        verdict = judge(replace(hit, seconds_since_sent=(now - composed_at).total_seconds())).verdict
        kind = TrackingKind.CLICK if hit.action is Action.CLICK else TrackingKind.OPEN
        event = MailEvent(outgoing_id=outgoing_id, kind=kind, verdict=verdict.value, link_number=number, at=now)
        task = asyncio.create_task(asyncio.to_thread(self._keep, event))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    def _keep(self, event: MailEvent) -> None:
        try:
            with self._store.database.unit_of_work(Urgency.PERSON) as session:
                if repository.add_event(session, event) and event.kind is TrackingKind.OPEN:
                    _tell_author(session, event.outgoing_id)
        except MailsyncError as error:
            log.warning("receipt.lost", error=type(error).__name__)


def _tell_author(session: WriteSession, outgoing_id: int) -> None:
    mail = repository.sent(session, outgoing_id)
    if mail.user_id is None:
        return
    who = mail.to[0] if len(mail.to) == 1 else "Somebody"
    title = f"{who} opened your mail: {mail.subject or '(no subject)'}"
    thread_id = repository.thread_of(session, outgoing_id)
    link = f"/mail/threads/{thread_id}" if thread_id is not None else "/outbox"
    ring(session, [Bell(mail.user_id, f"opened:{outgoing_id}", title, link)])
