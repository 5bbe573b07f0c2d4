"""A unit test opens no socket: whatever tries is refused, wherever the call comes from."""

import socket
from typing import NoReturn

import pytest

REFUSED = ("connect", "connect_ex", "bind", "listen", "sendto")


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves asyncio its own pair of sockets, which needs none of these calls."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("A unit test may not use the network: move it to tests/integration.")

    for name in REFUSED:
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
