"""Tokens carry their ids, survive rotation, and can be neither forged, altered nor used for another purpose."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import KeyRing
from delivery.message_ids import MessageIds
from delivery.tokens import TokenCodec, intake_token, link_token, mask_tokens, new_intake_token, split_link

OLD, NEW = os.urandom(32), os.urandom(32)
BEFORE = KeyRing({"1": OLD}, "1")
AFTER = KeyRing({"1": OLD, "200": NEW}, "200")
CLICK = TokenCodec(AFTER, "click")
IDS = st.lists(st.integers(0, 2**63 - 1), max_size=4).map(tuple)


@given(IDS, st.sampled_from(["base64url", "hex"]))
def test_ids_come_back_also_after_rotation(ids, alphabet):
    old, new = (TokenCodec(ring, "click", alphabet=alphabet) for ring in (BEFORE, AFTER))

    assert new.read(old.make(*ids)) == ids
    assert new.read(new.make(*ids)) == ids
    assert old.read(new.make(*ids)) is None
    assert set(new.make(*ids)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(IDS, st.data())
def test_no_altered_token_is_read(ids, data):
    token = CLICK.make(*ids)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_=. é"))

    altered = token[:at] + letter + token[at + 1 :]

    assert (CLICK.read(altered) is None) == (altered != token)
    assert CLICK.read(token + letter) is None
    assert CLICK.read(token[:-1]) is None


@given(st.text(max_size=60))
def test_nonsense_is_no_token(text):
    assert CLICK.read(text) is None
    assert MessageIds(AFTER).verify(text) is None


def test_a_purpose_has_its_own_key():
    assert TokenCodec(AFTER, "unsubscribe").read(CLICK.make(1, 2)) is None


def test_a_token_is_short():
    assert len(CLICK.make(50_000, 1_000_000)) <= 28


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("tok.3", ("tok", 3)),
        ("tok", ("tok", None)),
        ("tok.", ("tok", None)),
        ("tok.x", ("tok", None)),
        ("t.-1", ("t", None)),
    ],
)
def test_the_number_of_a_link(text, parts):
    assert split_link(text) == parts
    assert split_link(link_token("tok", 12)) == ("tok", 12)


def test_message_ids_are_recognised_whatever_relays_do_to_their_case():
    ids = MessageIds(AFTER)
    made = ids.make(4711, "example.org")

    assert made.endswith("@example.org")
    assert [ids.verify(form) for form in (made, f"<{made}>", f" <{made.upper()}> ")] == [4711] * 3
    assert MessageIds(AFTER, "recipient").verify(made) is None
    assert ids.verify("m." + "0" * 40 + "@example.org") is None


def test_intake_tokens():
    token = new_intake_token()

    assert len(token) <= 40
    assert token == token.lower()
    assert intake_token(f" {token.upper()} ") == token
    assert intake_token(token[:-1]) is None
    assert new_intake_token() != token


@pytest.mark.parametrize(
    "form", ["task+{}@example.org", "FEED+{}", "<reply%2B{}%40example.org>", "{}@feed.example.org", "x {}%40y"]
)
def test_secret_parts_are_masked(form):
    token = new_intake_token()
    for spelling in (token, token.upper()):
        masked = mask_tokens(form.format(spelling))
        assert spelling not in masked
        assert "…" in masked


def test_what_is_no_secret_is_left_alone():
    text = "multitask+abc@example.org, a.long.local.part.without.any.secret@example.org, " + "a" * 40
    assert mask_tokens(text) == text
