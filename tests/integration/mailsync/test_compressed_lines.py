"""A line is compressed for the sake of much mail, and not for a mailbox that sees one now and then."""

from integration.mailsync.conftest import Synced, letter
from mailsync.transfer import WORTH_COMPRESSING


def test_a_line_is_compressed_when_much_is_to_come(modern: Synced, commands: list[str]) -> None:
    modern.deliver("first", "second")
    assert modern.bring_up() == 2
    assert "COMPRESS" not in commands
    long = letter("long", text="As agreed on the phone, dear colleagues.\n" * (WORTH_COMPRESSING // 80))
    for folder in ("INBOX", "Sent"):
        for _ in range(3):
            modern.server.deliver(modern.user, long, folder)
    assert modern.bring_up() == 6
    assert commands.count("COMPRESS") == 1
