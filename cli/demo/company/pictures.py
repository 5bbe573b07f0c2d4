"""Small PNG pictures drawn by code, so that the sample mail carries real images and the repository no binaries.

A picture is a size, a background and shapes laid over one another; `noise` fills a picture that has to be large.
"""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUE_COLOUR = 2


@dataclass(frozen=True)
class Shape:
    """A filled `box` (left, top, right, bottom), or the ellipse that touches its sides."""

    kind: Literal["box", "ellipse"]
    box: tuple[int, int, int, int]
    colour: str


def draw(width: int, height: int, background: str, shapes: Sequence[Shape]) -> bytes:
    """A PNG of the shapes in their order. Shapes are cut at the edges."""
    rows = [bytearray(bytes.fromhex(background) * width) for _ in range(height)]
    for shape in shapes:
        colour = bytes.fromhex(shape.colour)
        for y in range(max(0, shape.box[1]), min(height, shape.box[3])):
            left, right = _span(shape, y)
            left, right = max(0, left), min(width, right)
            if left < right:
                rows[y][left * 3 : right * 3] = colour * (right - left)
    return _png(width, height, rows)


def noise(width: int, height: int) -> bytes:
    """A PNG that does not compress: about `width * height * 3` bytes, always the same ones."""
    pixels = hashlib.shake_256(b"film grain").digest(width * height * 3)
    return _png(width, height, [pixels[y * width * 3 : (y + 1) * width * 3] for y in range(height)])


def _span(shape: Shape, y: int) -> tuple[int, int]:
    left, top, right, bottom = shape.box
    if shape.kind == "box":
        return left, right
    vertical = (2 * y + 1 - top - bottom) / (bottom - top)
    half = (right - left) / 2 * max(0.0, 1 - vertical * vertical) ** 0.5
    middle = (left + right) / 2
    return round(middle - half), round(middle + half)


def _png(width: int, height: int, rows: Sequence[bytes | bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, _TRUE_COLOUR, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
