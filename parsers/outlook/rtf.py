"""Rich text as Outlook sends it in winmail.dat: unpacked (MS-OXRTFCP), and read as HTML or plain text (MS-OXRTFEX)."""

import re
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final

from parsers.charsets.decoding import code_page, storable

PACKED, STORED = 0x75465A4C, 0x414C454D
WINDOW: Final = 4096
FIRST_WINDOW = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbol"
    rb"ArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)")
DEEPEST = 200
SKIPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "listoverridetable", "themedata",
    "datastore", "latentstyles", "xmlnstbl", "header", "footer", "generator",
})  # fmt: skip
"""Groups that hold no text of the message."""
WRITTEN = {
    "par": "\n", "line": "\n", "row": "\n", "tab": "\t", "cell": "\t", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "endash": "–", "emdash": "—", "emspace": " ", "enspace": " ",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
CHARACTER_SETS = {
    0: 1252, 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256,
    186: 1257, 204: 1251, 222: 874, 238: 1250,
}  # fmt: skip
"""Windows' charset numbers of fonts, as code pages."""


def unpacked(data: bytes, most: int) -> bytes:
    """The rich text that was packed (LZFu) or only stored, up to `most` bytes; empty for what is neither."""
    if len(data) < 16:
        return b""
    _, size, kind, _ = unpack_from("<IIII", data)
    if kind == STORED:
        return data[16 : 16 + min(size, most)]
    return _unpack(data, min(size, most)) if kind == PACKED else b""


def _unpack(data: bytes, most: int) -> bytes:
    content = bytearray(FIRST_WINDOW)
    first, most = len(content), most + len(content)
    position, end = 16, len(data)
    while position < end and len(content) < most:
        flags = data[position]
        position += 1
        for _ in range(8):
            is_copy = flags & 1
            flags >>= 1
            if not is_copy:
                content += data[position : position + 1]
                position += 1
                continue
            if position + 2 > end:
                return bytes(content[first:most])
            back = (len(content) - (data[position] << 4 | data[position + 1] >> 4)) % WINDOW
            if not back or back > len(content):
                return bytes(content[first:most])
            length = (data[position + 1] & 15) + 2
            begin = len(content) - back
            # What is copied may reach into itself: then it repeats.
            content += content[begin : begin + length] if back >= length else (content[begin:] * length)[:length]
            position += 2
    return bytes(content[first:most])


@dataclass(slots=True)
class State:
    """What holds inside one group, from its brace or a word in it on."""

    is_skipped: bool = False
    is_htmlrtf: bool = False
    is_font_table: bool = False
    skip: int = 1
    """Characters behind each `\\u` that repeat it for old readers."""
    codec: str = "cp1252"

    def copy(self) -> "State":
        """What a group begins with, whatever it changes then."""
        return State(self.is_skipped, self.is_htmlrtf, self.is_font_table, self.skip, self.codec)


@dataclass(slots=True)
class Reading:
    """What has been read so far."""

    out: list[str] = field(default_factory=list)
    bytes: bytearray = field(default_factory=bytearray)
    """Of `\\'xx`, until it is known where the character ends."""
    stack: list[State] = field(default_factory=list)
    state: State = field(default_factory=State)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    codec: str = "cp1252"
    is_html: bool = False
    to_skip: int = 0


def read_rtf(data: bytes) -> tuple[str, bool]:
    """The text, and whether it is the HTML that Outlook wrapped (`\\fromhtml1`)."""
    reading = Reading()
    for match in TOKEN.finditer(data.decode("latin-1")):
        word, number, code, symbol, brace, text = match.groups()
        if code is not None:
            _byte(reading, int(code, 16))
            continue
        if reading.bytes:
            _flush(reading)
        if word is not None:
            _word(reading, word, int(number) if number else None)
        elif brace is not None:
            _group(reading, brace)
        elif symbol is not None:
            _symbol(reading, symbol)
        else:
            _text(reading, text)
    _flush(reading)
    return storable("".join(reading.out)), reading.is_html


def _group(reading: Reading, brace: str) -> None:
    reading.to_skip = 0
    if brace == "{":
        if len(reading.stack) < DEEPEST:
            reading.stack.append(reading.state.copy())
    elif reading.stack:
        reading.state = reading.stack.pop()


def _word(reading: Reading, word: str, number: int | None) -> None:
    state = reading.state
    if word == "u" and number is not None:
        _text(reading, chr(number % 65_536))
        reading.to_skip = state.skip
    elif word == "uc":
        state.skip = max(0, min(number or 0, 10))
    elif word == "htmlrtf":
        state.is_htmlrtf = number != 0
    elif word == "htmltag":
        state.is_skipped = False
    elif word == "fromhtml":
        reading.is_html = True
    elif word == "ansicpg":
        reading.codec = state.codec = code_page(number or 0)
    elif word == "f":
        reading.font = number or 0
        state.codec = reading.fonts.get(reading.font, reading.codec)
    elif word == "fcharset" and state.is_font_table:
        page = CHARACTER_SETS.get(number or 0)
        reading.fonts[reading.font] = code_page(page) if page and number else reading.codec
    elif word in SKIPPED:
        state.is_skipped = True
        state.is_font_table = state.is_font_table or word == "fonttbl"
    elif word in WRITTEN:
        _text(reading, WRITTEN[word])


def _symbol(reading: Reading, symbol: str) -> None:
    if symbol == "*":
        # A group that old readers skip; that of an HTML tag is taken in again by its own word.
        reading.state.is_skipped = True
    elif symbol in SYMBOLS:
        _text(reading, SYMBOLS[symbol])


def _byte(reading: Reading, value: int) -> None:
    if reading.to_skip:
        reading.to_skip -= 1
    elif not reading.state.is_skipped and not reading.state.is_htmlrtf:
        reading.bytes.append(value)


def _flush(reading: Reading) -> None:
    if reading.bytes:
        reading.out.append(bytes(reading.bytes).decode(reading.state.codec, "replace"))
        reading.bytes.clear()


def _text(reading: Reading, text: str) -> None:
    skipped = min(reading.to_skip, len(text))
    reading.to_skip -= skipped
    if not reading.state.is_skipped and not reading.state.is_htmlrtf:
        reading.out.append(text[skipped:])
