"""mbox files cut into messages."""

from io import BytesIO

import pytest

from parsers.mime.mbox import split_mbox

MBOX = b"""From ann Mon Mar  2 10:00:00 2026
Subject: one

From here it goes on
>From quoted
>>From twice

From Monday on, we open at 9:00

From bob Mon Mar  2 11:00:00 2026
Subject: two

last
"""


def test_messages_begin_at_a_postmark_after_a_blank_line_only():
    first, second = split_mbox(MBOX)

    assert first == (
        b"Subject: one\n\nFrom here it goes on\nFrom quoted\n>From twice\n\nFrom Monday on, we open at 9:00\n"
    )
    assert second == b"Subject: two\n\nlast\n"
    assert list(split_mbox(BytesIO(MBOX))) == list(split_mbox(MBOX))


@pytest.mark.parametrize(
    "postmark",
    [
        "From ann@a.example Mon Mar  2 10:00:00 2026",  # sendmail, Postfix
        "From - Mon Mar 02 10:00:00 2026",  # Thunderbird
        "From 1781234567890123456@xxx Mon Mar 02 10:00:00 +0000 2026",  # Gmail Takeout
        "From ???@??? Mon Mar 02 10:00:00 2026",  # Eudora
        "From MAILER-DAEMON Mon Mar  2 10:00:00 2026",  # Dovecot, Mailman
        "From ann@a.example  Mon Mar  2 10:00:00 CET 2026",
        "From ann Mon Mar  2 10:00 2026 remote from host",  # UUCP
        "From ann@a.example Mon, 2 Mar 2026 10:00:00 +0100",
        '"From "Ann Example" <ann@a.example> Mon Mar  2 10:00:00 2026'[1:],
    ],
)
def test_postmarks_of_many_programs(postmark):
    mbox = f"From x Mon Mar  2 09:00:00 2026\r\nSubject: one\r\n\r\na\r\n\r\n{postmark}\r\nSubject: two\r\n\r\nb\r\n"

    assert list(split_mbox(mbox.encode())) == [b"Subject: one\r\n\r\na\r\n", b"Subject: two\r\n\r\nb\r\n"]


def test_one_message_without_a_from_line_and_none_at_all():
    assert list(split_mbox(b"Subject: x\n\nbody\n")) == [b"Subject: x\n\nbody\n"]
    assert list(split_mbox(b"From whoever\nSubject: x\n\nbody\n")) == [b"Subject: x\n\nbody\n"]
    assert list(split_mbox(b"")) == []
    assert list(split_mbox(b"\n\n")) == []
