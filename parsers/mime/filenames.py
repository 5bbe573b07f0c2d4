"""File names that are safe to offer for saving: no path, no control character, never empty, never too long."""

import re

from parsers.fields.headers import one_line

UNSAFE = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+')
"""What file systems refuse, and what eyes do not see: marks that turn a name around, or make two names look alike."""
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Windows opens a device under these names, whatever the extension."""
LONGEST = 180
"""Characters; and LONGEST_BYTES in UTF-8, because file systems count these."""
LONGEST_BYTES = 240
TELLING = {
    "message/partial": "part.eml",
    "message/rfc822": "message.eml", "message/global": "message.eml", "text/calendar": "invite.ics",
    "application/ics": "invite.ics", "text/vcard": "contact.vcf", "text/x-vcard": "contact.vcf",
    "text/directory": "contact.vcf", "application/pgp-signature": "signature.asc", "application/pgp-keys": "key.asc",
    "application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
    "application/pgp-encrypted": "encrypted.pgp", "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt", "message/feedback-report": "feedback-report.txt",
    "text/rfc822-headers": "headers.txt", "text/plain": "text.txt", "text/html": "page.html", "text/csv": "table.csv",
    "text/rtf": "text.rtf", "application/rtf": "text.rtf", "application/json": "data.json", "text/xml": "data.xml",
    "application/xml": "data.xml", "image/png": "image.png", "image/jpeg": "image.jpg", "image/gif": "image.gif",
    "image/svg+xml": "image.svg", "image/webp": "image.webp", "image/heic": "image.heic", "image/tiff": "image.tiff",
    "image/bmp": "image.bmp", "audio/mpeg": "audio.mp3", "audio/wav": "audio.wav", "audio/ogg": "audio.ogg",
    "audio/mp4": "audio.m4a", "video/mp4": "video.mp4", "video/quicktime": "video.mov",
    "application/pdf": "document.pdf", "application/zip": "archive.zip", "application/gzip": "archive.gz",
    "application/msword": "document.doc", "application/vnd.ms-excel": "table.xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document.docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "table.xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "slides.pptx",
    "application/ms-tnef": "winmail.dat", "application/vnd.ms-tnef": "winmail.dat",
    "application/mac-binhex40": "file.hqx",
}  # fmt: skip
UNKNOWN = "application/octet-stream"
BY_EXTENSION = {
    name.rpartition(".")[2]: kind
    for kind, name in reversed(TELLING.items())
    if name.partition(".")[0] in ("image", "audio", "video", "document", "table", "slides", "archive", "text", "page")
}
"""The type that a name promises, for files that come without one."""


def type_of(name: str) -> str:
    """The content type of a file that has only a name."""
    return BY_EXTENSION.get(name.rpartition(".")[2].lower(), UNKNOWN)


def safe_filename(name: str, content_type: str) -> str:
    """`name` without folders and characters that file systems or eyes stumble over; a telling one when it is empty."""
    name = one_line(name).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = UNSAFE.sub("_", name).strip(" .")
    if not name.strip("_"):
        return TELLING.get(content_type, "attachment")
    if RESERVED.match(name):
        name = f"_{name}"
    return name if len(name) <= LONGEST // 3 else _shortened(name)


def _shortened(name: str) -> str:
    """A long name cut in its stem, so that the extension stays."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > LONGEST // 9:
        stem, dot, extension = name, "", ""
    stem = stem[: LONGEST - len(dot + extension)] if len(name) > LONGEST else stem
    room = LONGEST_BYTES - len((dot + extension).encode())
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode("utf-8", "ignore")
    return stem + dot + extension
