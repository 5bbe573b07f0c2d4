"""Quoted-printable that decodes to what went in, and that neither DKIM nor SMTP has to touch."""

import quopri
import re

from hypothesis import given
from hypothesis import strategies as st

from delivery.dkim import relaxed_body
from delivery.quoted_printable import quoted

TEXT = st.text(st.one_of(st.sampled_from(" .\t\n=From ü字"), st.characters(exclude_categories=["Cs"])), max_size=400)


@given(TEXT)
def test_round_trip_and_form(text):
    encoded = quoted(text)

    assert quopri.decodestring(encoded.replace(b"\r\n", b"\n")).decode() == re.sub("\r\n|\r", "\n", text)
    assert encoded.isascii()
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
    assert relaxed_body(encoded + b"x\r\n") == encoded + b"x\r\n"
