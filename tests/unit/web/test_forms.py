import base64
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from core.cursors import Cursor
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.office.calendar import OFFICE_HOURS, Calendar, Hours
from crm.office.formats import ClockStyle, DateStyle, Formats, NumberStyle
from storage.models import RecordType
from web.forms import amount, day_in, iso_day, moment, record_keys, tags
from web.paging import read_cursor, write_cursor
from web.signed_in import SignedIn

HERE = SignedIn(1, "Ines", "ines@company.example", "Europe/Warsaw", True, Viewer.system())
THERE = replace(
    HERE, formats=Formats(DateStyle.MONTH_FIRST, ClockStyle.HOURS_12, NumberStyle.POINT_COMMA, numbers_are_chosen=True)
)


def test_a_moment_is_in_the_writers_zone_and_a_day_ends_at_six() -> None:
    assert moment("2026-12-01T09:30", HERE) == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert moment("01/12/2026 09:30", HERE) == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert moment("12/1/2026 9:30 am", THERE) == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert moment("2026-07-01", HERE) == moment("1.7.2026", HERE) == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert moment("  ", HERE) is None
    for wrong in ("next week", "0001-01-01T00:30", "2026-02-30", "31/12/2026 25:00", "12/31/2026"):
        with pytest.raises(UsageError):
            moment(wrong, HERE)


def test_a_day_without_an_hour_ends_when_the_company_does() -> None:
    short_friday = Calendar(week=(*(OFFICE_HOURS,) * 4, Hours(time(8), time(13)), None, None))
    them = replace(HERE, calendar=short_friday)
    assert moment("04/12/2026", them) == datetime(2026, 12, 4, 12, tzinfo=UTC), "a Friday"
    assert moment("05/12/2026", them) == moment("05/12/2026 18:00", them), "a Saturday, as on Monday"


def test_a_day_begins_at_midnight_of_the_reader() -> None:
    assert day_in("31/12/2026", HERE) == day_in("12/31/2026", THERE) == datetime(2026, 12, 30, 23, tzinfo=UTC)
    assert (iso_day("1/2/2026", HERE), iso_day("1/2/2026", THERE), iso_day("soon", HERE)) == (
        "2026-02-01",
        "2026-01-02",
        "soon",
    )
    for wrong in ("soon", "1.1.1201", "9999-12-31", "31/13/2026"):
        with pytest.raises(UsageError):
            day_in(wrong, HERE)


def test_amounts_as_people_write_them() -> None:
    amounts = ("", "1200", "1200,50", "1,200.50", "1 200", "0.1", " ")
    assert [amount(text, "EUR", HERE) for text in amounts] == [0, 120_000, 120_050, 120_050, 120_000, 10, 0]
    assert (amount("1.200", "EUR", THERE), amount("1.200", "JPY", THERE)) == (120_000, 1200)
    for wrong in ("a lot", "1,200", "1.200", "nan", "inf", "1e999999"):
        with pytest.raises(UsageError):
            amount(wrong, "EUR", HERE)


def test_tags_and_records() -> None:
    assert tags("#offer, fair ,, offer") == ("offer", "fair")
    assert record_keys(["deal:7", "contact:3", "deal:7"]) == ((RecordType.DEAL, 7), (RecordType.CONTACT, 3))
    with pytest.raises(UsageError):
        record_keys(["invoice:1"])


def test_a_cursor_survives_its_way_through_an_address() -> None:
    cursor = Cursor(datetime(2026, 11, 20, 14, 30, 1, 234_567, tzinfo=UTC), 42)

    assert read_cursor(write_cursor(cursor)) == cursor
    assert read_cursor("") is None
    larger_than_any_row = base64.urlsafe_b64encode(b"1000000.9223372036854775808").decode()
    for broken in ("x", "8J-Sqg", "MTIzNA", "99999999999999999999", larger_than_any_row):
        with pytest.raises(UsageError):
            read_cursor(broken)
