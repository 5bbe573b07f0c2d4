"""A sign-in from the command line: the browser comes back to a loopback port (RFC 8252 §7.3), or its address is pasted."""

import socket
from urllib.parse import parse_qs, urlsplit

from core.errors import UsageError
from mailsync.oauth.flow import FLOW_LASTS, Callback

LOOPBACK = "127.0.0.1"
LONGEST_REQUEST = 16 * 1024
PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    b"Mailsync has what it needs: go back to the terminal. You can close this page.\n"
)
NOT_THIS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class LoopbackListener:
    """Waits on a port of this machine for the browser that comes back from the provider; close it."""

    def __init__(self, port: int) -> None:
        try:
            self._socket = socket.create_server((LOOPBACK, port))
        except (OSError, OverflowError):
            raise UsageError(f"Port {port} is taken: give another one with --port, or paste with --paste.") from None
        self._socket.settimeout(FLOW_LASTS.total_seconds())
        self.redirect_uri = f"http://localhost:{self._socket.getsockname()[1]}/"

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def wait(self) -> Callback:
        """What the browser brings. Raises `UsageError` when none comes in time."""
        while True:
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                raise UsageError("Nobody came back from the sign-in page within ten minutes: start again.") from None
            with connection:
                callback = _answered(connection)
            if callback is not None:
                return callback


def read_callback(url: str) -> Callback:
    """The answer in an address that was pasted. Raises `UsageError` when it is none."""
    callback = _callback(url.strip())
    if callback is None:
        raise UsageError("That is not the address the browser was sent back to: it has code= and state= in it.")
    return callback


def _answered(connection: socket.socket) -> Callback | None:
    connection.settimeout(5)
    try:
        request = connection.recv(LONGEST_REQUEST).split(b" ")
        callback = _callback(request[1].decode("ascii")) if len(request) > 1 and request[0] == b"GET" else None
        connection.sendall(NOT_THIS if callback is None else PAGE)
    except (OSError, UnicodeDecodeError):
        return None
    return callback


def _callback(url: str) -> Callback | None:
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return None
    state, code, error = (query.get(name, [""])[0] for name in ("state", "code", "error"))
    return Callback(state, code, error) if state and (code or error) else None
