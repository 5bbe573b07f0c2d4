"""Which files a browser may show in place, by our own word for what they are; the sender's is only believed of these."""

from typing import Protocol

DOCUMENT = "application/pdf"
PICTURES = {
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
"""Kinds that a browser can not be tricked into running, and how their files begin. SVG is a program."""
BY_NAME = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
UNSAID = frozenset({"application/octet-stream", "application/x-pdf", "application/binary", "image/jpg", "image/pjpeg"})
PDF_MARK_WITHIN = 1024
LARGEST_SHOWN = 50 * 1024 * 1024


def media_type_of(content_type: str, filename: str) -> str | None:
    """What a file that can be shown seems to be; None for all others."""
    said = content_type.lower()
    if said in UNSAID:
        ending = "." + filename.lower().rpartition(".")[2]
        said = DOCUMENT if ending == ".pdf" else BY_NAME.get(ending, said)
    return said if said in PICTURES or said == DOCUMENT else None


def media_type_shown(content_type: str, filename: str, data: bytes) -> str | None:
    """As what a file may be shown: what it seems to be, where it begins like that."""
    kind = media_type_of(content_type, filename)
    if kind is None or len(data) > LARGEST_SHOWN:
        return None
    if kind == DOCUMENT:
        return kind if b"%PDF-" in data[:PDF_MARK_WITHIN] else None
    return next((named for named, marks in PICTURES.items() if data.startswith(marks)), None)


class SomeFile(Protocol):
    """A file of a mail or a post."""

    @property
    def content_type(self) -> str:
        """What its sender says it is."""

    @property
    def filename(self) -> str:
        """What it is called."""

    @property
    def size(self) -> int:
        """Bytes."""


def shown_in_place(part: SomeFile) -> str | None:
    """`picture`, `document`, or None where a file can only be kept."""
    kind = media_type_of(part.content_type, part.filename)
    if kind is None or part.size > LARGEST_SHOWN:
        return None
    return "document" if kind == DOCUMENT else "picture"
