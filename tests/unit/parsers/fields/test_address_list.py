"""Address lists as programs write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.fields.address_list import addresses_by_tokens, parse_addresses, usual_addresses


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ann@a.example", [("", "ann@a.example")]),
        ("Ann <ann@a.example>", [("Ann", "ann@a.example")]),
        ('"Doe, John" <j@a.example>, b@a.example', [("Doe, John", "j@a.example"), ("", "b@a.example")]),
        ("Doe, John <j@a.example>", [("Doe, John", "j@a.example")]),
        ("ann@a.example (Ann A.)", [("Ann A.", "ann@a.example")]),
        (
            "Team: a@a.example, B <b@a.example>;, c@a.example",
            [("", "a@a.example"), ("B", "b@a.example"), ("", "c@a.example")],
        ),
        ("undisclosed-recipients:;", []),
        ("a@a.example; b@a.example", [("", "a@a.example"), ("", "b@a.example")]),
        ("=?utf-8?q?M=C3=BCller=2C_J?= <m@a.example>", [("Müller, J", "m@a.example")]),
        ('"=?utf-8?b?w4RubmE=?=" <a@a.example>', [("Änna", "a@a.example")]),
        ("<@relay.example:ann@a.example>", [("", "ann@a.example")]),
        ("<mailto:ann@a.example>", [("", "ann@a.example")]),
        ("'Ann' <ann@a.example>", [("Ann", "ann@a.example")]),
        ("Somebody", [("Somebody", "")]),
        ('"never closed <ann@a.example>', [("never closed", "ann@a.example")]),
        (r'"a \"quoted\" name" <ann@a.example>', [('a "quoted" name', "ann@a.example")]),
        (
            "Ann <ann@a.example> on behalf of B <b@a.example>",
            [("Ann", "ann@a.example"), ("on behalf of B", "b@a.example")],
        ),
        ("用户@例子.example", [("", "用户@例子.example")]),
        ("", []),
        (",,;", []),
    ],
)
def test_mailboxes(value, expected):
    assert [(address.name, address.address) for address in parse_addresses(value)] == expected


def test_the_number_of_addresses_is_bounded():
    assert len(parse_addresses("a@b.example," * 100, limit=7)) == 7


@settings(max_examples=2_000, deadline=None)
@given(
    st.lists(st.sampled_from([*"ab<>@,\"'()=?.;:\\ \t", "ann@a.example", "<b@c.example>", "Ann", "=?utf-8?q?=C3=A9?="]))
)
def test_the_short_way_reads_no_list_otherwise_than_the_long_one(pieces):
    value = "".join(pieces)

    short = usual_addresses(value)

    assert short is None or short == addresses_by_tokens(value)


@pytest.mark.parametrize(
    "value", ['"Doe, Ann" <ann@a.example>, b@c.example', "Ann Doe <ann@a.example>", "ann@a.example"]
)
def test_usual_lists_take_the_short_way(value):
    assert usual_addresses(value) == parse_addresses(value)
