"""Keys: what was encrypted or signed before a rotation stays readable, and nothing opens with a wrong key or purpose."""

import base64
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import KeyRing, load_key_ring
from core.errors import Permanent, UsageError

OLD, NEW = b"o" * 32, b"n" * 32
BEFORE, AFTER = KeyRing({"1": OLD}, "1"), KeyRing({"1": OLD, "2": NEW}, "2")


@given(st.text())
def test_what_was_encrypted_is_read_again_and_never_the_same_twice(secret: str) -> None:
    stored = BEFORE.encrypt("mailbox.imap", secret)
    assert BEFORE.decrypt("mailbox.imap", stored) == secret
    assert BEFORE.encrypt("mailbox.imap", secret) != stored
    assert len(secret) < 4 or secret not in stored


def test_rotation_reads_the_old_and_writes_with_the_new() -> None:
    old, new = BEFORE.encrypt("p", "word"), AFTER.encrypt("p", "word")
    assert (AFTER.decrypt("p", old), AFTER.decrypt("p", new)) == ("word", "word")
    assert (old[:2], new[:2]) == ("1.", "2.")
    with pytest.raises(Permanent, match="not in the key file"):
        BEFORE.decrypt("p", new)


def test_rotation_keeps_signatures_and_lookups() -> None:
    assert AFTER.signing_key("links", "1") == BEFORE.signing_key("links")
    assert AFTER.signing_key("links") != BEFORE.signing_key("links")
    assert AFTER.lookup("address", "a@b.example") == BEFORE.lookup("address", "a@b.example")
    assert AFTER.ids == ["2", "1"]
    with pytest.raises(KeyError):
        BEFORE.signing_key("links", "2")


def test_the_oldest_key_is_the_oldest_by_number() -> None:
    keys = {str(number): bytes([number]) * 32 for number in (9, 10, 11)}
    assert KeyRing(keys, "11").lookup("p", "x") == KeyRing({"9": keys["9"]}, "9").lookup("p", "x")


def test_a_purpose_opens_nothing_of_another() -> None:
    stored = BEFORE.encrypt("mailbox.imap", "word")
    with pytest.raises(Permanent, match="does not open"):
        BEFORE.decrypt("mailbox.smtp", stored)
    assert BEFORE.signing_key("clicks") != BEFORE.signing_key("opens")
    assert BEFORE.lookup("a", "x") != BEFORE.lookup("b", "x")


@given(st.integers(0, 39), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place: int, change: int) -> None:
    key_id, _, payload = BEFORE.encrypt("p", "a secret of some length").partition(".")
    raw = bytearray(base64.urlsafe_b64decode(payload))
    raw[place] ^= change
    with pytest.raises(Permanent):
        BEFORE.decrypt("p", f"{key_id}.{base64.urlsafe_b64encode(raw).decode()}")


@pytest.mark.parametrize("stored", ["", "1", "1.", "1.abc", "1.====", "1.\x00", "none"])
def test_what_was_cut_off_is_told(stored: str) -> None:
    with pytest.raises(Permanent):
        BEFORE.decrypt("p", stored)


def test_fingerprints_tell_rings_apart_and_no_key() -> None:
    assert AFTER.fingerprints()["1"] == BEFORE.fingerprints()["1"]
    assert KeyRing({"1": NEW}, "1").fingerprints() != BEFORE.fingerprints()
    assert base64.b64encode(OLD).decode()[:16] not in str(BEFORE.fingerprints())


def test_a_ring_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(UsageError, match="There is no key file"):
        load_key_ring(path, create=False)
    made = load_key_ring(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key_ring(path, create=True).fingerprints() == made.fingerprints()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": {}, "current": "1"}',
        '{"keys": {"1": "short"}, "current": "1"}',
        '{"keys": {"1": 7}, "current": "1"}',
        json.dumps({"keys": {"1": base64.b64encode(OLD).decode()}, "current": "2"}),
        json.dumps({"keys": {"one": base64.b64encode(OLD).decode()}, "current": "one"}),
    ],
)
def test_a_damaged_ring_is_refused_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="restore it from your backup"):
        load_key_ring(path, create=True)
    assert path.read_text() == text
