"""HTML of mail made safe to show: an allow-list (nh3), CSS cut down, remote content asleep until the reader asks.

Done when a message is shown, not when it is stored, so that a stricter rule also holds for all old mail.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from operator import sub
from urllib.parse import unquote

import nh3

from parsers.html.allowed import ATTRIBUTES, CLASSES, CSS, SCHEMES, TAGS, WITH_CONTENT, WORD_STYLE
from parsers.html.css import safe_style
from parsers.html.text import text_of_html

DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
LARGEST_DATA_IMAGE = 2_000_000
MOST_DEPTH = 1_000
"""Deeper pages are shown as text: the cost of cleaning grows with the square of the depth."""
NESTING = re.compile(r"<(/?)(?!(?:br|img|hr|col|meta|link|input|wbr|area|p|li|td|th|tr)[\s/>])[a-zA-Z]", re.IGNORECASE)
FORMATTING = re.compile(
    r"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^<>]*+>?", re.IGNORECASE
)
MOST_REOPENED = 1_000_000
"""Where these are left open, every paragraph opens all of them again: a small page could become a huge one."""
REMOTE = ("http:", "https:", "//")
LINKS = ("http:", "https:", "mailto:", "tel:")
ASLEEP = "\ue000"
"""Begins an address that must not be loaded, until its attribute is renamed. Only we write it: it is taken out of the
input, and an address that has it as an entity is none that may stay."""
RESERVED = (ASLEEP, "\0")
OVERRIDES = ("\u202d", "\u202e")
"""They let a text read backwards, and so an address look like another."""
PICTURE = re.compile(r"<img [^<>]*+>")
SIZE = re.compile(r'(?:\s(?:width|height)="|[";\s](?:width|height):\s?)(\d{1,6})')
HIDDEN = re.compile(r'[";\s]display:\s?none')
NAMED = "mail-"
LONGEST_SECOND_LEVEL = 3
SHOWN_LINK = re.compile(
    r'<a (?:[a-z]{1,10}="[^"<>]{0,1000}" ){0,8}href="[hH][tT]{2}[pP][sS]?:[/\\]{0,4}([^"/?#\\]{1,300}+)[^<>]*+>'
    r"(?:\s|<(?!/a)[^<>]*+>){0,30}+(?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.)([^\s<>/?#:]{1,300}+)"
)


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
    pictures load only with `allow_remote`; otherwise an `<img>` keeps its address in `data-remote`, unless it is one pixel,
    and an element its background in `data-remote-background`. Links open elsewhere and tell nothing about us.
    """
    html = _without(RESERVED, html if html.isascii() else html.encode("utf-8", "replace").decode())
    tags = html.count("<")
    if tags > MOST_DEPTH and tags - html.count("</") > MOST_DEPTH and _depth(html, NESTING) > MOST_DEPTH:
        return SanitizedHtml(f"<pre>{escape(text_of_html(html))}</pre>", 0)
    if tags > MOST_DEPTH and tags * _depth(html, FORMATTING) > MOST_REOPENED:
        html = FORMATTING.sub("", html)
    attributes = _Attributes(cid_urls, allow_remote=allow_remote)
    safe = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=attributes.allowed,
        filter_style_properties=CSS,
        link_rel="noopener noreferrer nofollow",
        url_schemes=SCHEMES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        allowed_classes=CLASSES,
    )
    safe = _without(OVERRIDES, safe)
    pictures = _Pictures(allow_remote=allow_remote)
    if ASLEEP in safe:
        safe = PICTURE.sub(pictures.written, safe).replace(f'background="{ASLEEP}', 'data-remote-background="')
    if "Mso" in safe:
        safe = WORD_STYLE + safe
    misleading = sum(_misleads(*found) for found in SHOWN_LINK.findall(safe))
    return SanitizedHtml(safe, pictures.remote + attributes.backgrounds, pictures.tracking, misleading)


def _without(characters: tuple[str, ...], text: str) -> str:
    for character in characters:
        text = text.replace(character, "")
    return text


class _Attributes:
    """Decides on the attributes that the allow-list leaves, one after the other."""

    def __init__(self, cid_urls: Mapping[str, str], *, allow_remote: bool) -> None:
        self.backgrounds = 0
        self._cid_urls = cid_urls
        self._allow_remote = allow_remote
        self._styles: dict[str, str | None] = {}

    def allowed(self, tag: str, attribute: str, value: str) -> str | None:
        """What becomes of one attribute; None takes it away. Must not raise: nh3 would only print that."""
        if attribute == "style":
            if value not in self._styles or "url" in value:
                self._styles[value] = safe_style(value, self._background_in_style) or None
            return self._styles[value]
        if attribute == "href":
            return self._link(value)
        if attribute == "src":
            return self._source(value) if tag == "img" else None
        if attribute == "background":
            return self._background(value)
        return NAMED + value if attribute == "name" else value

    def _link(self, value: str) -> str | None:
        target = value.strip()
        if target[:1] == "#":
            return f"#{NAMED}{target[1:]}"
        return value if target.lower().startswith(LINKS) else None

    def _source(self, value: str) -> str | None:
        """An address to load a picture from; of a remote one it is decided when the whole picture is known."""
        target = value.strip()
        if target.lower().startswith(REMOTE):
            return self._cid_urls.get(target) or ASLEEP + target
        return self._local(target)

    def _background(self, value: str) -> str | None:
        target = value.strip()
        if not target.lower().startswith(REMOTE):
            return self._local(target)
        self.backgrounds += 1
        return target if self._allow_remote else ASLEEP + target

    def _background_in_style(self, url: str) -> str | None:
        found = self._background(url)
        return None if found is None or found.startswith((ASLEEP, "data:")) else found

    def _local(self, target: str) -> str | None:
        if target[:4].lower() == "cid:":
            name = target[4:]
            return self._cid_urls.get(name) or self._cid_urls.get(unquote(name).strip(" <>"))
        if len(target) <= LARGEST_DATA_IMAGE and DATA_IMAGE.match(target):
            return target
        return self._cid_urls.get(target)


class _Pictures:
    """Writes the remote pictures of a page that is safe otherwise, and counts them."""

    def __init__(self, *, allow_remote: bool) -> None:
        self.remote = 0
        self.tracking = 0
        self._allow_remote = allow_remote

    def written(self, picture: re.Match[str]) -> str:
        """One `<img>`: awake, asleep, or gone."""
        tag = picture[0]
        if ASLEEP not in tag:
            return tag
        is_dot = _is_dot(tag)
        self.remote += 1
        self.tracking += is_dot
        if self._allow_remote:
            return tag.replace(ASLEEP, "")
        return "" if is_dot else tag.replace(f'src="{ASLEEP}', 'data-remote="')


def _is_dot(tag: str) -> bool:
    """Whether a picture shows nothing: no side that is told has more than a pixel, or it is hidden. A drawn line has."""
    sizes = [int(size) for size in SIZE.findall(tag)]
    return (bool(sizes) and max(sizes) <= 1) or HIDDEN.search(tag) is not None


def _depth(html: str, tags: re.Pattern[str]) -> int:
    """How deep elements can lie in each other, at most."""
    levels = list(accumulate([-1 if slash else 1 for slash in tags.findall(html)], initial=0))
    depths: Iterator[int] = map(sub, levels, accumulate(levels, min))
    return max(depths)


def _misleads(leads_to: str, shows: str) -> bool:
    """Whether the two hosts belong to different owners, as far as their names tell."""
    host = leads_to.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")
    shown = shows.lower().removeprefix("www.").rstrip(".")
    ours, theirs = host.split("."), shown.split(".")
    if host.replace(".", "").isdigit() or len(ours) < 2:
        return ours != theirs
    # Below `co.uk` and its like the owner's name is the third label.
    labels = 3 if len(ours[-2]) <= LONGEST_SECOND_LEVEL else 2
    return ours[-labels:] != theirs[-labels:]
