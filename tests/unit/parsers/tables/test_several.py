"""Several values in a cell, as people and programs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.tables.several import emails_in, joined, phones_in, tags_in


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("a@x.example", ("a@x.example",)),
        ("a@x.example; b@x.example,c@x.example a@x.example", ("a@x.example", "b@x.example", "c@x.example")),
        ("a@x.example ::: b@x.example", ("a@x.example", "b@x.example")),
        ("a@x.example\nb@x.example\n", ("a@x.example", "b@x.example")),
        ("Ann Lee <ann@x.example>, Bob <bob@x.example>", ("ann@x.example", "bob@x.example")),
        ("mailto:a@x.example", ("a@x.example",)),
        ('"a;b"@x.example', ('"a;b"@x.example',)),
        ("not an address", ("not an address",)),
        ("  ", ()),
    ],
)
def test_addresses(cell: str, found: tuple[str, ...]) -> None:
    assert emails_in(cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("+49 30 / 1234567", ("+49 30 / 1234567",)),
        ("+49 30 12345; 0171 123456", ("+49 30 12345", "0171 123456")),
        ("+49 30 12345 ::: 0171 123456", ("+49 30 12345", "0171 123456")),
        ("030 12345, ext. 7", ("030 12345, ext. 7",)),
        ("030 1\n0171 2", ("030 1", "0171 2")),
    ],
)
def test_phones(cell: str, found: tuple[str, ...]) -> None:
    assert phones_in(cell) == found


def test_tags() -> None:
    assert tags_in("VIP, fair, VIP") == ("VIP", "fair")
    assert tags_in("Porto, PT; fair") == ("Porto, PT", "fair")
    assert tags_in("* myContacts ::: * Friends") == ("* myContacts", "* Friends")


LINE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" ;,|:"), min_size=1).map(str.strip)
VALUES = st.lists(LINE.filter(bool), unique=True).map(tuple)


@given(VALUES)
def test_what_is_joined_is_read_again(values: tuple[str, ...]) -> None:
    assert phones_in(joined(values, phones_in)) == values
    assert tags_in(joined(values, tags_in)) == values
