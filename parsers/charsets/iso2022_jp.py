"""ISO-2022-JP (RFC 1468) as mail programs write it: with Windows' own signs, such as ①, and half-width katakana.

Python reads neither, and gives up for the rest of the text; Windows' other Japanese charset has them all.
"""

import re

ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([@BDO-Q]|\([BJIH])")
TWO_BYTES = (b"$@", b"$B", b"$(@", b"$(B", b"$(O", b"$(P", b"$(Q")
KATAKANA = b"(I"
SUPPLEMENT = b"$(D"


def read_iso2022_jp(data: bytes) -> str:
    """The text; what cannot be read becomes U+FFFD."""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pass
    pieces = ESCAPE.split(data)
    out = [_plain(pieces[0])]
    for escape, stretch in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in TWO_BYTES:
            out.append(_shifted(stretch).decode("cp932", "replace"))
        elif escape == KATAKANA:
            out.append(
                bytes(byte | 0x80 if 0x21 <= byte < 0x60 else byte for byte in stretch).decode("cp932", "replace")
            )
        elif escape == SUPPLEMENT:
            out.append((b"\x1b$(D" + stretch).decode("iso2022_jp_ext", "replace"))
        else:
            out.append(_plain(stretch))
    return "".join(out)


def _plain(stretch: bytes) -> str:
    return stretch.decode("cp932", "replace")


def _shifted(stretch: bytes) -> bytes:
    """Rows and cells of JIS X 0208 as Shift JIS has them; line ends between them stay."""
    out = bytearray()
    position = 0
    while position < len(stretch):
        row, cell = stretch[position], stretch[position + 1] if position + 1 < len(stretch) else 0
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out.append(row)
            position += 1
            continue
        out.append(((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1))
        out.append(cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20))
        position += 2
    return bytes(out)
