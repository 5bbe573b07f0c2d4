"""Message-IDs as real programs write them: folded, escaped, without brackets, with words around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.message_ids import message_id, message_ids
from parsers.message import parse_message

HUGE = "a" * 2_000 + "@x.example"
CITATIONS = {
    "several": ("<a@x.example> <b@x.example>", ["a@x.example", "b@x.example"]),
    "without blanks between": ("<a@x.example><b@x.example>", ["a@x.example", "b@x.example"]),
    "with commas": ("<a@x.example>, <b@x.example>,", ["a@x.example", "b@x.example"]),
    "repeated": ("<a@x.example> <b@x.example> <a@x.example>", ["a@x.example", "b@x.example"]),
    "case is kept": ("<AbC@X.example> <abc@x.example>", ["AbC@X.example", "abc@x.example"]),
    "broken by a blank, as Eudora did": ("<a@x.example> <Pine.1234-100000@watcher.exampl e>", ["a@x.example"]),
    "broken at the @": ("<20260302.17\t@x.example>", []),
    "blanks at the brackets": ("< a@x.example >", ["a@x.example"]),
    "X.400 gateway, quoted": ('<"0208 Z.1.  6*/PN=Ann\tHill/C=GB/"@MHS>', ['"0208 Z.1.  6*/PN=Ann Hill/C=GB/"@MHS']),
    "without brackets": ("a@x.example b@x.example", ["a@x.example", "b@x.example"]),
    "one without brackets and @": ("20260302.17", ["20260302.17"]),
    "without @": ("<20260302.17> <17>", ["20260302.17", "17"]),
    "doubled brackets": ("<<a@x.example>>", ["a@x.example"]),
    "the last is cut off": ("<a@x.example> <b@x.example", ["a@x.example", "b@x.example"]),
    "a bracket lost between two": ("<a@x.example <b@x.example>", ["a@x.example", "b@x.example"]),
    "both brackets lost between two": ("<a@x.example b@x.example>", ["a@x.example", "b@x.example"]),
    "the first bracket lost": ("a@x.example> <b@x.example>", ["a@x.example", "b@x.example"]),
    "in quotes": ('"<a@x.example>"', ["a@x.example"]),
    "in quotes without brackets": ('"a@x.example"', ["a@x.example"]),
    "percent-encoded by a web page": ("%3Ca%2Bb%40x.example%3E", ["a+b@x.example"]),
    "percent-encoded, two": ("%3ca@x.example%3e %3cb@x.example%3e", ["a@x.example", "b@x.example"]),
    "escaped as HTML": ("&lt;a@x.example&gt;", ["a@x.example"]),
    "a percent sign of its own": ("<a%3Cb@x.example>", ["a%3Cb@x.example"]),
    "old mutt": ("<a@x.example>; from ann@x.example on Mon, Mar 02, 2026 at 11:00:00AM +0100", ["a@x.example"]),
    "Gnus": ("<a@x.example> (Ann Hill's message of \"Mon, 2 Mar 2026 11:00:00 +0100\")", ["a@x.example"]),
    "an address in a comment": ("<a@x.example> (message from Ann <ann@x.example>)", ["a@x.example"]),
    "a comment that opens and does not close": ("<a@x.example> (message from", ["a@x.example"]),
    "parentheses in an id": ("<a(1)@x.example> <b@x.example>", ["a(1)@x.example", "b@x.example"]),
    "nothing but a comment": ("(<a@x.example>)", ["a@x.example"]),
    "MH": ('Your message of "Mon, 02 Mar 2026 11:00:00 +0100." <a@x.example>', ["a@x.example"]),
    "exmh, the address first": ("Message from Ann <ann@x.example> of Monday <a@x.example>", ["ann@x.example", "a@x.example"]),
    "words only": ("Ann's message of Mon, 2 Mar 2026 11:00:00 +0100", []),
    "words with an address": ("Your message of Monday, from ann@x.example", []),
    "empty brackets": ("<> < >", []),
    "brackets only": ("<<<>>><", []),
    "X.500-like domain literal": ("<p0511@[198.51.100.3]>", ["p0511@[198.51.100.3]"]),
    "GitHub": ("<org/project/pull/17/c42@github.example>", ["org/project/pull/17/c42@github.example"]),
    "two thousand letters": (f"<{HUGE}>", [HUGE]),
    "nothing": ("", []),
}  # fmt: skip


@pytest.mark.parametrize("case", CITATIONS)
def test_citations(case):
    value, expected = CITATIONS[case]

    assert message_ids(value) == tuple(expected)


def test_of_very_many_ids_the_newest_count():
    ids = [f"{number}@x.example" for number in range(3_000)]

    assert message_ids(" ".join(f"<{each}>" for each in ids)) == tuple(ids[-1_000:])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["<a@x.example>"], "a@x.example"),
        (["<a@x.example> (added by a relay)"], "a@x.example"),
        (["<a@x.example>", "<b@x.example>"], "a@x.example"),
        (["", "<b@x.example>"], "b@x.example"),
        (["<>", "<b@x.example>"], "b@x.example"),
        (["a b c"], "abc"),
        (["  "], None),
        (["<>"], None),
        ([None], None),
        ([], None),
    ],
)
def test_the_id_of_a_message(values, expected):
    assert message_id(*values) == expected


def test_ids_in_a_whole_message():
    raw = (
        b"From: ann@x.example\r\nMessage-Id: \r\nReferences: <a@x.example>\r\n\t<b@x.\r\n example>\r\n"
        b"References: <a@x.example> <z@x.example>\r\n"
        b"In-Reply-To: =?utf-8?q?=3Cb=40x=2Eexample=3E?=\r\nMessage-ID: <c@x.example>\r\n\r\nHello\r\n"
    )

    parsed = parse_message(raw)

    assert parsed.message_id == "c@x.example"
    assert parsed.references == ("a@x.example", "z@x.example")
    assert parsed.in_reply_to == ("b@x.example",)


@given(st.text(alphabet='<>@ab \t"(),;%3CE&lt;gt7.', max_size=80))
def test_what_is_read_as_an_id_is_read_again_as_the_same(value):
    for identity in message_ids(value):
        assert identity == " ".join(identity.split())
        if not set(identity) & set('"<>()&%'):
            assert message_ids(f"<{identity}>") == (identity,)
