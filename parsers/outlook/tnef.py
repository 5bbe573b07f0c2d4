"""winmail.dat: Outlook's own envelope (MS-OXTNEF), opened for the files in it and, where a mail has no other, its text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from parsers.charsets.decoding import code_page, decode
from parsers.html.text import text_of_html
from parsers.mime.filenames import type_of
from parsers.outlook.mapi import Properties, number_of, read_properties, text_of
from parsers.outlook.rtf import read_rtf, unpacked

SIGNATURE = 0x223E9F78
IN_MESSAGE, IN_FILE = 1, 2
SUBJECT, BODY, MAPI_OF_MESSAGE, CODE_PAGE = 0x8004, 0x800C, 0x9003, 0x9007
REND_DATA, TITLE, DATA, MAPI_OF_FILE = 0x9002, 0x8010, 0x800F, 0x9005
MAPI_SUBJECT, MAPI_BODY, MAPI_RTF, MAPI_HTML = 0x0037, 0x1000, 0x1009, 0x1013
MAPI_CODE_PAGE = 0x3FDE
LONG_NAME, NAME, DISPLAY_NAME, MIME_TYPE, CONTENT_ID, CONTENT = 0x3707, 0x3704, 0x3001, 0x370E, 0x3712, 0x3701
ID_OF_CLASS = 16
"""Bytes before a message that lies in a message."""
MOST = 200
DEEPEST = 5
MOST_TEXT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file that lay inside."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(slots=True)
class Tnef:
    """What was inside. The text may be told as plain text, as HTML or both."""

    subject: str = ""
    plain: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """One file while its attributes come by."""

    title: str = ""
    content: bytes = b""
    properties: Properties = field(default_factory=dict)


def read_tnef(content: bytes, depth: int = 0) -> Tnef | None:
    """What lies in the envelope, that of messages inside it too; None for what is no TNEF."""
    if len(content) < 6 or unpack_from("<I", content)[0] != SIGNATURE:
        return None
    tnef, codec = Tnef(), "cp1252"
    files: list[_Found] = []
    for level, attribute, value in _attributes(content):
        if level == IN_FILE:
            _note(files, attribute, value, codec)
        elif attribute == CODE_PAGE and len(value) >= 4:
            codec = code_page(unpack_from("<I", value)[0])
        elif attribute == SUBJECT:
            tnef.subject = decode(value, codec).strip()
        elif attribute == BODY:
            tnef.plain = decode(value[:MOST_TEXT], codec)
        elif attribute == MAPI_OF_MESSAGE:
            _read_text(tnef, read_properties(value), codec)
    for found in files:
        tnef.files += _opened(found, codec, depth)
    return tnef


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 6
    while position + 9 <= len(content):
        level, attribute, _, size = unpack_from("<BHHI", content, position)
        yield level, attribute, content[position + 9 : position + 9 + size]
        position += 9 + size + 2


def _note(files: list[_Found], attribute: int, value: bytes, codec: str) -> None:
    if attribute == REND_DATA and len(files) < MOST:
        files.append(_Found())
    elif not files:
        return
    elif attribute == TITLE:
        files[-1].title = decode(value, codec).strip()
    elif attribute == DATA:
        files[-1].content = value
    elif attribute == MAPI_OF_FILE:
        files[-1].properties = read_properties(value)


def _read_text(tnef: Tnef, properties: Properties, codec: str) -> None:
    tnef.subject = text_of(properties, MAPI_SUBJECT, codec) or tnef.subject
    tnef.plain = text_of(properties, MAPI_BODY, codec) or tnef.plain
    page = number_of(properties, MAPI_CODE_PAGE)
    tnef.html = text_of(properties, MAPI_HTML, code_page(page) if page else codec)[:MOST_TEXT]
    packed = properties.get(MAPI_RTF, (0, b""))[1]
    if packed and not tnef.html:
        text, is_html = read_rtf(unpacked(packed, MOST_TEXT))
        if is_html:
            tnef.html = text
        else:
            tnef.plain = tnef.plain or text


def _opened(found: _Found, codec: str, depth: int) -> list[TnefFile]:
    names = (text_of(found.properties, number, codec) for number in (LONG_NAME, NAME, DISPLAY_NAME))
    name = next(filter(None, names), found.title)
    value = found.properties.get(CONTENT, (0, b""))[1]
    if depth < DEEPEST and (inner := read_tnef(value[ID_OF_CLASS:], depth + 1)) is not None:
        return [*_as_file(inner, name), *inner.files]
    content = found.content or value
    if not content:
        return []
    kind = text_of(found.properties, MIME_TYPE, codec).lower()
    content_type = kind if "/" in kind and kind.isascii() and kind.isprintable() else type_of(name)
    return [TnefFile(name, content_type, content, text_of(found.properties, CONTENT_ID, codec).strip("<>") or None)]


def _as_file(inner: Tnef, name: str) -> list[TnefFile]:
    """A message inside a message, as a text to read."""
    text = inner.plain or text_of_html(inner.html)
    title = f"{inner.subject or name or 'message'}.txt".replace("/", "-")
    return [TnefFile(title, "text/plain", text.encode())] if text.strip() else []
