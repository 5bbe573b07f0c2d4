"""winmail.dat: Outlook's own envelope (MS-OXTNEF), opened for the files that lie in it.

Only the level-2 attributes that name and carry attachments are read; formatting is left.
"""

from struct import error as StructError
from struct import unpack_from

from parsers.charsets import decode

SIGNATURE = 0x223E9F78
ATTACHMENT_LEVEL = 2
REND_DATA, TITLE, DATA, MAPI = 0x9002, 0x8010, 0x800F, 0x9005
MOST = 200
LONG_FILENAME = 0x3707
UNICODE, STRING8 = 0x1F, 0x1E


def tnef_files(content: bytes) -> list[tuple[str, str, bytes]]:
    """Name, content type and bytes of each file inside; empty for what is no TNEF or holds none."""
    if len(content) < 6 or unpack_from("<I", content)[0] != SIGNATURE:
        return []
    titles: list[str] = []
    bodies: list[bytes] = []
    position = 6
    while position + 9 <= len(content) and len(titles) <= MOST:
        level, attribute, _, size = unpack_from("<BHHI", content, position)
        value = content[position + 9 : position + 9 + size]
        position += 9 + size + 2
        if level != ATTACHMENT_LEVEL:
            continue
        if attribute == REND_DATA:
            titles.append("")
            bodies.append(b"")
        elif attribute == TITLE and titles:
            titles[-1] = titles[-1] or decode(value.rstrip(b"\x00"))
        elif attribute == DATA and bodies:
            bodies[-1] = value
        elif attribute == MAPI and titles:
            titles[-1] = _long_name(value) or titles[-1]
    return [(title, "application/octet-stream", body) for title, body in zip(titles, bodies, strict=True) if body]


def _long_name(properties: bytes) -> str:
    """The long file name among MAPI properties: found by its tag, because skipping all others needs all their types."""
    for kind, codec in ((UNICODE, "utf-16-le"), (STRING8, "")):
        tag = kind.to_bytes(2, "little") + LONG_FILENAME.to_bytes(2, "little")
        at = properties.find(tag)
        if at >= 0:
            try:
                _, size = unpack_from("<II", properties, at + 4)
            except StructError:
                return ""
            value = properties[at + 12 : at + 12 + min(size, 1024)]
            return decode(value, codec).rstrip("\x00")
    return ""
