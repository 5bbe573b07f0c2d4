"""No request may bring more than the largest file that any page takes: it would fill the disk before anybody looks at it."""

from contextlib import suppress

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
        request = _Counted(receive, send)
        with suppress(_TooLarge):
            await self._app(scope, request.receive, request.send)
        if request.is_too_large and not request.is_answered:
            await _refuse(scope, receive, send)


class _Counted:
    """A request whose bytes are counted. What is answered to one that is too large does not count: whoever reads forms would
    call it malformed."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._came = 0
        self.is_answered = False

    @property
    def is_too_large(self) -> bool:
        """Whether more came than any page takes."""
        return self._came > MOST

    async def receive(self) -> Message:
        """The next piece of the request. Raises `_TooLarge`."""
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self.is_too_large:
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        """Answer, unless the request is too large."""
        if self.is_answered or not self.is_too_large:
            self.is_answered = True
            await self._send(message)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(413, "Too large", TOO_LARGE)(scope, receive, send)
