"""Where a quote begins in HTML: mail programs mark the element that holds it, in every language alike."""

import re
from dataclasses import dataclass
from html import unescape

from parsers.phrases.quoted_html import BLOCKQUOTES, BORDERS, REST

MARK = "\ue000"
"""Stands in a line of its own where the quote begins, when the page is made text: of private use, so nobody writes it."""
SHARED = ("quote", "cite", "CITE", "solid", "tabindex=", "eply", "")
"""Words that many names have in them: a page without one of these is searched for none of its names. All have the last."""
NAMES = [
    (next(word for word in SHARED if word in name), name, to_end, below)
    for names, to_end, below in ((BLOCKQUOTES, False, False), (REST, True, False), (BORDERS, True, True))
    for name in names
]
"""With the word shared, whether all below is quoted, and whether header lines stand below."""
TAG = re.compile(r"<[^<>]{0,2000}>")
TIME = re.compile(r"\d[:.]\d\d")
LONGEST_TAG = 2_000
LOOKED_AT = 3_000
MOST_MENTIONS = 5
FIRST_WORDS = 2
FEWEST_LABELS = 3
MOST_HEADERS = 400


@dataclass(frozen=True, slots=True)
class QuoteMark:
    """The tag at `start` begins a quote; all below is quoted, or (not `to_end`) what its blockquote holds."""

    start: int
    to_end: bool


def quote_mark(html: str) -> QuoteMark | None:
    """The first element of `html` that a mail program marked as a quote."""
    present = {word for word in SHARED if word in html}
    found = [
        QuoteMark(start, to_end)
        for word, name, to_end, below in NAMES
        if word in present and (start := _tag_with(html, name, below=below)) is not None
    ]
    return min(found, key=lambda mark: mark.start) if found else None


def marked(html: str, mark: QuoteMark) -> str:
    """`html` with `MARK` as a line of its own where the quote begins."""
    return f"{html[: mark.start]}<div>{MARK}</div>{html[mark.start :]}"


def first_words(html: str, mark: QuoteMark) -> str:
    """The first few words of the quote, parted by one blank; a line drawn above it is none."""
    return " ".join(_text_at(html, mark.start).split()[:FIRST_WORDS])


def _tag_with(html: str, name: str, *, below: bool) -> int | None:
    """Where the first tag begins that has `name` in it, and header lines `below` it where these are asked for."""
    found = html.find(name)
    for _ in range(MOST_MENTIONS):
        if found < 0:
            return None
        start = html.rfind("<", max(found - LONGEST_TAG, 0), found + 1)
        if start >= 0 and html.find(">", start, found) < 0 and (not below or _has_headers(_text_at(html, start))):
            return start
        found = html.find(name, found + len(name))
    return None


def _text_at(html: str, start: int) -> str:
    return unescape(TAG.sub(" ", html[start : start + LOOKED_AT]))


def _has_headers(text: str) -> bool:
    """Whether labelled lines with an address, or a time and one label more, stand here, whatever the labels are."""
    head = text.strip()[:MOST_HEADERS]
    times = len(TIME.findall(head))
    labels = head.count(":") + head.count("：") - times
    return labels >= FEWEST_LABELS and ("@" in head or (times > 0 and labels > FEWEST_LABELS))
