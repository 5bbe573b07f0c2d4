"""Cells that a spreadsheet program does not calculate (OWASP, CSV injection), and text that XML can hold."""

import re
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""By which spreadsheet programs know that a CSV is UTF-8."""
DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
LOOKS_DEFUSED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def undefused(cell: str) -> str:
    """What a person wrote, without the sign that keeps a spreadsheet program from calculating it."""
    return cell[1:] if LOOKS_DEFUSED.match(cell) else cell


def kept_apart(cell: str) -> str:
    """A text that looks as if it were defused with one apostrophe more, for an import takes one away."""
    return f"'{cell}" if LOOKS_DEFUSED.match(cell) else cell


def defused(cell: str) -> str:
    """With an apostrophe before what would be calculated; before one that is there already too, so that reading is exact."""
    return f"'{cell}" if DANGEROUS.match(cell) else cell
