"""How a message is signed or encrypted: seen from outside, because whose keys are whose is not known here."""

import re

from parsers.content.cms import is_encrypted, is_signed
from parsers.mime.tree import Part
from parsers.model import Protection

SEALED = ("multipart/signed", "multipart/encrypted")
PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
SMIME_NAME = "smime.p7m"
ENTITY = re.compile(rb"[\r\n]{0,4}(?:content-[a-z-]{1,40}|mime-version)[ \t]{0,9}:", re.IGNORECASE)
"""How a MIME part begins: what is signed may as well be a file, such as an Italian invoice (`….xml.p7m`)."""
OPENPGP, SMIME = "openpgp", "smime"
SIGNED_TEXT = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "\n-----BEGIN PGP SIGNATURE-----"
SIGNATURE_END = "-----END PGP SIGNATURE-----"
ENCRYPTED_TEXT = "-----BEGIN PGP MESSAGE-----"
MOST = 100
"""Signed texts in one body."""


def of_multipart(part: Part) -> Protection | None:
    """What `multipart/signed` and `multipart/encrypted` declare (RFC 1847)."""
    kinds = {child.content_type for child in part.children} | {part.parameters.get("protocol", "").lower()}
    signed = part.content_type == "multipart/signed"
    scheme = SMIME if any("pkcs7" in kind for kind in kinds) else OPENPGP
    return Protection(scheme, signed=signed, encrypted=not signed)


def of_pkcs7(name: str, content: bytes, entity: bytes | None, *, is_root: bool) -> Protection | None:
    """What an S/MIME part is (RFC 8551 §3.2); None for a file that happens to be signed or encrypted."""
    if entity is not None:
        return Protection(SMIME, signed=True, encrypted=False)
    if not is_root and name.lower() != SMIME_NAME:
        return None
    encrypted, signed = is_encrypted(content), is_signed(content)
    return Protection(SMIME, signed=signed, encrypted=encrypted) if encrypted or signed else None


def is_entity(content: bytes) -> bool:
    """Whether what was signed is a MIME part and not some file."""
    return ENTITY.match(content) is not None


def together(one: Protection | None, other: Protection | None) -> Protection | None:
    """Signed inside of encrypted, or the reverse, is both; the outer scheme names it."""
    if one is None or other is None:
        return one or other
    return Protection(one.scheme, signed=one.signed or other.signed, encrypted=one.encrypted or other.encrypted)


def opened(text: str) -> tuple[str, Protection | None]:
    """The text without the armour of clear-signed stretches (RFC 9580 §7), and how it was protected.

    Lines end by LF. What is encrypted stays as it is.
    """
    protection = None
    if _at_line(text, ENCRYPTED_TEXT, 0) >= 0:
        protection = Protection(OPENPGP, signed=False, encrypted=True)
    begin = _at_line(text, SIGNED_TEXT, 0)
    if begin < 0:
        return text, protection
    kept: list[str] = []
    position = 0
    for _ in range(MOST):
        start = text.find("\n\n", begin)
        end = text.find(SIGNATURE, start + 1) if start >= 0 else -1
        if begin < 0 or end < 0:
            break
        kept += text[position:begin], _unescaped(text[start + 2 : end])
        protection = together(protection, Protection(OPENPGP, signed=True, encrypted=False))
        position = text.find(SIGNATURE_END, end)
        position = position + len(SIGNATURE_END) if position >= 0 else len(text)
        begin = _at_line(text, SIGNED_TEXT, position)
    return "".join(kept) + text[position:], protection


def _at_line(text: str, mark: str, position: int) -> int:
    """Where a line begins with `mark`: a quoted one belongs to somebody else's message."""
    if text.startswith(mark, position) and (position == 0 or text[position - 1] == "\n"):
        return position
    found = text.find("\n" + mark, position)
    return found + 1 if found >= 0 else -1


def _unescaped(text: str) -> str:
    return ("\n" + text).replace("\n- ", "\n")[1:]
