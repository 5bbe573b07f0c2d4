"""Names and strings on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsync.imap.errors import Unsendable
from mailsync.imap.quoting import quote, quote_folder, read_folder
from mailsync.imap.tokens import parse_values


@given(st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"])))
def test_a_quoted_string_reads_back(text):
    assert parse_values([quote(text).encode()]) == [text.encode()]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_folder_name_reads_back_and_is_plain_ascii(name):
    (wire,) = parse_values([quote_folder(name).encode("ascii")])
    assert read_folder(wire) == name


def test_known_spellings():
    assert quote_folder("Entwürfe & Co") == '"Entw&APw-rfe &- Co"'
    assert quote_folder("台北") == '"&U,BTFw-"'
    assert read_folder(b"&Jjo-!") == "☺!"


def test_names_that_break_the_rules_are_taken_as_they_stand():
    assert read_folder("Отправленные".encode()) == "Отправленные"
    assert read_folder(b"R&D") == "R&D"
    assert read_folder(b"caf\xe9") == "caf�"


@pytest.mark.parametrize("text", ["a\r\nA2 DELETE INBOX", "a\n", "\0"])
def test_nothing_can_start_another_command(text):
    with pytest.raises(Unsendable):
        quote(text)
