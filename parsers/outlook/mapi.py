"""MAPI properties as they lie in winmail.dat (MS-OXTNEF §2.1.3.4): Outlook's own fields of a message or a file."""

from collections.abc import Mapping
from struct import error as StructError
from struct import unpack_from

from parsers.charsets.decoding import clean, decode

MOST = 2_000
"""Properties of one object, and values of one property."""
MANY = 0x1000
NAMED = 0x8000
LONG, UNICODE, STRING8, OBJECT, BINARY = 0x03, 0x1F, 0x1E, 0x0D, 0x102
SIZED = (UNICODE, STRING8, OBJECT, BINARY)
WIDTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of the types that have always the same, filled up to four."""
GUID = 16

Properties = Mapping[int, tuple[int, bytes]]
"""Type and value by property number; of several values the first."""


def read_properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """The properties up to where they are cut or of a type that nobody knows."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        (count,) = unpack_from("<I", data)
        position = 4
        for _ in range(min(count, MOST)):
            kind, number = unpack_from("<HH", data, position)
            position = _behind_name(data, position + 4) if number >= NAMED else position + 4
            values, position = _values(data, kind, position)
            if values:
                found.setdefault(number, (kind & ~MANY, values[0]))
    except (StructError, KeyError):
        pass
    return found


def text_of(properties: Properties, number: int, codec: str) -> str:
    """A property that is text, without the zero that ends it; empty where there is none."""
    kind, value = properties.get(number, (0, b""))
    if kind == UNICODE:
        return clean(value.decode("utf-16-le", "replace")).strip()
    return decode(value, codec).strip() if kind in (STRING8, BINARY) else ""


def number_of(properties: Properties, number: int) -> int:
    """A property that is a whole number of four bytes; zero where there is none."""
    kind, value = properties.get(number, (0, b""))
    return int.from_bytes(value[:4], "little") if kind == LONG else 0


def _behind_name(data: bytes, position: int) -> int:
    (is_word,) = unpack_from("<I", data, position + GUID)
    position += GUID + 4
    if not is_word:
        return position + 4
    (size,) = unpack_from("<I", data, position)
    return position + 4 + _filled(size)


def _values(data: bytes, kind: int, position: int) -> tuple[list[bytes], int]:
    count = 1
    if kind & MANY or kind in SIZED:
        (count,) = unpack_from("<I", data, position)
        position += 4
    kind &= ~MANY
    values: list[bytes] = []
    for _ in range(min(count, MOST)):
        if kind in SIZED:
            (size,) = unpack_from("<I", data, position)
            position += 4
        else:
            size = WIDTHS[kind]
        if not values:
            values.append(data[position : position + size])
        position += _filled(size)
    return values, position


def _filled(size: int) -> int:
    return size + -size % 4
