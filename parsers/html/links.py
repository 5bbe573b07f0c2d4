"""Links and pictures in HTML, as a text shows them: where a link leads if its words do not say it, what a picture shows."""

import re
from html import unescape
from urllib.parse import quote

from parsers.phrases.pictures import FILE_ENDINGS, MACHINE_MADE, PLACEHOLDERS

HREF = re.compile(r"""(?:^|[\s"'/])href\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
ALT = re.compile(r"""(?:^|[\s"'/])alt\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
TINY = re.compile(r"""\s?["']?\s?[01](?:px)?(?:["'\s/]|$)""")
SIDES = ("width=", "height=", "WIDTH=", "HEIGHT=")
LONGEST_LINK = 2_000
LONG_LINK = 80
"""Longer ones are told once: the same one stands behind picture, title and button."""
LONGEST_DESCRIPTION = 300
SHORTEST_MADE = 30


def href_of(attributes: str) -> str:
    """Where an `<a>` with these attributes leads; empty unless to the web or to an address."""
    match = HREF.search(attributes) if attributes else None
    if match is None:
        return ""
    href = match[1] or match[2] or match[3] or ""
    if "&" in href:
        href = unescape(href)
    href = href.strip()
    if "\n" in href or " " in href or "\t" in href:
        href = href.replace("\n", "").replace("\r", "").replace("\t", "").replace(" ", "%20")
    known = href[:8].lower().startswith(("http://", "https://", "mailto:"))
    return href if known and len(href) <= LONGEST_LINK else ""


def link_after(text: str, href: str, seen: set[str]) -> str:
    """What follows the text of a link: ` <url>`, or nothing where the text says it or nothing is to be said."""
    if not text:
        return ""
    if href[:7].lower() == "mailto:":
        target = href[7:].partition("?")[0]
        return f" <{target}>" if target and target.lower() != text.lower() else ""
    if len(href) > LONG_LINK:
        if href in seen:
            return ""
        seen.add(href)
    if "." in text and _bare(text) == _bare(href):
        return ""
    if (
        text[:8].lower().startswith(("http://", "https://"))
        and quote(text.rstrip("/"), safe="").lower() in href.lower()
    ):
        # A filter of the receiver's has packed the link into one of its own.
        return ""
    return f" <{href}>"


def _bare(url: str) -> str:
    return url.lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def description_of(attributes: str) -> str:
    """What an `<img>` with these attributes shows, as its author put it; empty where nobody did."""
    # Looking for the letters first is several times as fast as the expression, which then reads the few behind them.
    place = attributes.find("alt")
    if place < 0:
        place = attributes.find("ALT")
    if place < 0 or attributes.startswith('=""', place + 3):
        return ""
    match = ALT.search(attributes, max(place - 1, 0))
    if match is None or _is_dot(attributes):
        return ""
    said = " ".join(unescape(match[1] or match[2] or match[3] or "").split())
    if not said:
        return ""
    lower = said.lower()
    if len(said) > LONGEST_DESCRIPTION or lower in PLACEHOLDERS or lower.endswith(FILE_ENDINGS):
        return ""
    is_made = len(said) > SHORTEST_MADE and any(words in lower for words in MACHINE_MADE)
    return "" if is_made else said


def _is_dot(attributes: str) -> bool:
    """Whether a picture is a pixel wide or high at most: it only keeps space, or tells who has read the mail."""
    for side in SIDES:
        place = attributes.find(side)
        if place >= 0 and TINY.match(attributes, place + len(side)):
            return True
    return False
