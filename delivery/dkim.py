"""DKIM signatures (RFC 6376, RFC 8463): RSA and Ed25519, relaxed/relaxed, with the list headers in `h=`.

One-click unsubscription counts only where both its headers are signed (RFC 8058 §4). `From` is named once more than it
occurs, so that nobody can add another one behind us.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from core.errors import UsageError

SIGNED = (
    "from", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "list-id", "list-unsubscribe", "list-unsubscribe-post", "list-help",
    "feedback-id", "auto-submitted", "sender",
)  # fmt: skip
MIN_RSA_BITS = 1024
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)(?:\r\n|$)")
_BLANKS = re.compile(rb"[ \t]+")
_BLANK_AT_END = re.compile(rb"[ \t]+(?=\r\n)|[ \t]+\Z")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one domain with one key, published at `<selector>._domainkey.<domain>`."""

    domain: str
    selector: str
    key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
    _elliptic: bool = field(init=False)
    _head: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Asked of the key once: its type is an abstract one, which is slow to ask for at every mail.
        elliptic = isinstance(self.key, ed25519.Ed25519PrivateKey)
        head = b"v=1; a=%s-sha256; c=relaxed/relaxed; d=%s; s=%s;" % (
            b"ed25519" if elliptic else b"rsa",
            self.domain.encode("idna"),
            self.selector.encode("ascii"),
        )
        object.__setattr__(self, "_elliptic", elliptic)
        object.__setattr__(self, "_head", head)

    @classmethod
    def from_pem(cls, domain: str, selector: str, pem: bytes) -> "Signer":
        """The signer of a private key in PEM form. Raises `UsageError` for a key that verifiers would ignore."""
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError):
            raise UsageError("That is not a private key in PEM form without a password.") from None
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return cls(domain, selector, key)
        if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= MIN_RSA_BITS:
            return cls(domain, selector, key)
        raise UsageError("A DKIM key is RSA of at least 1024 bits (better 2048), or Ed25519.")

    def dns_record(self) -> str:
        """The TXT record to publish for this key."""
        public = self.key.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            return f"v=DKIM1; k=ed25519; p={base64.b64encode(public.public_bytes_raw()).decode()}"
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"

    def header(self, names: bytes, canonical: bytes, body_hash: bytes, now: int) -> bytes:
        """The whole DKIM-Signature field, CRLF at its end.

        `names` is the value of `h=`, `canonical` the relaxed form of these fields in that order, `body_hash` base64.
        """
        tail = b"t=%d; bh=%s;" % (now, body_hash)
        named = b"h=%s;" % names
        signed = b"%sdkim-signature:%s %s %s b=" % (canonical, self._head, tail, named)
        signature = base64.b64encode(self._sign(signed))
        folded = b"\r\n ".join([signature[at : at + 72] for at in range(0, len(signature), 72)])
        return b"DKIM-Signature: %s\r\n %s\r\n %s\r\n b=%s\r\n" % (self._head, tail, named, folded)

    def _sign(self, data: bytes) -> bytes:
        if self._elliptic:
            return cast(ed25519.Ed25519PrivateKey, self.key).sign(hashlib.sha256(data).digest())
        return cast(rsa.RSAPrivateKey, self.key).sign(data, padding.PKCS1v15(), hashes.SHA256())


def sign(message: bytes, signers: Sequence[Signer], now: int) -> bytes:
    """`message` (CRLF) with one DKIM-Signature per signer in front. `now` is the signing time in seconds."""
    head, _, body = message.partition(b"\r\n\r\n")
    names, canonical = sign_plan([(name.decode("ascii"), value) for name, value in _FIELD.findall(head + b"\r\n")])
    body_hash = hash_body(relaxed_body(body))
    return b"".join([*(signer.header(names, canonical, body_hash, now) for signer in signers), message])


def sign_plan(fields: Sequence[tuple[str, bytes]]) -> tuple[bytes, bytes]:
    """`h=` and the canonical form of those of `fields` that are worth signing; of several, from the last upwards."""
    chosen = [(name.lower(), value) for name, value in reversed(fields) if name.lower() in SIGNED]
    names = [name.encode("ascii") for name, _ in chosen]
    canonical = b"".join([relaxed_field(name.encode("ascii"), value) for name, value in chosen])
    return b":".join([*names, b"from"]), canonical


def relaxed_field(name: bytes, value: bytes) -> bytes:
    """One field, its name already in lower case, in relaxed form (RFC 6376 §3.4.2)."""
    return b"%s:%s\r\n" % (name, b" ".join(value.split()))


def relaxed_body(body: bytes) -> bytes:
    """A body in relaxed form (RFC 6376 §3.4.4)."""
    body = _BLANKS.sub(b" ", _BLANK_AT_END.sub(b"", body)).rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def hash_body(canonical: bytes) -> bytes:
    """Base64 of the SHA-256 of a body already in canonical form."""
    return base64.b64encode(hashlib.sha256(canonical).digest())
