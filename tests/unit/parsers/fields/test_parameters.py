"""Parameters of Content-Type and Content-Disposition: most are read the short way, and none otherwise than by the long one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.fields.parameters import any_parameters, parse_parameters, usual_parameters

PIECES = [*"ab =;\"\\*'\t\n", "name", "filename*0*", "charset=utf-8", "; ", '="', "=?utf-8?q?=C3=A9?=", "\xa0", "A"]


@settings(max_examples=2_000, deadline=None)
@given(st.lists(st.sampled_from(PIECES)))
def test_the_short_way_reads_no_parameters_otherwise_than_the_long_one(pieces):
    rest = "".join(pieces)

    short = usual_parameters(rest)

    assert short is None or short == any_parameters(rest)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/plain; charset=utf-8", ("text/plain", {"charset": "utf-8"})),
        ('Text/HTML;\n charset="utf-8"; format=flowed;', ("text/html", {"charset": "utf-8", "format": "flowed"})),
        ('multipart/mixed; boundary="=_a=b"', ("multipart/mixed", {"boundary": "=_a=b"})),
        ('a/b; name="=?utf-8?q?caf=C3=A9.pdf?="', ("a/b", {"name": "café.pdf"})),
    ],
)
def test_usual_parameters_take_the_short_way(value, expected):
    assert parse_parameters(value) == expected
    assert usual_parameters(value.partition(";")[2]) == expected[1]
    assert usual_parameters('name="a;b.txt"') is None
