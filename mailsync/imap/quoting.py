"""Strings as IMAP commands carry them: quoted, folder names in modified UTF-7 (RFC 3501 §5.1.3)."""

import re

from imapclient import imap_utf7

from mailsync.imap.errors import Unsendable

_CONTROL = re.compile(r"[\x00\r\n]")


def quote(text: str) -> str:
    """`text` as a quoted string. Raises `Unsendable` for CR, LF or NUL: they would start another command."""
    if _CONTROL.search(text):
        raise Unsendable
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def quote_folder(name: str) -> str:
    """A folder's name, as people read it, ready for the wire."""
    try:
        return quote(imap_utf7.encode(name).decode("ascii"))
    except UnicodeEncodeError:  # A lone surrogate: no server has such a folder.
        raise Unsendable from None


def read_folder(wire: bytes) -> str:
    """The name that people read. Servers that break the rules send UTF-8, or `&` unescaped: taken as it stands."""
    if not wire.isascii():
        return wire.decode("utf-8", "replace")
    try:
        name: str = imap_utf7.decode(wire)
        name.encode()
    except UnicodeError:
        return wire.decode("ascii")
    return name
