"""One name for all copies of a message, for mail that has no Message-ID, and to see that two copies differ.

Servers refold headers, change line ends and re-encode bodies; the fingerprint does not change by that.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from parsers.fields.headers import Headers
from parsers.mime.tree import Part

VERSION = "1"
HEADERS = ("from", "date", "subject")


def fingerprint_of(headers: Headers, leaves: Iterable[tuple[Part, bytes]], digests: Mapping[int, bytes]) -> str:
    """`1:<hex>` over unfolded From, Date, Subject and each leaf after transfer decoding.

    Text counts without carriage returns and without blank lines at its end. `digests` are hashes already taken,
    by position of the leaf.
    """
    pieces = [" ".join((headers.raw(name) or "").split()).encode("utf-8", "replace") + b"\x00" for name in HEADERS]
    for number, (part, content) in enumerate(leaves):
        if part.content_type.startswith(("text/", "multipart/")):
            pieces.append(sha256(content.replace(b"\r", b"").rstrip(b"\n")).digest())
        else:
            pieces.append(digests.get(number) or sha256(content).digest())
    return f"{VERSION}:{sha256(b''.join(pieces)).hexdigest()}"
