"""From a tree of parts to what a person sees: one text, one HTML, and the attached files, in the message's order."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import unquote

from parsers.calendar.lines import read_components
from parsers.charsets.decoding import decode
from parsers.content.cms import signed_content
from parsers.content.files import File, file_of
from parsers.content.protection import PKCS7, SEALED, SMIME_NAME, is_entity, of_multipart, of_pkcs7, together
from parsers.content.text_part import Block, read_text
from parsers.fields.headers import Headers, read_head
from parsers.fields.parameters import parse_parameters
from parsers.fingerprint import text_digest
from parsers.limits import Limits
from parsers.mime.filenames import type_of
from parsers.mime.transfer import decoded
from parsers.mime.tree import Budget, Part, read_part
from parsers.model import Protection
from parsers.outlook.tnef import read_tnef

__all__ = ["Block", "Body", "File", "read_body"]

TEXTS = ("text/plain", "text/html")
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
TNEF_NAME = "winmail.dat"
CALENDAR = "text/calendar"
BINHEX = "application/mac-binhex40"
FOR_MACHINES = ("text/x-amp-html", "text/x-watch-html")
"""Versions of the text that only some programs show, and nobody as a file."""
MESSAGES = ("message/rfc822", "message/global")
PGP_VERSION = "application/pgp-encrypted"
DEEPEST = 3
"""Signed messages within signed ones."""
CID = re.compile(r"cid:([^\"'\s<>)]{1,250})", re.IGNORECASE)


class Body:
    """What the parts came to."""

    def __init__(self) -> None:
        self.text = ""
        self.html: str | None = None
        self.files: list[File] = []
        self.leaves: list[tuple[Part, bytes]] = []
        """Each part that carries bytes, decoded; without them for a large file that nobody reads."""
        self.digests: list[bytes] = []
        """What each of `leaves` counts for in the fingerprint."""
        self.protection: Protection | None = None
        self.damaged = 0
        self.truncated = False
        self.charset = ""
        self.is_exceeded = False
        """Whether parts were left out that lie in an opened envelope."""


class _Reading:
    """The message while it is read. `spare` is text that only counts where there is no other."""

    def __init__(self, limits: Limits, wanted: int | None, root: Part) -> None:
        self.body = Body()
        self.limits = limits
        self.wanted = wanted
        self.root = root
        self.spare: list[Block] = []
        self.depth = 0


def read_body(root: Part, limits: Limits) -> Body:
    """Decode every leaf once and give it its place."""
    body, blocks = _read(root, limits, None)
    body.text = "\n".join(text for block in blocks if (text := block.as_text()))
    if any(block.html for block in blocks):
        body.html = "\n".join(block.as_html() for block in blocks)
        body.files = _seen_inline(body.files, body.html)
    return body


def read_file(root: Part, index: int, limits: Limits) -> File | None:
    """The file of this index with its content, whatever its size; None where there are fewer."""
    body, _ = _read(root, limits, index)
    return body.files[index] if 0 <= index < len(body.files) else None


def _read(root: Part, limits: Limits, wanted: int | None) -> tuple[Body, list[Block]]:
    reading = _Reading(limits, wanted, root)
    blocks = _blocks(root, reading)
    if not any((block.plain or "").strip() or block.html for block in blocks):
        blocks = reading.spare or _told_by_calendar(reading) or blocks
    return reading.body, blocks


def _told_by_calendar(reading: _Reading) -> list[Block]:
    """What the organizer wrote into an event: some programs mail the calendar alone."""
    for part, content in reading.body.leaves:
        if part.content_type == CALENDAR:
            text = decode(content[: reading.limits.text_bytes], part.parameters.get("charset", ""))
            root = read_components(text)
            event = next(next(root.inside("VCALENDAR"), root).inside("VEVENT"), None)
            return [Block(plain=event.text("DESCRIPTION"))] if event else []
    return []


def _seen_inline(files: list[File], html: str) -> list[File]:
    """Files that the page shows are inline, whatever their headers say."""
    if not any(file.content_id and not file.is_inline for file in files):
        return files
    shown = {unquote(name) for name in CID.findall(html)}
    return [replace(file, is_inline=True) if file.content_id in shown else file for file in files]


def _blocks(part: Part, reading: _Reading) -> list[Block]:
    if not part.is_multipart:
        return _leaf(part, reading)
    if part.content_type in SEALED:
        reading.body.protection = together(reading.body.protection, of_multipart(part))
    children = [_blocks(child, reading) for child in part.children]
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


def _leaf(part: Part, reading: _Reading) -> list[Block]:
    if reading.wanted is not None and len(reading.body.files) > reading.wanted:
        return []
    content, intact = decoded(part.data, part.start, part.end, part.encoding)
    reading.body.damaged += not intact
    value = part.headers.raw("content-disposition")
    disposition, parameters = parse_parameters(value) if value else ("", {})
    name = parameters.get("filename") or part.parameters.get("name") or ""
    is_text = part.content_type in TEXTS or part.content_type.startswith("multipart/")
    if is_text and disposition != "attachment" and not (name and disposition == "inline") and not _named(part, name):
        return [_text_block(part, content, reading)]
    return _file(part, content, name, disposition, reading)


def _named(part: Part, name: str) -> bool:
    """Whether a text part without disposition is a file: it has a name with an extension."""
    return "." in name and part.head > 0


def _text_block(part: Part, content: bytes, reading: _Reading) -> Block:
    body = reading.body
    bare = content.replace(b"\r", b"")
    body.leaves.append((part, content))
    body.digests.append(text_digest(bare))
    if len(content) > reading.limits.text_bytes:
        content, body.truncated = content[: reading.limits.text_bytes], True
        bare = content.replace(b"\r", b"")
    body.charset = body.charset or part.parameters.get("charset", "")
    block, files, protection = read_text(part, content, bare)
    for file in files:
        _add(file_of(file.name, type_of(file.name), file.content, is_wanted=_is_wanted(reading)), reading)
    if protection is not None:
        body.protection = together(body.protection, protection)
    return block


def _file(part: Part, content: bytes, name: str, disposition: str, reading: _Reading) -> list[Block]:
    kind, body = part.content_type, reading.body
    if kind in FOR_MACHINES and disposition != "attachment":
        body.leaves.append((part, content))
        body.digests.append(text_digest(content.replace(b"\r", b"")))
        return []
    if kind == BINHEX:
        # Letters in lines, whose ends mean nothing: one file, however it travelled, has one hash.
        content = content.replace(b"\r\n", b"\n")
    content_id = (part.headers.first("content-id") or "").strip(" <>") or None
    is_inline = disposition == "inline" and kind.startswith("image/")
    if kind in MESSAGES and not name:
        name = _name_of_message(content, reading.limits)
    file = file_of(name, kind, content, content_id, is_inline=is_inline, is_wanted=_is_wanted(reading))
    body.leaves.append((part, file.content))
    is_text = kind.startswith(("text/", "multipart/"))
    body.digests.append(text_digest(content.replace(b"\r", b"")) if is_text else file.digest)
    if (kind in TNEF or name.lower() == TNEF_NAME) and _open_tnef(content, reading):
        return []
    _add(file, reading)
    if kind in PKCS7 or name.lower() == SMIME_NAME:
        return _open_pkcs7(part, name, content, reading)
    if kind == PGP_VERSION:
        encrypted = Protection("openpgp", signed=False, encrypted=True)
        body.protection = together(body.protection, encrypted)
    return []


def _name_of_message(content: bytes, limits: Limits) -> str:
    """An attached message is called by its subject: several of them lie beside each other in one mail."""
    fields, _ = read_head(content, 0, min(len(content), limits.header_bytes), limits, root=True)
    subject = (Headers(fields).first("subject") or "").replace("/", "-").replace("\\", "-")
    return f"{subject}.eml" if subject else ""


def _is_wanted(reading: _Reading) -> bool:
    return reading.wanted == len(reading.body.files)


def _add(file: File, reading: _Reading) -> None:
    reading.body.files.append(file)


def _open_tnef(content: bytes, reading: _Reading) -> bool:
    """Whether it was Outlook's envelope; what lay in it then stands in its place."""
    tnef = read_tnef(content)
    if tnef is None:
        return False
    for file in tnef.files:
        wanted = _is_wanted(reading)
        _add(file_of(file.name, file.content_type, file.content, file.content_id, is_wanted=wanted), reading)
    if tnef.plain or tnef.html:
        reading.spare.append(Block(tnef.plain.replace("\r\n", "\n") or None, tnef.html or None))
    return True


def _open_pkcs7(part: Part, name: str, content: bytes, reading: _Reading) -> list[Block]:
    """What a signed message says, read without asking whether the signature holds."""
    body = reading.body
    entity = signed_content(content)
    entity = entity if entity is not None and is_entity(entity) else None
    protection = of_pkcs7(name, content, entity, is_root=part is reading.root)
    body.protection = together(body.protection, protection)
    left = reading.limits.parts - len(body.leaves)
    if entity is None or reading.depth >= DEEPEST or left <= 0:
        return []
    budget = Budget(reading.limits, left)
    reading.depth += 1
    blocks = _blocks(read_part(entity, 0, len(entity), budget, depth=1, default="text/plain"), reading)
    reading.depth -= 1
    body.is_exceeded |= budget.is_exceeded
    return blocks
