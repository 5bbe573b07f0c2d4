"""The styles of a page, held to the allow-list of CSS, each once: most pages say the same few all over."""

from functools import lru_cache
from html import escape, unescape
from typing import Final

import nh3

from parsers.html.allowed import CSS
from parsers.html.css import safe_style
from parsers.html.safe_pictures import Pictures

STYLE: Final = " style="
BEFORE: Final = '<p style="'
BEHIND: Final = '"></p>'
FILTER: Final = nh3.Cleaner(tags={"p"}, attributes={"p": {"style"}}, filter_style_properties=CSS, link_rel=None)
SHORT: Final = 300
"""So long are nearly all styles; what has become of these is kept from page to page."""


class Styles:
    """What becomes of the styles of one page."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._safe: dict[str, str] = {}

    def safe(self, written: str) -> str:
        """What stands for a style, both as HTML writes them; empty where it must go."""
        safe = self._safe.get(written)
        # Its pictures are counted each time.
        if safe is None or "url" in written:
            safe = self._safe[written] = self._filtered(written)
        return safe

    def _filtered(self, written: str) -> str:
        if "(" in written or "\\" in written or "@" in written or "/*" in written:
            written = escape(safe_style(unescape(written), self._pictures.in_style))
        return _known(written) if len(written) <= SHORT else _allowed(written)


def _allowed(written: str) -> str:
    return FILTER.clean(BEFORE + written + BEHIND)[len(BEFORE) : -len(BEHIND)]


_known = lru_cache(maxsize=512)(_allowed)
