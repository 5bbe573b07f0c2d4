"""Links of a campaign, numbered and led through us, so that a click is counted; and the picture that counts an open.

Works on the text of the template as it is: only the values of `href` in links change, every other byte stays, also in
the conditional comments that Outlook reads. Runs once a campaign.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus

from delivery.compiled import Pieces, Slot

CLICK_TOKEN = Slot("click_token")
"""What `Recipient.values` must fill: the recipient's signed token."""
# Bounded in every part, so that a template full of unclosed quotes costs no more than one that is well-formed.
_TAG = re.compile(
    r"<(?:a|area)(?=[\s/])(?:[^\"'>]{1,2000}+|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'){0,100}+>", re.IGNORECASE
)
_HREF = re.compile(
    r"(?<=\s)href\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.IGNORECASE
)
_UNTRACKED = re.compile(r"\sdata-(?:no-?track|track\s*=\s*[\"']?(?:false|off|0))", re.IGNORECASE)
_TEXT_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/?#\ue000]+(?=[/?#]|$)", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
# Slots travel through the text as one private-use letter each way around their number.
_MARK = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Link:
    """One tracked link. The slots in its URL are filled when it is clicked, percent-encoded; its host is fixed."""

    number: int
    url: tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True)
class Tracking:
    """How to track. `base_url` is ours; the slots of `untracked` (the unsubscribe URL) stay what they are."""

    base_url: str
    clicks: bool = True
    opens: bool = True
    utm: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Tracked:
    """Both parts with their links replaced, and the links by number, counted from 1."""

    html: tuple[str | Slot, ...]
    text: tuple[str | Slot, ...]
    links: tuple[Link, ...]


def track(html_pieces: Pieces, text_pieces: Pieces, tracking: Tracking) -> Tracked:
    """Number the links of both parts. Left alone: mailto, tel, anchors, `data-notrack`, and hosts made by a slot.

    Each link in the HTML has a number of its own; a URL in the text shares the number of its first twin there.
    """
    numbering = _Numbering(tracking)
    marked_html = _mark(html_pieces, numbering.slots)
    marked_text = _mark(text_pieces, numbering.slots)
    if tracking.clicks:
        marked_html = _TAG.sub(numbering.in_tag, marked_html)
        marked_text = _TEXT_URL.sub(numbering.in_text, marked_text)
    if tracking.opens and marked_html:
        marked_html = _with_pixel(marked_html, numbering.pixel())
    slots = numbering.slots
    return Tracked(tuple(_unmark(marked_html, slots)), tuple(_unmark(marked_text, slots)), tuple(numbering.links))


def fill_url(link: Link, values: Mapping[str, str]) -> str:
    """Where a click on `link` leads for somebody with `values`; a slot without a value is empty."""
    return "".join([quote(values.get(p.name, ""), safe="") if isinstance(p, Slot) else p for p in link.url])


class _Numbering:
    """The links found so far."""

    def __init__(self, tracking: Tracking) -> None:
        self._tracking = tracking
        self._base = tracking.base_url.rstrip("/")
        self._by_url: dict[str, int] = {}
        self.links: list[Link] = []
        self.slots: list[Slot] = []

    def in_tag(self, tag: re.Match[str]) -> str:
        text = tag.group()
        return text if _UNTRACKED.search(text) else _HREF.sub(self._in_href, text, count=1)

    def _in_href(self, href: re.Match[str]) -> str:
        url = html.unescape(href.group("double") or href.group("single") or href.group("bare") or "").strip()
        if not _WEB.match(url):
            return href.group()
        return f'href="{self._tracked(self._add(url))}"'

    def in_text(self, found: re.Match[str]) -> str:
        url = _without_punctuation(found.group())
        if not _WEB.match(url):
            return found.group()
        number = self._by_url.get(url) or self._add(url)
        return self._tracked(number) + found.group()[len(url) :]

    def pixel(self) -> str:
        source = f"{self._base}/o/{_mark([CLICK_TOKEN], self.slots)}.gif"
        return f'<img src="{source}" width="1" height="1" alt="" style="display:block;border:0">'

    def _add(self, url: str) -> int:
        number = len(self.links) + 1
        target = _with_utm(url, self._tracking.utm or {})
        self.links.append(Link(number, tuple(_unmark(target, self.slots))))
        self._by_url.setdefault(url, number)
        return number

    def _tracked(self, number: int) -> str:
        return f"{self._base}/c/{_mark([CLICK_TOKEN], self.slots)}.{number}"


def _with_utm(url: str, utm: Mapping[str, str]) -> str:
    head, hash_mark, fragment = url.partition("#")
    path, _, query = head.partition("?")
    present = {unquote_plus(pair.partition("=")[0]) for pair in query.split("&")}
    added = [f"{quote(name)}={quote(value)}" for name, value in utm.items() if name not in present]
    whole = "&".join([*([query] if query else []), *added])
    return f"{path}?{whole}{hash_mark}{fragment}" if whole else url


def _without_punctuation(url: str) -> str:
    while url and (url[-1] in ".,;:!?'*_" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url


def _with_pixel(text: str, pixel: str) -> str:
    ends = list(_BODY_END.finditer(text))
    at = ends[-1].start() if ends else len(text)
    return text[:at] + pixel + text[at:]


def _mark(pieces: Pieces, slots: list[Slot]) -> str:
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, Slot):
            out.append(f"\ue000{len(slots)}\ue001")
            slots.append(piece)
        else:
            out.append(piece.replace("\ue000", "").replace("\ue001", ""))
    return "".join(out)


def _unmark(text: str, slots: Sequence[Slot]) -> Iterator[str | Slot]:
    for position, part in enumerate(_MARK.split(text)):
        if position % 2:
            yield slots[int(part)]
        elif part:
            yield part
