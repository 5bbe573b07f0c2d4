"""One attached file while its message is read, and how much of it is held in memory."""

from dataclasses import dataclass
from hashlib import sha256

from parsers.mime.filenames import UNKNOWN, safe_filename

LONGEST_TYPE = 127

HELD = 1024 * 1024
"""Bytes. A larger file is described and let go, so that a message costs the largest of its files and not their sum."""
READ_ON = ("text/", "message/", "application/pkcs7-mime", "application/x-pkcs7-mime")
READ_ON_BY_NAME = (".eml", ".ics", ".vcf")
"""Kinds and names of files that somebody looks into after decoding, at any size."""


@dataclass(frozen=True, slots=True)
class File:
    """An attached file."""

    filename: str
    content_type: str
    content: bytes
    """Empty for a large file that nobody reads."""
    content_id: str | None
    is_inline: bool
    digest: bytes
    """SHA-256 of the whole content: the dearest thing about a large file, so it is taken once."""
    size: int


def file_of(
    name: str,
    content_type: str,
    content: bytes,
    content_id: str | None = None,
    *,
    is_inline: bool = False,
    is_wanted: bool = False,
) -> File:
    """A file with a safe name and the hash of its content, which is held where it is small, read on or wanted."""
    if not (content_type.isascii() and content_type.isprintable() and len(content_type) <= LONGEST_TYPE):
        content_type = UNKNOWN
    name = safe_filename(name, content_type)
    is_read_on = content_type.startswith(READ_ON) or name.lower().endswith(READ_ON_BY_NAME)
    is_held = is_wanted or is_read_on or len(content) <= HELD
    digest = sha256(content).digest()
    return File(name, content_type, content if is_held else b"", content_id, is_inline, digest, len(content))
