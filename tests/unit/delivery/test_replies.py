"""Replies are read the same however the network cuts them, and nonsense is named as such."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.replies import MAX_LINE, GarbledReply, Reply, ReplyReader

STREAM = b"250 2.1.0 OK\r\n250-first\r\n250-second\r\n250 last\r\n354\r\n550 5.1.1 no \xc3\xbc\r\n"
REPLIES = [Reply(250, "2.1.0 OK"), Reply(250, "first second last"), Reply(354, ""), Reply(550, "5.1.1 no ü")]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_cuts_do_not_matter(cuts):
    reader = ReplyReader()
    places = [0, *sorted(cuts), len(STREAM)]

    replies = [reply for start, end in pairwise(places) for reply in reader.feed(STREAM[start:end])]

    assert replies == REPLIES


def test_enhanced_status_is_found_only_at_the_head():
    assert Reply(550, "5.1.1 unknown").enhanced == "5.1.1"
    assert Reply(550, "unknown 5.1.1").enhanced is None


@pytest.mark.parametrize("garbage", [b"hello\r\n", b"25 no\r\n", b"999 x\r\n", b"\x00\r\n", b"x" * (MAX_LINE + 1)])
def test_nonsense_is_refused(garbage):
    with pytest.raises(GarbledReply):
        ReplyReader().feed(garbage)


def test_a_reply_without_end_is_refused():
    reader = ReplyReader()
    with pytest.raises(GarbledReply):
        for _ in range(100):
            reader.feed(b"250-" + b"x" * 1000 + b"\r\n")
