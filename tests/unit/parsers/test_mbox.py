"""mbox files cut into messages."""

from io import BytesIO

from parsers.mbox import split_mbox

MBOX = b"""From ann Mon Mar  2 10:00:00 2026
Subject: one

From here it goes on
>From quoted
>>From twice

From bob Mon Mar  2 11:00:00 2026
Subject: two

last
"""


def test_messages_begin_after_a_blank_line_only():
    expected = [
        b"Subject: one\n\n",
        b"Subject: two\n\nlast\n",
    ]

    first, second = split_mbox(MBOX.replace(b"From here", b"Here from"))

    assert first == expected[0] + b"Here from it goes on\nFrom quoted\n>From twice\n"
    assert second == expected[1]
    assert list(split_mbox(BytesIO(MBOX))) == list(split_mbox(MBOX))


def test_one_message_without_a_from_line_and_none_at_all():
    assert list(split_mbox(b"Subject: x\n\nbody\n")) == [b"Subject: x\n\nbody\n"]
    assert list(split_mbox(b"")) == []
    assert list(split_mbox(b"\n\n")) == []
