"""Servers by what they tell: everything, nothing that has to be announced, and not even where messages went.

Dovecot gives COPYUID and APPENDUID though it was told not to announce UIDPLUS; `mute` does not hear them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from integration.mailsync.conftest import Synced, connected, several
from mailsync.imap import writing
from servers.dovecot import Dovecot

SERVERS = ["dovecot", "plain_dovecot", "mute"]


@pytest.fixture
def mute(plain_dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    monkeypatch.setattr(writing, "_numbers", lambda *_: ())
    monkeypatch.setenv("MUTE", "1")
    return plain_dovecot


@pytest.fixture(params=SERVERS)
def synced(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Synced]:
    """A mailbox on each of them."""
    yield from connected(request.getfixturevalue(request.param), tmp_path)


@pytest.fixture(params=SERVERS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Synced]]:
    """As many mailboxes as a test of many stories needs, on each of them."""
    yield from several(request.getfixturevalue(request.param), tmp_path)


@pytest.fixture
def plain(plain_dovecot: Dovecot, tmp_path: Path) -> Iterator[Synced]:
    """A mailbox on a server with no extension."""
    yield from connected(plain_dovecot, tmp_path)
