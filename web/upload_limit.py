"""No request may bring more than the largest file that any page takes: it would fill the disk before anybody looks at it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parsers.tables.model import MOST_BYTES
from web.failures import problem

MOST = MOST_BYTES + 1024 * 1024
"""The largest file, and the fields of the form around it."""
TOO_LARGE = f"A file may have {MOST_BYTES // 1024 // 1024} MB at most."


class _TooLarge(Exception):
    """More came than was announced."""


class UploadLimit:
    """Refuses what announces too much, and stops listening to what announced nothing and sends too much."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if announced.isdigit() and int(announced) > MOST:
            await _refuse(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > MOST:
                raise _TooLarge
            return message

        try:
            await self._app(scope, counted, send)
        except _TooLarge:
            await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(413, "Too large", TOO_LARGE)(scope, receive, send)
