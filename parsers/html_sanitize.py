"""HTML of mail made safe to show: an allow-list (nh3), CSS cut down, remote content asleep until the reader asks.

Done when a message is shown, not when it is stored, so that a stricter rule also holds for all old mail.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import nh3

from parsers.html_markup import TAG
from parsers.html_text import text_of_html

TAGS = {
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small",
    "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr",
    "tt", "u", "ul", "var",
}  # fmt: skip
WITH_CONTENT = {"script", "style", "title", "iframe", "object", "embed", "noscript", "template", "svg", "math", "form"}
ATTRIBUTES = {
    "*": {"align", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href", "name"},
    "img": {"alt", "border", "hspace", "src", "vspace"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "blockquote": {"type"},
    "col": {"span"},
}
# Nothing that leaves the message's own box: no position, z-index, float out of it, no url().
CSS = {
    "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width",
    "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width",
    "border-radius", "border-right", "border-spacing", "border-style", "border-top", "border-top-color",
    "border-top-style", "border-top-width", "border-width", "color", "display", "font", "font-family", "font-size",
    "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin",
    "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "min-width", "padding", "padding-bottom",
    "padding-left", "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-indent",
    "text-transform", "vertical-align", "white-space", "width", "word-break", "word-spacing", "word-wrap",
}  # fmt: skip
CSS_ACTIVE = re.compile(r"url\s*\(|image\s*\(|expression\s*\(|@import|\\|javascript:|image-set", re.IGNORECASE)
DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
MOST_DEPTH = 1_000
"""Deeper pages are shown as text: the cost of cleaning grows with the square of the depth."""
ENDED_BY_ITSELF = {"", "br", "img", "hr", "p", "li", "td", "th", "tr", "col", "meta", "link", "input", "wbr", "area"}
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}


@dataclass(frozen=True, slots=True)
class SanitizedHtml:
    """Safe HTML, and how many remote images were left out (or, if allowed, let in)."""

    html: str
    remote_count: int


def sanitize_html(html: str, *, cid_urls: Mapping[str, str], allow_remote: bool) -> SanitizedHtml:
    """`html` reduced to what may stand in our page.

    `cid_urls` maps Content-IDs to our own URLs; a picture that is in neither is dropped. Remote pictures load only with
    `allow_remote`. Links open elsewhere and tell nothing about us.
    """
    if html.count("<") > MOST_DEPTH and _depth(html) > MOST_DEPTH:
        return SanitizedHtml(f"<pre>{escape(text_of_html(html))}</pre>", 0)
    remote = 0

    def allow(tag: str, attribute: str, value: str) -> str | None:
        nonlocal remote
        if attribute == "style":
            return ";".join(part for part in value.split(";") if not CSS_ACTIVE.search(part)) or None
        if attribute == "href":
            return value if value.lstrip().lower().startswith(("http:", "https:", "mailto:", "tel:", "#")) else None
        if attribute != "src":
            return value
        if tag != "img":
            return None
        target = value.strip()
        if target.lower().startswith("cid:"):
            return cid_urls.get(target[4:])
        if target.lower().startswith(("http:", "https:", "//")):
            remote += 1
            return value if allow_remote else None
        return value if DATA_IMAGE.match(target) else None

    safe = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=allow,
        filter_style_properties=CSS,
        link_rel="noopener noreferrer nofollow",
        url_schemes=SCHEMES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return SanitizedHtml(safe, remote)


def _depth(html: str) -> int:
    """How deep elements can lie in each other, at most."""
    depth = deepest = 0
    for match in TAG.finditer(html):
        name = (match[1] or "").lower()
        if name.removeprefix("/") not in ENDED_BY_ITSELF:
            depth = max(depth + (-1 if name[0] == "/" else 1), 0)
        deepest = max(deepest, depth)
    return deepest
