"""From a tree of parts to what a person sees: one text, one HTML, and the attached files, in the message's order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html import escape

from parsers.charsets import codec_of, decode
from parsers.filenames import safe_filename
from parsers.flowed import unflow
from parsers.html import text_of_html
from parsers.limits import Limits
from parsers.mime import Part
from parsers.parameters import parse_parameters
from parsers.tnef import tnef_files
from parsers.transfer import content_of, uu_blocks

LONE_CR = re.compile(r"\r(?!\n)")
TEXTS = ("text/plain", "text/html")
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


@dataclass(frozen=True, slots=True)
class File:
    """An attached file with its bytes."""

    filename: str
    content_type: str
    content: bytes
    content_id: str | None
    is_inline: bool
    digest: bytes
    """SHA-256 of the content: the dearest thing about a large file, so it is taken once."""


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


@dataclass(slots=True)
class Body:
    """What the parts came to. `contents` holds the decoded bytes of each leaf, for the fingerprint."""

    text: str = ""
    html: str | None = None
    files: list[File] = field(default_factory=list)
    leaves: list[tuple[Part, bytes]] = field(default_factory=list)
    digests: dict[int, bytes] = field(default_factory=dict)
    """By position in `leaves`, for leaves that are files."""
    damaged: int = 0
    truncated: bool = False
    charset: str = ""


def read_body(root: Part, limits: Limits) -> Body:
    """Decode every leaf once and give it its place."""
    body = Body()
    blocks = _blocks(root, body, limits)
    body.text = "\n".join(text for block in blocks if (text := block.as_text()))
    if any(block.html for block in blocks):
        body.html = "\n".join(block.as_html() for block in blocks)
        body.files = [_seen_inline(file, body.html) for file in body.files]
    return body


def _seen_inline(file: File, html: str) -> File:
    if file.is_inline or not file.content_id or f"cid:{file.content_id}" not in html:
        return file
    return replace(file, is_inline=True)


def _blocks(part: Part, body: Body, limits: Limits) -> list[Block]:
    if not part.is_multipart:
        return _leaf(part, body, limits)
    children = [_blocks(child, body, limits) for child in part.children]
    if part.content_type == "multipart/alternative":
        return _alternative(children)
    return [block for blocks in children for block in blocks]


def _alternative(children: Iterable[list[Block]]) -> list[Block]:
    """One stretch out of its versions: the first text, the last HTML."""
    plain: str | None = None
    html: str | None = None
    for blocks in children:
        if any(block.html is not None for block in blocks):
            html = "\n".join(block.as_html() for block in blocks)
        elif blocks and (plain is None or not plain.strip()):
            plain = "\n".join(block.as_text() for block in blocks)
    return [Block(plain, html)] if plain is not None or html is not None else []


def _leaf(part: Part, body: Body, limits: Limits) -> list[Block]:
    content, intact = content_of(part)
    body.leaves.append((part, content))
    body.damaged += not intact
    value = part.headers.raw("content-disposition")
    disposition, parameters = parse_parameters(value) if value else ("", {})
    name = parameters.get("filename") or part.parameters.get("name") or ""
    is_text = part.content_type in TEXTS or part.content_type.startswith("multipart/")
    if is_text and disposition != "attachment" and not (name and disposition == "inline") and not _named(part, name):
        return [_text_block(part, content, body, limits)]
    _attach(part, content, name, disposition, body)
    return []


def _named(part: Part, name: str) -> bool:
    """Whether a text part without disposition is a file: it has a name with an extension."""
    return "." in name and part.head > 0


def _text_block(part: Part, content: bytes, body: Body, limits: Limits) -> Block:
    if len(content) > limits.text_bytes:
        content, body.truncated = content[: limits.text_bytes], True
    charset = part.parameters.get("charset", "")
    body.charset = body.charset or charset
    if part.content_type == "text/html":
        return Block(html=decode(content, charset or _declared(content)))
    for start, end, inner, name in reversed(uu_blocks(content)):
        content = content[:start] + content[end:]
        body.files.append(file_of(name, "application/octet-stream", inner))
    text = _with_line_feeds(decode(content, charset))
    if part.parameters.get("format", "").lower() == "flowed":
        return Block(plain=unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes"))
    return Block(plain=text)


def _with_line_feeds(text: str) -> str:
    """The text with its lines ended by LF. Dropping every CR is many times cheaper than replacing pairs."""
    if "\r" not in text:
        return text
    return text.replace("\r", "") if not LONE_CR.search(text) else text.replace("\r\n", "\n").replace("\r", "\n")


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


def _attach(part: Part, content: bytes, name: str, disposition: str, body: Body) -> None:
    if part.content_type in TNEF and (inner := tnef_files(content)):
        body.files.extend(file_of(title, kind, data) for title, kind, data in inner)
        return
    content_id = (part.headers.first("content-id") or "").strip(" <>") or None
    is_inline = disposition == "inline" and part.content_type.startswith("image/")
    file = file_of(name, part.content_type, content, content_id, is_inline=is_inline)
    body.files.append(file)
    body.digests[len(body.leaves) - 1] = file.digest


def file_of(
    name: str, content_type: str, content: bytes, content_id: str | None = None, *, is_inline: bool = False
) -> File:
    """A file with a safe name and the hash of its content."""
    name = safe_filename(name, content_type)
    return File(name, content_type, content, content_id, is_inline, sha256(content).digest())
