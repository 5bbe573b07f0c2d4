from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.models import CampaignState, MailboxState, SendState, ShareLevel
from web import words

LISBON, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - timedelta(hours=5), "09:30"),
        (NOW - timedelta(days=1), "Yesterday"),
        (NOW - timedelta(days=3), "Tuesday"),
        (NOW - timedelta(days=30), "21 Oct"),
        (NOW - timedelta(days=400), "16 Oct 2025"),
    ],
)
def test_a_list_says_when_as_shortly_as_it_is_clear(at: datetime, said: str) -> None:
    assert words.short_time(at, NOW, LISBON) == said


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 20, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo
    after_midnight = late + timedelta(minutes=2)

    assert words.short_time(late, after_midnight, TOKYO) == "Yesterday"
    assert words.short_time(late, after_midnight, LISBON) == "14:59"


def test_a_deadline_says_whether_it_is_late_today_or_far() -> None:
    assert words.due_in_words(NOW - timedelta(days=2), NOW, LISBON) == ("bad", "2 days late")
    assert words.due_in_words(NOW + timedelta(hours=2), NOW, LISBON) == ("warn", "due today 16:30")
    assert words.due_in_words(NOW + timedelta(days=1), NOW, LISBON) == ("", "due tomorrow")
    assert words.due_in_words(NOW + timedelta(days=4), NOW, LISBON) == ("", "due Tuesday")
    assert words.due_in_words(NOW + timedelta(days=20), NOW, LISBON) == ("", "due 10 Dec")


def test_calls_and_meetings_are_at_their_time_and_not_due_by_it() -> None:
    assert words.appointment_in_words(NOW - timedelta(minutes=8), NOW, LISBON) == ("bad", "8 minutes ago")
    assert words.appointment_in_words(NOW + timedelta(hours=2), NOW, LISBON) == ("warn", "today 16:30")
    assert words.appointment_in_words(NOW + timedelta(days=1), NOW, LISBON) == ("", "tomorrow 14:30")
    assert words.appointment_in_words(NOW + timedelta(days=4), NOW, LISBON) == ("", "Tuesday 14:30")


def test_sizes_money_and_shares() -> None:
    assert [words.file_size(size) for size in (740, 12_345, 3_400_000)] == ["740 B", "12 KB", "3.4 MB"]
    assert words.money(1_684_000, "EUR") == "€16,840"
    assert words.money(1_999, "GBP") == "£19.99"
    assert (words.percent(1, 3), words.percent(1, 300), words.percent(0, 7), words.percent(0, 0)) == (
        "33 %",
        "0.3 %",
        "0 %",
        "–",
    )


def test_initials_of_people_addresses_and_nothing() -> None:
    assert words.initials("Inês Carvalho") == "IC"
    assert words.initials("info@fontelenta.example") == "IF"
    assert words.initials("") == "·"
    assert 0 <= words.hue("Marta Nowak") < 12


def test_every_state_has_words() -> None:
    assert set(words.MAILBOX_STATES) == set(MailboxState)
    assert set(words.CAMPAIGN_STATES) == set(CampaignState)
    assert set(words.SEND_STATES) == set(SendState)
    assert set(words.SHARE_LEVELS) == set(ShareLevel)
