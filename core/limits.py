"""How much of a message we are willing to understand, so that no message costs unbounded time or memory.

Here and not beside the parsers, because it is set in the settings and travels with the store to whoever reads mail.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond a limit the rest is left out and a defect says so; the raw message is kept by others, whole.

    Whoever cuts an attachment out of a raw message has to use the limits that it was described with.
    """

    head_bytes: int = 1024 * 1024
    """Of one header block."""
    header_bytes: int = 64 * 1024
    """Of one header field."""
    headers: int = 5_000
    """Fields of one header block."""
    parts: int = 1_000
    depth: int = 30
    text_bytes: int = 4 * 1024 * 1024
    """Of one text or HTML part."""
    addresses: int = 5_000
    """Of one address header."""


DEFAULT_LIMITS = Limits()
"""What suits nearly everybody: ordinary mail is far below all of them."""
