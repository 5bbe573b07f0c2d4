"""HTML of mail made safe to show: an allow-list (nh3), CSS cut down, remote content asleep until the reader asks.

Done when a message is shown, not when it is stored, so that a stricter rule also holds for all old mail.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from operator import sub

from parsers.html.allowed import CLEANER
from parsers.html.safe_attributes import with_safe_attributes
from parsers.html.safe_pictures import Pictures
from parsers.html.text import text_of_html

MOST_DEPTH = 1_000
"""Deeper pages are shown as text: the cost of cleaning grows with the square of the depth."""
NESTING = re.compile(r"<(/?)(?!(?:br|img|hr|col|meta|link|input|wbr|area|p|li|td|th|tr)[\s/>])[a-zA-Z]", re.IGNORECASE)
FORMATTING = re.compile(
    r"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^<>]*+>?", re.IGNORECASE
)
MOST_REOPENED = 1_000_000
"""Where these are left open, every paragraph opens all of them again: a small page could become a huge one."""
OVERRIDES = ("\u202d", "\u202e")
"""They let a text read backwards, and so an address look like another."""


@dataclass(frozen=True, slots=True)
class SanitizedHtml:
    """Safe HTML, and what of it would have told others about its reader."""

    html: str
    remote_count: int
    """Remote pictures and backgrounds that were left out (or, if allowed, let in)."""
    tracking_count: int = 0
    """How many of these are pictures of one pixel, which only tell who has read the mail."""
    misleading_links: int = 0
    """Links that show the address of one host and lead to another; newsletters that count clicks have them too."""


def sanitize_html(html: str, *, cid_urls: Mapping[str, str], allow_remote: bool) -> SanitizedHtml:
    """`html` reduced to what may stand in our page. Never raises; linear, and bounded in depth.

    `cid_urls` maps Content-IDs, or Content-Locations, to our own URLs; a picture that is in neither is dropped. Remote
    pictures load only with `allow_remote`; otherwise an `<img>` keeps its address in `data-remote`, and an element its
    background in `data-remote-background`. A remote picture of one pixel goes in any case: it only tells that somebody
    reads. Links open elsewhere and tell nothing about us.
    """
    tags = html.count("<")
    if tags > MOST_DEPTH and tags - html.count("</") > MOST_DEPTH and _depth(html, NESTING) > MOST_DEPTH:
        return SanitizedHtml(f"<pre>{escape(text_of_html(html))}</pre>", 0)
    if tags > MOST_DEPTH and tags * _depth(html, FORMATTING) > MOST_REOPENED:
        html = FORMATTING.sub("", html)
    pictures = Pictures(cid_urls, allow_remote=allow_remote)
    safe, misleading = with_safe_attributes(_cleaned(html), pictures)
    return SanitizedHtml(safe, pictures.remote, pictures.tracking, misleading)


def _cleaned(html: str) -> str:
    try:
        safe = CLEANER.clean(html)
    except UnicodeEncodeError:
        # A lone surrogate; no mail that was parsed has one.
        safe = CLEANER.clean(html.encode("utf-8", "replace").decode())
    for override in OVERRIDES:
        # Looked for first: that is five times as quick as to replace what is not there.
        if override in safe:
            safe = safe.replace(override, "")
    return safe


def _depth(html: str, tags: re.Pattern[str]) -> int:
    """How deep elements can lie in each other, at most."""
    levels = list(accumulate([-1 if slash else 1 for slash in tags.findall(html)], initial=0))
    depths: Iterator[int] = map(sub, levels, accumulate(levels, min))
    return max(depths)
