"""Marks in a mail: what is understood leaves the text, what is not stays."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crm.access.handles import handles
from crm.work.details import read_details
from storage.models import Priority

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
PEOPLE = handles({1: ("Ann Archer", "ann@house.example"), 2: ("Bob Baker", "b.baker@house.example")})


def read(subject: str, text: str = ""):
    return read_details(subject, text, people=PEOPLE, now=NOW)


def test_everything_in_the_subject() -> None:
    details = read("Call Carl about the grinder #service #vip !high @bob, due Friday")

    assert details.title == "Call Carl about the grinder"
    assert details.tags == ("service", "vip")
    assert (details.priority, details.responsible_id) == (Priority.HIGH, 2)
    assert details.deadline == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def test_what_only_looks_like_a_mark_stays() -> None:
    subject = "Order #4711 due to rain !wow @nobody carl@client.example C# a#b"
    details = read(subject)

    assert details.title == subject
    assert (details.tags, details.responsible_id, details.deadline) == ((), None, None)


def test_due_in_the_middle_leaves_the_rest() -> None:
    assert read("Offer due 2026-12-01 for Carl").title == "Offer for Carl"
    assert read("Offer (due tomorrow)").deadline == datetime(2026, 11, 19, 17, 0, tzinfo=UTC)


def test_lines_of_details_leave_the_text() -> None:
    details = read(
        "Offer",
        "Please write it.\nDeadline: 2026-12-01\nresponsable: Bob Baker\npriority: low\nTags: a, b c\n"
        "deadline: when it is done\nNote: keep this",
    )

    assert details.text == "Please write it.\ndeadline: when it is done\nNote: keep this"
    assert details.deadline == datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    assert (details.responsible_id, details.priority, details.tags) == (2, Priority.LOW, ("a", "b c"))


def test_a_line_of_marks_leaves_the_text_and_a_sentence_keeps_them() -> None:
    details = read("Offer", "#urgent @ann\nAsk @bob about #prices")

    assert details.text == "Ask @bob about #prices"
    assert (details.tags, details.responsible_id) == (("urgent",), 1)


def test_a_name_that_two_people_have_is_nobodys() -> None:
    twins = handles({1: ("Ann Archer", "ann@house.example"), 2: ("Ann Baker", "ab@house.example")})

    assert "ann" not in twins
    assert (twins["ab"], twins["ann.archer"], twins["annbaker"]) == (2, 1, 2)


@given(st.text(), st.text())
def test_no_mail_makes_it_fail_and_plain_words_survive(subject: str, text: str) -> None:
    details = read(subject, text)

    assert len(details.tags) <= 20
    assert read("Plain words", f"{text}\nplain line").text.endswith("plain line")
    assert details.title == details.title.strip()
