"""How long requests take, by route and status, for `/metrics`. Plain ASGI, so that streams stay streams."""

import time

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)
ENDLESS = frozenset({"/live"})


class RequestTimes:
    """Observes every finished request under the template of its path, never the path itself."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "mailsync_http_seconds",
            "Time to answer.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http" or scope["path"] in ENDLESS:
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def watching_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watching_send)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            self._seconds.labels(scope["method"], route, str(status)).observe(time.perf_counter() - began)
