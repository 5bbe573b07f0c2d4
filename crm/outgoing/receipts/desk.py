"""Answers for the pictures and links of single mails. Nobody waits for the database longer than a click may take.

Neither the address nor the program that asked is kept, only who it was as far as can be told.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

from core.clock import utcnow
from core.errors import Transient
from crm.outgoing.receipts import repository
from crm.outgoing.receipts.linking import ReceiptTokens
from crm.outgoing.receipts.recording import ReceiptRecorder
from crm.outgoing.receipts.repository import Happened
from delivery.tokens import split_link
from delivery.verdict import Action, Hit, judge
from storage.models import TrackingKind
from storage.store import Store

PATIENCE = 0.2
MOST_REMEMBERED = 5_000


class ReceiptDesk:
    """One per web process; call `close` at its end. A click leads on although it can not be noted, which is told in the log."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tokens = ReceiptTokens(store.keys)
        self._links: dict[int, list[str]] = {}
        self._recorder = ReceiptRecorder(store)

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

    def close(self) -> None:
        """Write what was noted. Call it when nobody asks any more."""
        self._recorder.close()

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
        self._recorder.note(Happened(outgoing_id, kind, verdict.value, number, now))
