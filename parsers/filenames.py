"""File names that are safe to offer for saving: no path, no control character, never empty, never too long."""

import re

from parsers.headers import one_line

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]+')
LONGEST = 180
TELLING = {
    "message/rfc822": "message.eml", "text/calendar": "invite.ics", "text/vcard": "contact.vcf",
    "application/pgp-signature": "signature.asc", "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s", "message/delivery-status": "delivery-status.txt",
    "text/rfc822-headers": "headers.txt", "text/plain": "text.txt", "text/html": "page.html",
    "application/pkcs7-mime": "smime.p7m", "application/pgp-encrypted": "encrypted.pgp", "image/png": "image.png",
    "image/jpeg": "image.jpg", "image/gif": "image.gif", "image/svg+xml": "image.svg", "image/webp": "image.webp",
    "application/pdf": "document.pdf", "application/zip": "archive.zip", "application/ms-tnef": "winmail.dat",
}  # fmt: skip


def safe_filename(name: str, content_type: str) -> str:
    """`name` without folders and characters that file systems or eyes stumble over; a telling one when it is empty."""
    name = one_line(name).replace("\\", "/").rpartition("/")[2]
    name = UNSAFE.sub("_", name).strip(" .")
    if not name:
        return TELLING.get(content_type, "attachment")
    if len(name) <= LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    return stem[: LONGEST - 20] + dot + extension[:19] if dot and stem else name[:LONGEST]
