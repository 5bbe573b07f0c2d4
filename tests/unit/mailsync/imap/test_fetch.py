"""FETCH answers as servers really write them."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsync.imap.errors import ProtocolError
from mailsync.imap.fetch import Fetched, read_all, read_date, read_fetched
from mailsync.imap.replies import Untagged
from mailsync.imap.uidset import UidSet


def answers(*texts: bytes) -> list[Untagged]:
    return [Untagged(b"FETCH", number, [text]) for number, text in enumerate(texts, start=1)]


def test_everything_that_is_asked_for():
    fetched = read_fetched(
        [
            rb'(X-GM-THRID 1278455344230334865 X-GM-MSGID 1278455344230334866 X-GM-LABELS ("\\Inbox" "a (" Caf&AOk-) '
            rb'UID 7 FLAGS (\Seen $Label1) INTERNALDATE " 1-Nov-2026 01:30:00 +0530" RFC822.SIZE 15 MODSEQ (624140003) BODY[] ',
            b"From: a\r\n\r\nhi :-(",
            b")",
        ]
    )

    assert fetched.uid == 7
    assert fetched.flags == {"\\Seen", "$Label1"}
    assert fetched.internal_date == datetime(2026, 10, 31, 20, 0, tzinfo=UTC)
    assert (fetched.size, fetched.modseq) == (15, 624140003)
    assert fetched.body == b"From: a\r\n\r\nhi :-("
    assert (fetched.gm_thrid, fetched.gm_msgid) == (1278455344230334865, 1278455344230334866)
    assert fetched.gm_labels == {"\\Inbox", "a (", "Café"}


FLAGS = st.lists(st.sampled_from([rb"\Seen", rb"\Recent", b"$Label1", b"a]"]), max_size=3).map(b" ".join)
DATES = st.sampled_from([b" 1-Nov-2026 01:30:00 +0530", b"31-Feb-2026 01:30:00 +0000", b"nonsense of some length"])


@given(FLAGS, DATES, st.none() | st.integers(0, 2**63), st.binary(max_size=30))
def test_a_whole_message_means_the_same_however_it_is_told(flags, date, modseq, body):
    known = b" MODSEQ (%d)" % modseq if modseq is not None else b""
    told = b'UID 7 FLAGS (%b) INTERNALDATE "%b" RFC822.SIZE 15%b' % (flags, date, known)
    as_most_servers = read_fetched([b"(" + told + b" BODY[] ", body, b")"])
    in_another_order = read_fetched([b"(BODY[] ", body, b" " + told + b")"])

    assert as_most_servers == in_another_order
    assert (as_most_servers.uid, as_most_servers.modseq, as_most_servers.body) == (7, modseq, body)


@pytest.mark.parametrize(
    ("item", "body"),
    [(b'BODY[]<0> "abc"', b"abc"), (b"BODY[] NIL", None), (b'BODY[] ""', b""), (b'RFC822 "abc"', b"abc")],
)
def test_bodies_that_are_no_literals(item, body):
    assert read_fetched([b"(UID 5 " + item + b")"]).body == body


def test_answers_about_one_message_are_joined_and_those_of_others_left_out():
    found = read_all(
        answers(rb"(UID 5 RFC822.SIZE 10)", rb"(FLAGS (\Seen))", rb"(UID 9 FLAGS ())", rb"(FLAGS (\Answered) UID 5)"),
        UidSet.of([5, 6]),
    )

    assert [(one.uid, one.size, one.flags) for one in found] == [(5, 10, {"\\Answered"})]


@pytest.mark.parametrize(
    "text",
    [b"(UID 5 RFC822.SIZE 10)", b"(uid 5 rfc822.size 10)", b"(RFC822.SIZE 10 UID 5)", b"( UID  5 RFC822.SIZE 10 )"],
)
def test_sizes_are_read_however_they_are_told(text):
    assert read_fetched([text]) == Fetched(uid=5, size=10)


def test_a_wild_date_costs_the_date_and_not_the_message():
    assert read_date(b"31-Dec-2026 23:59:60 -0800") == datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC)
    assert read_date(b"01-jan-1970 00:00:00") == datetime(1970, 1, 1, tzinfo=UTC)
    for wrong in (
        b"32-Jan-2026 00:00:00 +0000",
        b"01-Foo-2026 00:00:00 +0000",
        b"01-Jan-0001 00:00:00 +2300",
        None,
        [],
    ):
        assert read_date(wrong) is None


@pytest.mark.parametrize(
    "text", [b"(UID)", b"UID 5", b"(UID x)", b"(FLAGS Seen)", b"((UID) 5)", b"(FLAGS ((a)))", b"(MODSEQ ())"]
)
def test_nonsense_is_a_protocol_error(text):
    with pytest.raises(ProtocolError):
        read_fetched([text])


@given(st.binary(max_size=80))
def test_garbage_is_read_or_refused(text):
    with suppress(ProtocolError):
        read_fetched([b"(UID 5 " + text + b")"])
