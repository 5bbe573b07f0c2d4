"""The HTML of a mail with the picture that tells of its opening, and links that lead through us."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from core.crypto import KeyRing
from delivery.links import CLICK_TOKEN, Tracking, track
from delivery.tokens import TokenCodec

PURPOSE = "outgoing.receipt"
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BEHIND = ".,;:!?)]}'’”»"


@dataclass(frozen=True, slots=True)
class Linked:
    """The HTML as it is sent, and where its links lead: link 1 is the first."""

    html: str
    links: tuple[str, ...]


class ReceiptTokens:
    """Tokens of one mail's picture and links. They carry its id and when it was composed, and never end."""

    def __init__(self, keys: KeyRing) -> None:
        self._codec = TokenCodec(keys, PURPOSE)

    def make(self, outgoing_id: int, at: datetime) -> str:
        """The token of a mail."""
        return self._codec.make(outgoing_id, int(at.timestamp()))

    def read(self, token: str) -> tuple[int, datetime] | None:
        """Which mail, and when it was composed; None for anything that we did not make."""
        ids = self._codec.read(token)
        return (ids[0], datetime.fromtimestamp(ids[1], UTC)) if ids is not None and len(ids) == 2 else None


def with_receipts(text: str, html_part: str | None, base_url: str, token: str) -> Linked:
    """The mail's HTML, made of its text where it has none, with the picture and its links through us."""
    source = html_part if html_part is not None else html_of(text)
    tracked = track((source,), (), Tracking(base_url))
    filled = "".join(token if piece is CLICK_TOKEN or not isinstance(piece, str) else piece for piece in tracked.html)
    return Linked(filled, tuple("".join(str(piece) for piece in link.url) for link in tracked.links))


def html_of(text: str) -> str:
    """Plain text as HTML that looks the same: paragraphs, lines, links that can be followed."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    inside = "".join(f"<p>{_linked(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)
    return f"<!doctype html><html><body>{inside}</body></html>"


def _linked(text: str) -> str:
    pieces, at = [], 0
    for found in _URL.finditer(text):
        url = found.group().rstrip(_BEHIND)
        pieces.append(html.escape(text[at : found.start()], quote=False))
        pieces.append(f'<a href="{html.escape(url)}">{html.escape(url, quote=False)}</a>')
        at = found.start() + len(url)
    return "".join([*pieces, html.escape(text[at:], quote=False)])
