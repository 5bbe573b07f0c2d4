"""Parts of a file by HTTP's Range header (RFC 9110 §14): players of videos ask for what they are about to show."""

import re

_ONE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})")


class NoSuchRange(Exception):
    """The range begins behind the end of the file: 416."""


def asked_range(header: str | None, size: int) -> range | None:
    """Which bytes of `size` are asked for, as `range(first, behind_last)`; None for all of them.

    What is no range of bytes, or several at once, is answered with the whole, as the RFC allows. Raises `NoSuchRange`.
    """
    found = _ONE.fullmatch((header or "").strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # The last so many.
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < begin:
            return None
    if begin >= end:
        raise NoSuchRange
    return range(begin, end)
