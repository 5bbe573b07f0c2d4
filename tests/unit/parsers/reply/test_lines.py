"""The cheap look at lines may be wrong in one direction only: it must not pass over a line that means something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.phrases.separators import FORWARDED, ORIGINAL
from parsers.reply.attribution import may_end_attribution
from parsers.reply.lines import lines_of
from parsers.reply.quoted_headers import LABEL, ROLES, may_be_labelled, role_of
from parsers.reply.separators import Separator, separator_in

PIECES = st.sampled_from(
    [
        "wrote",
        "wrote:",
        "Schrieb",
        "2026-03-02 11:00 GMT+01:00 Ann",
        "From",
        ": ",
        "：",
        "> ",
        "--",
        "\u3000",
        " ",
        "写道",
        "x",
    ]
)


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=6))
def test_no_line_that_may_mean_something_is_passed_over(lines):
    text = lines_of("\n".join(lines))

    meaning = [
        number
        for number, line in enumerate(text.all)
        if line and (line[0] == ">" or separator_in(line) or role_of(line) or may_end_attribution(line))
    ]
    assert set(meaning) <= set(text.notable)
    assert {number for number, line in enumerate(text.all) if line and may_end_attribution(line)} <= set(text.ends)


@pytest.mark.parametrize(
    "form", ["{}: x", "> *{}:* x", "| {} : x", "{} (CC): x", "{}： x", "\u202b{}:x", "\u3000_{}_: x", "{}:"]
)
def test_no_labelled_line_is_passed_over(form):
    lines = [form.format(label.title()) for label in sorted(ROLES)]

    assert [line for line in lines if not may_be_labelled(line) and is_labelled(line)] == []


def is_labelled(line):
    found = LABEL.match(line)
    return found is not None and ROLES.get(found[1].strip(" *_").lower()) is not None


def test_lines_of_a_letter_are_not_worth_a_look():
    assert lines_of("Dear Ann,\n\nhere is the offer\nfor the boats.\n\nBest regards\nBob").notable == []


@pytest.mark.parametrize("words", [*FORWARDED, *ORIGINAL])
def test_a_separator_tells_what_follows(words):
    assert separator_in(f"-----{words.title()}-----") == Separator(words in FORWARDED)
    assert separator_in(f"> {words}:") == Separator(words in FORWARDED)
    assert separator_in(f"-------- {words} --------") == Separator(True)
    assert separator_in(f"We had the {words} before") is None


def test_header_lines_may_stand_behind_a_separator():
    line = "----- Forwarded Message ----- From: Ann <ann@a.example>"

    assert separator_in(line) == Separator(True, "From: Ann <ann@a.example>")
