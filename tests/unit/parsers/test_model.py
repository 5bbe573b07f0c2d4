"""What `parse_message` gives is made by another way than usual; it must be a frozen dataclass all the same."""

from dataclasses import FrozenInstanceError, replace

import pytest

from parsers.message import parse_message
from parsers.model import ParsedMessage

RAW = b"From: Ann <ann@client.example>\nTo: Bob <bob@client.example>\nSubject: Offer\n\nHello\n"


def test_a_message_is_frozen_and_otherwise_a_value_like_any():
    message = parse_message(RAW)

    with pytest.raises(FrozenInstanceError):
        message.__setattr__("subject", "other")

    assert type(message) is ParsedMessage
    assert repr(message).startswith("ParsedMessage(message_id=None, ")
    assert replace(message, subject="other").subject == "other"
    assert message.cards == ()
