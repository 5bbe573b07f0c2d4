"""Clicks, opens and unsubscriptions of one process: judged, journalled, recorded, and where a click leads.

Nothing here waits for the database longer than a click may take. Neither the address nor the program that asked is kept,
only the verdict.
"""

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass

from campaigns.journal import FOLDER, Entry, Journal
from campaigns.links import is_personal, target
from campaigns.recording import Recorder
from campaigns.repository import campaigns, tracking
from campaigns.repository.tracking import Event, Reader
from campaigns.tokens import CampaignTokens, Mailing
from campaigns.variables import Person, values_of
from core.clock import utcnow
from core.config import Settings
from core.errors import Transient
from core.logging import get_logger
from crm.access.viewer import Viewer
from delivery.link_cache import LinkCache, in_time
from delivery.tokens import split_link
from delivery.verdict import Action, Hit, Verdict, judge
from storage.models import TrackingKind
from storage.store import Store
from storage.writer_lock import Urgency

BURST_SECONDS = 10.0
MOST_REMEMBERED = 20_000
MOST_CAMPAIGNS = 5_000

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What came with a request that tells people from machines."""

    method: str
    user_agent: str
    address: str | None
    prefetch: bool


class Bursts:
    """How many different links of one mail were asked for in the last ten seconds. Bounded; forgets the oldest."""

    def __init__(self) -> None:
        self._clicks: OrderedDict[int, deque[tuple[float, int]]] = OrderedDict()

    def count(self, recipient_id: int, link_number: int) -> int:
        """Note a click and tell how many different links it makes."""
        now = time.monotonic()
        clicks = self._clicks.setdefault(recipient_id, deque(maxlen=20))
        self._clicks.move_to_end(recipient_id)
        clicks.append((now, link_number))
        while clicks[0][0] < now - BURST_SECONDS:
            clicks.popleft()
        if len(self._clicks) > MOST_REMEMBERED:
            self._clicks.popitem(last=False)
        return len({number for _, number in clicks})


class TrackingDesk:
    """Answers for the links of campaign mail. One per web process; call `close` at its end."""

    def __init__(self, store: Store, settings: Settings) -> None:
        folder = settings.data_dir / FOLDER
        self._store = store
        self._tokens = CampaignTokens(store.keys)
        self._journal = Journal(folder)
        self._recorder = Recorder(store, folder, self._journal)
        self._bursts = Bursts()
        self._links = LinkCache(self._load_links, MOST_CAMPAIGNS)

    async def click(self, link: str, request: Request) -> str | None:
        """Where a click leads; None for a token that is not ours or a link that is not known.

        Raises `Transient` when the database must be asked and does not answer in time.
        """
        token, number = split_link(link)
        mailing = self._tokens.read_tracking(token)
        if mailing is None or number is None:
            return None
        url = await self._url(mailing, number)
        if url is None:
            return None
        burst = self._bursts.count(mailing.recipient_id, number)
        await self._note(mailing, Action.CLICK, request, number, burst)
        return url

    async def open(self, token: str, request: Request) -> bool:
        """Note an open; false for a token that is not ours."""
        mailing = self._tokens.read_tracking(token)
        if mailing is None:
            return False
        await self._note(mailing, Action.OPEN, request, None, 1)
        return True

    def may_unsubscribe(self, token: str) -> bool:
        """Whether the token is one of ours, of whatever age."""
        return self._tokens.read_unsubscribe(token) is not None

    async def unsubscribe(self, token: str) -> bool:
        """Write to this address no more, from now on; false for a token that is not ours.

        It is in the journal before it is tried in the database, so a database that is away delays it only.
        Raises `Transient` when neither could keep it.
        """
        ids = self._tokens.read_unsubscribe(token)
        if ids is None:
            return False
        _, recipient_id = ids
        entry = Entry(TrackingKind.UNSUBSCRIBE, recipient_id, None, Verdict.HUMAN, utcnow())
        kept = self._journal.append(entry)
        try:
            await asyncio.to_thread(self._unsubscribe, entry)
        except Transient:
            log.warning("unsubscription.delayed")
            if not await kept:
                raise
        return True

    def close(self) -> None:
        """Carry what is in the journal to the database, and end."""
        self._journal.close()
        self._recorder.close()

    def _unsubscribe(self, entry: Entry) -> None:
        key = tracking.unsubscription_key(entry.recipient_id)
        event = Event(entry.recipient_id, entry.kind, entry.verdict.value, None, entry.at, key)
        with self._store.database.unit_of_work(Urgency.PERSON) as session:
            tracking.record(session, [event])

    async def _note(
        self, mailing: Mailing, action: Action, request: Request, link_number: int | None, burst: int
    ) -> None:
        """Journal it; a disk that does not answer in time must not keep a person from the page."""
        now = utcnow()
        hit = Hit(
            action,
            user_agent=request.user_agent,
            method=request.method,
            seconds_since_sent=(now - mailing.sent_at).total_seconds(),
            address=request.address,
            prefetch=request.prefetch,
            burst=burst,
        )
        kind = TrackingKind.CLICK if action is Action.CLICK else TrackingKind.OPEN
        await self._journal.append(Entry(kind, mailing.recipient_id, link_number, judge(hit).verdict, now))

    async def _url(self, mailing: Mailing, number: int) -> str | None:
        url = (await self._links.of(mailing.campaign_id)).get(number)
        if url is None or not is_personal(url):
            return url
        reader = await in_time(asyncio.ensure_future(asyncio.to_thread(self._load_reader, mailing.recipient_id)))
        return target(url, _values(reader))

    def _load_links(self, campaign_id: int) -> dict[int, str]:
        with self._store.database.reading() as session:
            return campaigns.links(session, campaign_id)

    def _load_reader(self, recipient_id: int) -> Reader | None:
        with self._store.database.reading() as session:
            return tracking.reader(session, Viewer.system(), recipient_id)


def _values(reader: Reader | None) -> dict[str, str | None]:
    if reader is None:
        return {}
    return values_of(Person(reader.name, reader.address, reader.company, reader.position, reader.first_name), "")
