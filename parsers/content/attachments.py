"""Attached files: described while a message is read, cut out of its raw bytes when somebody wants one."""

from collections.abc import Iterable

from core.errors import NotFound
from parsers.content.body import File, read_file
from parsers.limits import Limits
from parsers.mime.tree import read_tree
from parsers.model import Attachment

BEGINNING = 65_536
"""Bytes in which a line has ended, however a message ends its lines."""


def describe(files: Iterable[File]) -> tuple[Attachment, ...]:
    """What a message says about its files; the index is what `attachment_content` asks for."""
    return tuple(
        [
            Attachment(
                filename=file.filename,
                content_type=file.content_type,
                size=file.size,
                sha256=file.digest.hex(),
                content_id=file.content_id,
                inline=file.is_inline,
                index=index,
            )
            for index, file in enumerate(files)
        ]
    )


def attachment_content(raw: bytes, index: int, *, limits: Limits = Limits()) -> bytes:
    """The decoded bytes of attachment `index` of the message `raw`, counted as `parse_message` does by equal limits.

    Raises `NotFound` where the message has no such attachment.
    """
    tree, _ = read_tree(normal_line_ends(raw), limits)
    file = read_file(tree, index, limits)
    if file is None:
        raise NotFound("This message has no such attachment.")
    return file.content


def normal_line_ends(raw: bytes) -> bytes:
    """Old Macintosh mail ends its lines with a bare CR; the length stays the same, so that offsets hold."""
    if raw.find(b"\n", 0, BEGINNING) >= 0 or raw.find(b"\r", 0, BEGINNING) < 0:
        return raw
    return raw.replace(b"\r", b"\n")
