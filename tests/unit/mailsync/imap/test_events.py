"""What a server tells unasked, as events: above all what is said of folders that are not open (RFC 5465)."""

import pytest

from mailsync.imap.events import MailboxEvent, NotifyEnded, OtherFolder, read_event
from mailsync.imap.replies import read_untagged


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (b"* STATUS Projects (MESSAGES 3 UIDNEXT 9)", OtherFolder()),
        (b'* LIST () "/" Plans ("OLDNAME" ("Projects"))', OtherFolder()),
        (b"* OK [NOTIFICATIONOVERFLOW] too much to tell", NotifyEnded()),
        (b"* OK still here", None),
        (b"* OK", None),
        (b"* CAPABILITY IMAP4rev1", None),
    ],
)
def test_news_of_other_folders(line: bytes, event: MailboxEvent | None) -> None:
    assert read_event(read_untagged([line])) == event
