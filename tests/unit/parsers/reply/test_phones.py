"""What a phone adds stands below the author's own card, and does not hide it."""

import pytest

from parsers.contact_card import contact_of
from parsers.message import parse_message

CARD = "Kind regards\nAnn Lee\nCEO | Acme Ltd\n+44 20 7946 0000"


@pytest.mark.parametrize(
    "line", ["Sent from my iPhone", "Envoyé de mon iPhone", "Get Outlook for iOS<https://aka.ms/x>"]
)
def test_the_card_above_a_phones_line_is_the_signature(line):
    raw = f"From: Ann Lee <ann@acme.example>\nSubject: Offer\n\nYes.\n\n{CARD}\n\n{line}\n".encode()

    parsed = parse_message(raw)

    assert parsed.reply.text == "Yes."
    assert parsed.reply.signature.startswith(CARD)
    contact = contact_of(parsed.kind, parsed.reply.signature, parsed.from_[0])
    assert contact is not None
    assert (contact.title, contact.company, contact.phones) == ("CEO", "Acme Ltd", ("+44 20 7946 0000",))


def test_a_sentence_that_cites_somebody_is_no_attribution():
    text = "As Bob <bob@client.example> wrote on 2 March 2026:\n\nWe need three boats.\n\nI agree."

    assert parse_message(f"From: a@b.example\nSubject: Boats\n\n{text}\n".encode()).reply.text == text
