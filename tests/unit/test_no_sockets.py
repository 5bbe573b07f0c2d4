"""The promise of tests/unit, kept: neither blocking nor asyncio code reaches a server."""

import asyncio
import socket

import pytest


def test_a_blocking_connection_is_refused() -> None:
    with pytest.raises(AssertionError, match="may not use the network"):
        socket.create_connection(("127.0.0.1", 9))


def test_a_listener_is_refused() -> None:
    with socket.socket() as listener, pytest.raises(AssertionError, match="may not use the network"):
        listener.bind(("127.0.0.1", 0))


async def test_an_asyncio_connection_is_refused() -> None:
    with pytest.raises(AssertionError, match="may not use the network"):
        await asyncio.open_connection("127.0.0.1", 9)


async def test_asyncio_itself_still_works() -> None:
    assert await asyncio.to_thread(lambda: 7) == 7
