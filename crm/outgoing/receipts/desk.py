"""Answers for the pictures and links of single mails. Nobody waits for the database longer than a click may take.

Neither the address nor the program that asked is kept, only who it was as far as can be told.
"""

from dataclasses import replace
from datetime import datetime

from core.clock import utcnow
from crm.outgoing.receipts import repository
from crm.outgoing.receipts.linking import ReceiptTokens
from crm.outgoing.receipts.recording import ReceiptRecorder
from crm.outgoing.receipts.repository import Happened
from delivery.link_cache import LinkCache
from delivery.tokens import split_link
from delivery.verdict import Action, Hit, judge
from storage.models import TrackingKind
from storage.store import Store

MOST_REMEMBERED = 5_000


class ReceiptDesk:
    """One per web process; call `close` at its end. A click leads on although it can not be noted, which is told in the log."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tokens = ReceiptTokens(store.keys)
        self._links = LinkCache(self._load, MOST_REMEMBERED)
        self._recorder = ReceiptRecorder(store)

    async def click(self, link: str, hit: Hit) -> str | None:
        """Where a link leads; None for one that we did not make.

        Raises `Transient` when the database does not tell in time.
        """
        token, number = split_link(link)
        known = self._tokens.read(token)
        if known is None or number is None:
            return None
        links = await self._links.of(known[0])
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

    def _load(self, outgoing_id: int) -> list[str]:
        with self._store.database.reading() as session:
            return repository.links_of(session, outgoing_id) or []

    def _note(self, known: tuple[int, datetime], hit: Hit, number: int | None) -> None:
        outgoing_id, composed_at = known
        now = utcnow()
        judged = judge(replace(hit, seconds_since_sent=(now - composed_at).total_seconds()))
        kind = TrackingKind.CLICK if hit.action is Action.CLICK else TrackingKind.OPEN
        self._recorder.note(Happened(outgoing_id, kind, judged.verdict.value, number, now, judged.reason))
