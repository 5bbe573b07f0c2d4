"""Dates and Message-IDs, tidy and wild."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.dates import local_date, offset_of, parse_date
from parsers.fields.message_ids import message_id, message_ids


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 02 Mar 2026 11:00:00 +0100", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2 Mar 2026 11:00 GMT", datetime(2026, 3, 2, 11, tzinfo=UTC)),
        ("Mon, 2 Mar 26 05:00:00 -0500 (EST)", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T11:00:00+01:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 23:59:60 +0000", datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)),
        ("Mon, 32 Mar 2026 11:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(value, expected):
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@x> <b@x>\t<a@x>", ("a@x", "b@x")),
        ("<a@x.\n example>", ()),
        ("a@x b@x", ("a@x", "b@x")),
        ("Your message of Monday, from ann@x", ()),
        ("<>", ()),
        (None, ()),
    ],
)
def test_message_ids(value, expected):
    assert message_ids(value) == expected


def test_a_message_id_that_is_none_is_taken_whole():
    assert message_id("<a@x>") == "a@x"
    assert message_id("20260302.17") == "20260302.17"
    assert message_id("  ") is None
    assert message_id(None) is None


@given(
    st.integers(-2_000_000_000, 4_000_000_000),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["", " (CET)", " (a comment)"]),
)
def test_a_date_as_most_programs_write_it_is_read_exactly(seconds, offset, comment):
    moment = datetime.fromtimestamp(0, timezone(timedelta(minutes=offset))) + timedelta(seconds=seconds)

    assert parse_date(format_datetime(moment) + comment) == moment


@pytest.mark.parametrize(
    ("value", "offset", "day"),
    [
        ("Mon, 02 Mar 2026 23:30:00 -0500", timedelta(hours=-5), date(2026, 3, 2)),
        ("Tue, 03 Mar 2026 00:30:00 +0530 (IST)", timedelta(hours=5, minutes=30), date(2026, 3, 3)),
        ("2026-03-03T00:30:00.123+01:00", timedelta(hours=1), date(2026, 3, 3)),
        ("Mon, 2 Mar 2026 11:00 +0100", timedelta(hours=1), date(2026, 3, 2)),
        ("Mon, 2 Mar 2026 11:00:00 GMT", None, date(2026, 3, 2)),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None, None),
        ("yesterday +0100", None, None),
        (None, None, None),
    ],
)
def test_the_day_and_the_zone_as_the_sender_saw_them(value, offset, day):
    assert (offset_of(value), local_date(value)) == (offset, day)
