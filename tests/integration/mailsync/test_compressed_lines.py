"""A line is compressed for the sake of much mail, and not for a mailbox that sees one now and then."""

import pytest

from integration.mailsync.conftest import Synced, letter
from mailsync.imap.connection import ImapConnection
from mailsync.transfer import WORTH_COMPRESSING


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Commands that were sent, by name."""
    names: list[str] = []
    real = ImapConnection.run

    async def run(connection: ImapConnection, name: str, *args: str, **options: object) -> object:
        names.append(name)
        return await real(connection, name, *args, **options)

    monkeypatch.setattr(ImapConnection, "run", run)
    return names


def test_a_line_is_compressed_when_much_is_to_come(modern: Synced, asked: list[str]) -> None:
    modern.deliver("first", "second")
    assert modern.bring_up() == 2
    assert "COMPRESS" not in asked
    long = letter("long", text="As agreed on the phone, dear colleagues.\n" * (WORTH_COMPRESSING // 80))
    for folder in ("INBOX", "Sent"):
        for _ in range(3):
            modern.server.deliver(modern.user, long, folder)
    assert modern.bring_up() == 6
    assert asked.count("COMPRESS") == 1
