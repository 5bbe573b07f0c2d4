"""Tokens that stand in links and addresses: signed ones that carry ids, and secret ones that carry nothing.

A signed token is base64url of `key number | ids | MAC`, all of it opaque and without an address inside. Each purpose
has a key of its own: a click token never unsubscribes. The number of a link is appended unsigned (`<token>.3`): whoever
changes it reaches another link of the same mail, no more.
"""

import base64
import binascii
import hmac
import re
import secrets
from typing import Literal

from core.crypto import KeyRing

MAC_BYTES = 12
"""96 bits: nobody guesses one, and a link stays short."""
MAX_TOKEN = 200
INTAKE_LENGTH = 32
"""160 bits in base32; short enough for a local part with `task+` in front (RFC 5321: 64)."""
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_INTAKE = re.compile(rf"[a-z2-7]{{{INTAKE_LENGTH}}}")
_MASKED = re.compile(
    rf"(?P<kind>\b(?:task|feed|reply)(?:\+|%2b|=2b))[a-z2-7]{{16,40}}(?![a-z0-9])|\b[a-z2-7]{{{INTAKE_LENGTH}}}(?=@|%40|=40)",
    re.IGNORECASE,
)

_SMALL = [bytes([number]) for number in range(0x80)]

Alphabet = Literal["base64url", "hex"]


class TokenCodec:
    """Makes and reads the tokens of one purpose. Tokens of any key of the ring stay valid for ever.

    `hex` survives what changes case, such as relays that touch a Message-ID.
    """

    def __init__(self, keyring: KeyRing, purpose: str, *, alphabet: Alphabet = "base64url") -> None:
        self._keys = {int(key_id): keyring.signing_key(f"token.{purpose}", key_id) for key_id in keyring.ids}
        self._current = int(keyring.current)
        self._head = _varint(self._current)
        self._hex = alphabet == "hex"

    def make(self, *ids: int) -> str:
        """A token that carries `ids` (not negative), URL-safe."""
        payload = self._head + b"".join([_varint(each) for each in ids])
        signed = payload + hmac.digest(self._keys[self._current], payload, "sha256")[:MAC_BYTES]
        if self._hex:
            return signed.hex()
        return binascii.b2a_base64(signed, newline=False).translate(_URL_SAFE, b"=").decode("ascii")

    def read(self, token: str) -> tuple[int, ...] | None:
        """The ids of a token of ours; none for anything else. Takes the same time for every wrong signature."""
        raw = self._decode(token)
        if raw is None or len(raw) <= MAC_BYTES:
            return None
        payload, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        numbers = _read_varints(payload)
        key = self._keys.get(numbers[0]) if numbers else None
        if key is None or not hmac.compare_digest(mac, hmac.digest(key, payload, "sha256")[:MAC_BYTES]):
            return None
        return tuple(numbers[1:])

    def _decode(self, token: str) -> bytes | None:
        if not token.isascii() or len(token) > MAX_TOKEN:
            return None
        try:
            if self._hex:
                return bytes.fromhex(token) if token.isalnum() else None
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        # One token has one spelling: stray characters and spare bits are refused.
        return raw if base64.urlsafe_b64encode(raw).decode().rstrip("=") == token else None


def link_token(token: str, number: int) -> str:
    """The token of link `number` in a mail whose token is `token`."""
    return f"{token}.{number}"


def split_link(text: str) -> tuple[str, int | None]:
    """A token and the number of the link behind it, if there is one."""
    token, dot, number = text.partition(".")
    return token, int(number) if dot and number.isascii() and number.isdigit() and len(number) < 6 else None


def new_intake_token() -> str:
    """A fresh secret for an intake address. Store it encrypted, find it by `KeyRing.lookup`."""
    return base64.b32encode(secrets.token_bytes(INTAKE_LENGTH * 5 // 8)).decode().lower()


def intake_token(text: str) -> str | None:
    """`text` as an intake token in its one spelling; none if it can not be one. Case does not matter."""
    lowered = text.strip().lower()
    return lowered if _INTAKE.fullmatch(lowered) else None


def mask_tokens(text: str) -> str:
    """`text` with the secret part of every intake address in it replaced, also where it is percent-encoded."""
    return _MASKED.sub(lambda found: f"{found.group('kind') or ''}…", text)


def _varint(number: int) -> bytes:
    if 0 <= number <= 0x7F:
        return _SMALL[number]
    if number < 0:
        raise ValueError("a token carries no negative numbers")
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_varints(raw: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in raw:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            numbers.append(number)
            number, shift = 0, 0
    return numbers if not shift else []
