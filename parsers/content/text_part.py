"""One text part made readable: charset, lines, paragraphs, armour; and the files that stand in the midst of it."""

import re
from dataclasses import dataclass
from html import escape

from parsers.charsets.decoding import codec_of, decode
from parsers.content.binhex import MARK as BINHEX
from parsers.content.binhex import binhex_files
from parsers.content.flowed import unflow
from parsers.content.protection import opened
from parsers.content.yenc import without_yenc
from parsers.html.text import text_of_html
from parsers.mime.tree import Part
from parsers.mime.uuencode import TextFile, uu_blocks
from parsers.model import Protection

BEGIN = b"begin"
"""Of uuencode and yEnc alike."""
LONE_CR = re.compile(r"\r(?!\n)")
PGP = "-----BEGIN PGP "
PAGES = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the body: as text, as HTML, or the same in both."""

    plain: str | None = None
    html: str | None = None

    def as_text(self) -> str:
        """The stretch as text, made of the HTML if need be."""
        if self.plain is not None and (self.plain.strip() or not self.html):
            return self.plain
        return text_of_html(self.html or "")

    def as_html(self) -> str:
        """The stretch as HTML."""
        return self.html if self.html is not None else f"<pre>{escape(self.plain or '')}</pre>"


@dataclass(frozen=True, slots=True)
class TextPart:
    """What a text part came to."""

    block: Block
    files: list[TextFile]
    protection: Protection | None = None


def read_text(part: Part, content: bytes) -> TextPart:
    """The part, whose decoded bytes are `content`."""
    charset = part.parameters.get("charset", "")
    content, files = _without_files(content)
    if part.content_type == "text/html" or _is_unnamed_page(part, content):
        return TextPart(Block(html=decode(content, charset or _declared(content))), files)
    text = decode(without_yenc(content) if BEGIN in content else content, charset)
    if "\r" in text:
        text = _with_line_feeds(text)
    if text.startswith("\ufeff"):
        text = text[1:]
    text, protection = opened(text) if PGP in text else (text, None)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return TextPart(Block(plain=text), files, protection)


def _with_line_feeds(text: str) -> str:
    """The text with its lines ended by LF. Dropping every CR takes a third of the time of replacing pairs."""
    return text.replace("\r", "") if not LONE_CR.search(text) else text.replace("\r\n", "\n").replace("\r", "\n")


def _is_unnamed_page(part: Part, content: bytes) -> bool:
    """Programs that send a page with no header about it mean the page, not its source."""
    return "content-type" not in part.headers and content[:200].lstrip().lower().startswith(PAGES)


def _without_files(content: bytes) -> tuple[bytes, list[TextFile]]:
    files = uu_blocks(content) if BEGIN in content else []
    if BINHEX in content:
        files = sorted([*files, *binhex_files(content)], key=lambda file: file.start)
    if not files:
        return content, files
    kept: list[bytes] = []
    position = 0
    for file in files:
        if file.start >= position:
            kept.append(content[position : file.start])
        position = max(position, file.end)
    return b"".join([*kept, content[position:]]), files


def _declared(content: bytes) -> str:
    """The charset that an HTML page names itself, where the header names none."""
    head = content[:1024].lower()
    at = head.find(b"charset=")
    if at < 0:
        return ""
    label = head[at + 8 : at + 48].lstrip(b" \"'").replace(b'"', b" ").replace(b"'", b" ").replace(b">", b" ")
    words = label.replace(b"/", b" ").replace(b";", b" ").split()
    name = words[0].decode("ascii", "replace") if words else ""
    return name if codec_of(name) else ""
