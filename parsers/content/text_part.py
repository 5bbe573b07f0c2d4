"""One text part made readable: charset, lines, paragraphs, armour; and the files that stand in the midst of it."""

from html import escape

from parsers.charsets.decoding import codec_of, decode, is_unfit
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
PGP = "-----BEGIN PGP "
PAGES = (b"<!doctype html", b"<html")


class Block:
    """A stretch of the body: as text, as HTML, or the same in both."""

    __slots__ = ("html", "plain")

    def __init__(self, plain: str | None = None, html: str | None = None) -> None:
        self.plain = plain
        self.html = html

    def as_text(self) -> str:
        """The stretch as text, made of the HTML if need be."""
        if self.plain is not None and (self.plain.strip() or not self.html):
            return self.plain
        return text_of_html(self.html or "")

    def as_html(self) -> str:
        """The stretch as HTML."""
        return self.html if self.html is not None else f"<pre>{escape(self.plain or '')}</pre>"


def read_text(part: Part, content: bytes, bare: bytes) -> tuple[Block, list[TextFile], Protection | None]:
    """What the part says, the files in it, and how it is sealed; `content` is decoded, `bare` the same without any CR."""
    charset = part.parameters.get("charset", "")
    has_files = content.find(BEGIN) >= 0 or content.find(BINHEX) >= 0  # `in` first takes them for numbers, and fails.
    content, files = _without_files(content) if has_files else (content, [])
    if part.content_type == "text/html" or _is_unnamed_page(part, content):
        return Block(html=decode(content, charset or _declared(content))), files, None
    if has_files or not _ends_in_pairs(content, bare) or is_unfit(charset):
        text = decode(without_yenc(content), charset).replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = decode(bare, charset)
    if text.startswith("\ufeff"):
        text = text[1:]
    text, protection = opened(text) if PGP in text else (text, None)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return Block(plain=text), files, protection


def _ends_in_pairs(content: bytes, bare: bytes) -> bool:
    """Whether each CR stands before an LF, so that the lines of `bare` are those of `content`."""
    returns = len(content) - len(bare)
    # Single letters are found many times as fast as pairs, and mostly each line ends in one.
    return not returns or bare.replace(b"\n", b"\r\n") == content or content.count(b"\r\n") == returns


def _is_unnamed_page(part: Part, content: bytes) -> bool:
    """Programs that send a page with no header about it mean the page, not its source."""
    return "content-type" not in part.headers and content[:200].lstrip().lower().startswith(PAGES)


def _without_files(content: bytes) -> tuple[bytes, list[TextFile]]:
    files = sorted([*uu_blocks(content), *binhex_files(content)], key=lambda file: file.start)
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
