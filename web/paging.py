"""Cursors in addresses: opaque to whoever carries them, a moment and an id to us."""

import base64
import binascii
from datetime import UTC, datetime

from core.cursors import Cursor
from core.errors import UsageError
from web.forms import row_id

NO_PAGE = "This page of the list does not exist: begin again at its first page."


def write_cursor(cursor: Cursor | None) -> str | None:
    """The cursor for an address; None stays None."""
    if cursor is None:
        return None
    text = f"{int(cursor.at.timestamp() * 1_000_000)}.{cursor.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> Cursor | None:
    """Undo `write_cursor`. Raises `UsageError` for anything else."""
    if not text:
        return None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _, number = plain.partition(".")
        seconds, micro = divmod(int(moment), 1_000_000)
        at, last = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro), row_id(number)
    except (ValueError, OverflowError, OSError, binascii.Error):
        raise UsageError(NO_PAGE) from None
    if last is None:
        raise UsageError(NO_PAGE)
    return Cursor(at, last)
