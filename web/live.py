"""Counters pushed to open pages: when work was committed, each signed-in browser hears what needs attention now.

One stream a browser. A wake-up is only a hint, so several that come close together are answered once; the session is
looked at again each time, so that signing out ends the stream.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from core.clock import utcnow
from crm.access.signing_in import viewer_of_session
from crm.conversations.repository.counters import section_counters
from storage.models import Queue
from storage.store import Store
from web.signed_in import SESSION_COOKIE, Me, services_of

router = APIRouter()
GATHER_SECONDS = 0.4
LOOK_SECONDS = 60.0
"""How often counters are looked at without a wake-up: deadlines pass, other processes write."""
PING_SECONDS = 20


@router.get("/live")
async def live(request: Request, _: Me) -> EventSourceResponse:
    """The stream of counters."""
    store = services_of(request).store
    token = request.cookies.get(SESSION_COOKIE, "")
    return EventSourceResponse(_events(store, token), ping=PING_SECONDS)


async def _events(store: Store, token: str) -> AsyncIterator[ServerSentEvent]:
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def wake(_: Queue) -> None:
        loop.call_soon_threadsafe(woken.set)

    forget = store.database.notifier.listen(wake)
    try:
        last: dict[str, int] | None = None
        while (counters := await run_in_threadpool(_counters, store, token)) is not None:
            if counters != last:
                last = counters
                yield ServerSentEvent(json.dumps(counters), event="counters")
            await _wait(woken)
    finally:
        forget()


async def _wait(woken: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await woken.wait()
            await asyncio.sleep(GATHER_SECONDS)
    except TimeoutError:
        pass
    woken.clear()


def _counters(store: Store, token: str) -> dict[str, int] | None:
    """The numbers by section; None when nobody is signed in with this token any more."""
    with store.database.reading() as session:
        viewer = viewer_of_session(session, token)
        if viewer is None:
            return None
        counters = section_counters(session, viewer, utcnow())
    return {**asdict(counters), "today": counters.today}
