"""Header values arrive as they were meant, in lines that are short enough, and can not become other headers."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from delivery.header_text import Mailbox, header_name, mailboxes_value, text_value, url_value

ANY = st.text(
    st.one_of(st.sampled_from(' \r\n\t=?<>"\\,:;@üñ字🎉'), st.characters(exclude_categories=["Cs"])), max_size=300
)
WORDY = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" "), max_size=300)


def parsed(name: str, value: bytes):
    return message_from_bytes(name.encode() + b": " + value + b"\r\n\r\nbody", policy=policy.default)


@given(ANY)
def test_nothing_in_a_value_ends_the_field(text):
    for value in (text_value("Subject", text), mailboxes_value("To", [Mailbox("a@example.org", text)])):
        assert value.isascii()
        assert not re.search(rb"\r(?!\n )|(?<!\r)\n", value)
        message = parsed("Subject", value)
        assert message.keys() == ["Subject"]
        assert message.get_content().strip() == "body"


@given(WORDY)
def test_a_subject_arrives(text):
    value = text_value("Subject", text)

    assert re.sub(r"\s+", " ", parsed("Subject", value)["Subject"]).strip() == re.sub(r"\s+", " ", text).strip()
    if not text.isascii():
        assert all(len(line) <= 76 for line in (b"Subject: " + value).split(b"\r\n"))


@pytest.mark.parametrize("name", ["Ana", "Müller, Jörg", 'Say "hi"', "a\\b", "字" * 40, "=?utf-8?q?x?=", "Dr. A. B"])
def test_a_name_arrives(name):
    value = mailboxes_value("To", [Mailbox("a@example.org", name), Mailbox("b@example.org")])

    (shown, first), (_, second) = getaddresses([value.decode().replace("\r\n", "")])
    # The standard library's own policy puts a blank between two encoded words of a name; RFC 2047 §6.2 does not.
    assert (str(make_header(decode_header(shown))), first) == (name, "a@example.org")
    assert second == "b@example.org"


def test_what_is_no_address_or_name_is_refused():
    for address in ("a@b>, <c@d", "a", "", "a@b\r\nBcc: c@d"):
        with pytest.raises(UsageError):
            mailboxes_value("To", [Mailbox(address, "x")])
    with pytest.raises(UsageError):
        header_name("X: y\r\nBcc")


def test_a_url_can_not_leave_its_brackets():
    assert url_value("https://x/ü?a=>\r\nb") == b"<https://x/%C3%BC?a=%3E%0D%0Ab>"
