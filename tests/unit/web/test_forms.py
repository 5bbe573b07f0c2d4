from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import UsageError
from crm.conversations.views.threads import Cursor
from storage.models import RecordType
from web.forms import cents, moment, record_keys, tags
from web.paging import read_cursor, write_cursor

WARSAW = ZoneInfo("Europe/Warsaw")


def test_a_moment_is_in_the_writers_zone_and_a_day_ends_at_six() -> None:
    assert moment("2026-12-01T09:30", WARSAW) == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert moment("2026-07-01", WARSAW) == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert moment("  ", WARSAW) is None
    for wrong in ("next week", "0001-01-01T00:30", "2026-02-30"):
        with pytest.raises(UsageError):
            moment(wrong, WARSAW)


def test_amounts_as_people_write_them() -> None:
    amounts = ("", "1200", "1200,50", "1,200.50", "1 200", "0.1", " ")
    assert [cents(text) for text in amounts] == [0, 120_000, 120_050, 120_050, 120_000, 10, 0]
    for wrong in ("a lot", "1,200", "1.200", "nan", "inf", "1e999999"):
        with pytest.raises(UsageError):
            cents(wrong)


def test_tags_and_records() -> None:
    assert tags("#offer, fair ,, offer") == ("offer", "fair")
    assert record_keys(["deal:7", "contact:3", "deal:7"]) == ((RecordType.DEAL, 7), (RecordType.CONTACT, 3))
    with pytest.raises(UsageError):
        record_keys(["invoice:1"])


def test_a_cursor_survives_its_way_through_an_address() -> None:
    cursor = Cursor(datetime(2026, 11, 20, 14, 30, 1, 234_567, tzinfo=UTC), 42)

    assert read_cursor(write_cursor(cursor)) == cursor
    assert read_cursor("") is None
    for broken in ("x", "8J-Sqg", "MTIzNA", "99999999999999999999"):
        with pytest.raises(UsageError):
            read_cursor(broken)
