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
VIDEOS = frozenset({"video/mp4", "video/webm"})
"""What all browsers play. They decode and run nothing."""
MP4_BRANDS = frozenset({b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"})
"""Not `qt  ` (QuickTime), `M4A ` (sound), `heic` or `avif` (pictures), which have the same box."""
EBML_HEAD = 64
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


def video_type(data: bytes) -> str | None:
    """`video/mp4` or `video/webm` for what begins as such a video does; None for all else, whatever it is called."""
    if data[4:8] == b"ftyp" and (data[8:11] == b"iso" or data[8:12] in MP4_BRANDS):
        return "video/mp4"
    return "video/webm" if data.startswith(b"\x1aE\xdf\xa3") and b"\x42\x82\x84webm" in data[:EBML_HEAD] else None


def type_by_content(content_type: str, data: bytes) -> str:
    """What a file is kept as: a video by what it is, and nothing else as one."""
    video = video_type(data)
    if video is None and content_type.lower() in VIDEOS:
        return "application/octet-stream"
    return video or content_type


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


def plays_in_place(file: SomeFile) -> bool:
    """Whether a file is kept as a video that browsers play."""
    return file.content_type in VIDEOS and file.size <= LARGEST_SHOWN
