"""Counters and news pushed to open pages: when work was committed, each signed-in browser hears what needs attention now,
and that there are new entries or words under them, or readers of sent mail (which it then asks for, within its rights).

One stream a browser. A wake-up is only a hint, so several that come close together are answered once; the session is
looked at again each time, so that signing out ends the stream.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import NamedTuple

from fastapi import Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from core.clock import utcnow
from crm.access.receipts import newest_happening
from crm.access.signing_in import viewer_of_session
from crm.conversations.repository.counters import section_counters
from crm.stream.feed.repository import last_talk
from crm.stream.timeline.repository import newest
from storage.models import Queue
from storage.store import Store
from web.routers import machine_router
from web.signed_in import SESSION_COOKIE, Me

router = machine_router()
GATHER_SECONDS = 0.4
LOOK_SECONDS = 60.0
"""How often counters are looked at without a wake-up: deadlines pass, other processes write."""
PING_SECONDS = 20


class LiveStreams:
    """All open streams. `close` ends them at once, so that a server that stops need not wait for its browsers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: set[Callable[[], None]] = set()
        self._guard = threading.Lock()
        self._closed = False

    def close(self) -> None:
        """End every stream, from any thread."""
        with self._guard:
            self._closed = True
            wakers = list(self._open)
        for wake in wakers:
            wake()

    async def events(self, token: str) -> AsyncIterator[ServerSentEvent]:
        """The counters of whoever is signed in with `token`, numbers for the newest entry and word, each time they change."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake(_: Queue | None = None) -> None:
            loop.call_soon_threadsafe(woken.set)

        with self._guard:
            self._open.add(wake)
        forget = self._store.database.notifier.listen(wake)
        try:
            last = _Known({}, -1, -1, -1)
            while not self._closed:
                known = await run_in_threadpool(_look, self._store, token)
                if known is None:
                    return
                if known.counters != last.counters:
                    yield ServerSentEvent(json.dumps(known.counters), event="counters")
                if known.newest != last.newest:
                    yield ServerSentEvent(str(known.newest), event="stream")
                if known.talk != last.talk:
                    yield ServerSentEvent(str(known.talk), event="talk")
                if known.receipts != last.receipts:
                    yield ServerSentEvent(str(known.receipts), event="receipts")
                last = known
                await _wait(woken)
        finally:
            forget()
            with self._guard:
                self._open.discard(wake)


@router.get("/live")
async def live(request: Request, _: Me) -> EventSourceResponse:
    """The stream of counters and news."""
    streams: LiveStreams = request.app.state.live
    return EventSourceResponse(streams.events(request.cookies.get(SESSION_COOKIE, "")), ping=PING_SECONDS)


async def _wait(woken: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await woken.wait()
            await asyncio.sleep(GATHER_SECONDS)
    except TimeoutError:
        pass
    woken.clear()


class _Known(NamedTuple):
    """What a browser was told: the numbers by section, the newest entry, when something was last said or changed, and
    what readers of sent mail did last."""

    counters: dict[str, int]
    newest: int
    talk: int
    receipts: int


def _look(store: Store, token: str) -> _Known | None:
    """What there is now; None when nobody is signed in with this token any more."""
    with store.database.reading() as session:
        viewer = viewer_of_session(session, token)
        if viewer is None:
            return None
        counters = section_counters(session, viewer, utcnow())
        told = {**asdict(counters), "today": counters.today}
        return _Known(told, newest(session, viewer), last_talk(session, viewer), newest_happening(session, viewer))
