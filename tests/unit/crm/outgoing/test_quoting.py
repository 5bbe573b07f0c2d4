"""Subjects and quotes of replies and forwards."""

from datetime import UTC, datetime

import pytest

from crm.outgoing.quoting import forward_subject, forward_text, new_text, reply_subject, reply_text
from parsers.message import parse_message

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RAW = (
    b"From: Carl Client <carl@client.example>\r\nTo: Ann <ann@house.example>\r\nCc: dora@client.example\r\n"
    b"Subject: Grinder?\r\n\r\nHow much?\r\n\r\n> Older words\r\n"
)


@pytest.mark.parametrize(
    ("subject", "reply", "forward"),
    [
        ("Offer", "Re: Offer", "Fwd: Offer"),
        ("Re: Offer", "Re: Offer", "Fwd: Re: Offer"),
        ("AW: Offer", "AW: Offer", "Fwd: AW: Offer"),
        ("Fwd: Offer", "Re: Fwd: Offer", "Fwd: Offer"),
        ("  two\r\n lines ", "Re: two lines", "Fwd: two lines"),
        ("", "Re:", "Fwd:"),
    ],
)
def test_one_prefix_is_enough(subject: str, reply: str, forward: str) -> None:
    assert (reply_subject(subject), forward_subject(subject)) == (reply, forward)


def test_a_reply_quotes_below_the_signature_and_an_answer_to_it_is_understood() -> None:
    text = reply_text(parse_message(RAW), AT, "Ann\nHouse")

    assert text == (
        "\n\n-- \nAnn\nHouse\n\nOn Fri, 20 Nov 2026 at 09:30, Carl Client <carl@client.example> wrote:\n"
        "> How much?\n>\n>> Older words\n"
    )
    sent = b"From: ann@house.example\r\nSubject: Re: Grinder?\r\n\r\n300 euros." + text.encode()
    reply = parse_message(sent).reply
    assert reply.text == "300 euros."
    assert "How much?" in reply.quoted


def test_a_forward_is_understood_by_whoever_gets_it() -> None:
    text = forward_text(parse_message(RAW), AT, "")
    parsed = parse_message(b"From: ann@house.example\r\nSubject: Fwd: Grinder?\r\n\r\nFor you." + text.encode())

    assert parsed.reply.text == "For you."
    assert parsed.forwarded is not None
    assert parsed.forwarded.from_.address == "carl@client.example"
    assert parsed.forwarded.subject == "Grinder?"
    assert parsed.forwarded.text.startswith("How much?")
    assert "Cc: <dora@client.example>" in text


def test_a_new_mail_without_signature_is_empty() -> None:
    assert (new_text(""), new_text(" A ")) == ("", "\n\n-- \nA\n")
