"""One name for all copies of a message, for mail that has no Message-ID, and to see that two copies differ.

Servers refold headers, change line ends and re-encode bodies; the fingerprint does not change by that.
"""

from collections.abc import Iterable
from hashlib import sha256

from parsers.fields.headers import Headers

VERSION = "1"
HEADERS = ("from", "date", "subject")


def fingerprint_of(headers: Headers, digests: Iterable[bytes]) -> str:
    """`1:<hex>` over unfolded From, Date, Subject and the digest of each leaf after transfer decoding."""
    named = "".join([_with_single_blanks(headers.raw(name) or "") + "\x00" for name in HEADERS])
    return f"{VERSION}:{sha256(named.encode('utf-8', 'replace') + b''.join(digests)).hexdigest()}"


def _with_single_blanks(value: str) -> str:
    # The only blank that is printable is the usual one.
    return value if value.isprintable() and "  " not in value else " ".join(value.split())


def text_digest(bare: bytes) -> bytes:
    """What a text counts for, given without carriage returns: blank lines at its end do not count either."""
    return sha256(bare.rstrip(b"\n")).digest()
