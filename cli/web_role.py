"""The `web` role: uvicorn inside our process, stopped by us and not by its own signal handlers."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from campaigns.tracking import TrackingDesk
from core.config import Settings
from crm.outgoing.receipts.desk import ReceiptDesk
from storage.store import Store
from web.app import create_app
from web.services import Services
from web.tracking import Tracker, TrackingInFront

GRACE_SECONDS = 5


class _Server(uvicorn.Server):
    """Signals are the process's business: a Ctrl-C has to reach every role, not only this one."""

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebRole:
    """Serves the console, the API and the tracking links on a socket that is bound already."""

    name = "web"

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        trusted_proxies: tuple[str, ...],
        *,
        at_stop: Callable[[], None],
        at_end: Callable[[], None],
    ) -> None:
        """`at_stop` ends the streams that would stay open for ever, `at_end` what the last request may still need."""
        self._listener = listener
        self._at_stop = at_stop
        self._at_end = at_end
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies) or None,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`; requests in hand get five seconds."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._at_stop()
        self._server.should_exit = True
        try:
            await serving
        finally:
            await asyncio.to_thread(self._at_end)


def make_web_role(store: Store, settings: Settings, listener: socket.socket) -> WebRole:
    """The console, the API and the tracking links of a store."""
    console, desks = create_app(Services(store, settings)), (TrackingDesk(store, settings), ReceiptDesk(store))
    app = TrackingInFront(Tracker(*desks), console)
    return WebRole(
        app,
        listener,
        settings.trusted_proxies,
        at_stop=console.state.live.close,
        at_end=lambda: _close(desks),
    )


def _close(desks: tuple[TrackingDesk, ReceiptDesk]) -> None:
    for desk in desks:
        desk.close()
