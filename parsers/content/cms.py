"""What lies inside a CMS message (RFC 5652), the envelope of S/MIME: its kind, and what is signed.

A bounded walk over BER and DER, definite and indefinite lengths alike. Nothing is verified and nothing decrypted.
"""

from dataclasses import dataclass

SIGNED = bytes.fromhex("2a864886f70d010702")
ENCRYPTED = (
    bytes.fromhex("2a864886f70d010703"),
    bytes.fromhex("2a864886f70d010910010117"),
    bytes.fromhex("2a864886f70d010706"),
)
"""Enveloped, authenticated-enveloped (RFC 5083) and encrypted data."""
OBJECT_ID, OCTETS, SEQUENCE, EXPLICIT = 0x06, 0x04, 0x30, 0xA0
CONSTRUCTED = 0x20


@dataclass(frozen=True, slots=True)
class Element:
    """One tag with its value at `data[start:end]`; of indefinite length it reaches to the end of what holds it."""

    tag: int
    start: int
    end: int
    is_open: bool


class NotCms(Exception):
    """The bytes are cut or are something else."""


def is_encrypted(data: bytes) -> bool:
    """Whether only the receiver's key can read it."""
    try:
        return _content_type(data)[0] in ENCRYPTED
    except NotCms:
        return False


def is_signed(data: bytes) -> bool:
    """Whether it is SignedData, with its content or without."""
    try:
        return _content_type(data)[0] == SIGNED
    except NotCms:
        return False


def signed_content(data: bytes) -> bytes | None:
    """What is signed inside SignedData (RFC 5652 §5.1); None where there is none, or it is no SignedData."""
    try:
        kind, position = _content_type(data)
        if kind != SIGNED:
            return None
        signed = _inside(data, _inside(data, position, EXPLICIT).start, SEQUENCE)
        position = _behind(data, _element(data, signed.start))  # version
        position = _behind(data, _element(data, position))  # digest algorithms
        encapsulated = _inside(data, position, SEQUENCE)
        content = _inside(data, _behind(data, _inside(data, encapsulated.start, OBJECT_ID)), EXPLICIT)
        return _octets(data, _element(data, content.start))
    except NotCms:
        return None


def _content_type(data: bytes) -> tuple[bytes, int]:
    """The object identifier of the outermost content, and where that content begins."""
    kind = _inside(data, _inside(data, 0, SEQUENCE).start, OBJECT_ID)
    return data[kind.start : kind.end], kind.end


def _inside(data: bytes, position: int, tag: int) -> Element:
    element = _element(data, position)
    if element.tag != tag:
        raise NotCms
    return element


def _element(data: bytes, position: int) -> Element:
    if position + 2 > len(data):
        raise NotCms
    tag, length, start = data[position], data[position + 1], position + 2
    if length == 0x80:
        return Element(tag, start, len(data), is_open=True)
    if length > 0x80:
        width = length - 0x80
        if width > 8 or start + width > len(data):
            raise NotCms
        length = int.from_bytes(data[start : start + width], "big")
        start += width
    if start + length > len(data):
        raise NotCms
    return Element(tag, start, start + length, is_open=False)


def _behind(data: bytes, element: Element) -> int:
    """Where the next element begins; that of an indefinite one is found by walking over all that it holds."""
    if not element.is_open:
        return element.end
    position, depth = element.start, 1
    while depth:
        if data[position : position + 2] == b"\x00\x00":
            position, depth = position + 2, depth - 1
            continue
        inner = _element(data, position)
        position, depth = (inner.start, depth + 1) if inner.is_open else (inner.end, depth)
    return position


def _octets(data: bytes, element: Element) -> bytes:
    """An octet string: whole, or in pieces that may again be in pieces."""
    if element.tag == OCTETS:
        return data[element.start : element.end]
    if element.tag != OCTETS | CONSTRUCTED:
        raise NotCms
    pieces: list[bytes] = []
    position, end, open_pieces = element.start, element.end, int(element.is_open)
    while position < end:
        if open_pieces and data[position : position + 2] == b"\x00\x00":
            position, open_pieces = position + 2, open_pieces - 1
            if not open_pieces and element.is_open:
                break
            continue
        inner = _element(data, position)
        if inner.tag == OCTETS:
            pieces.append(data[inner.start : inner.end])
            position = inner.end
        elif inner.tag == OCTETS | CONSTRUCTED:
            position, open_pieces = inner.start, open_pieces + inner.is_open
        else:
            raise NotCms
    return b"".join(pieces)
