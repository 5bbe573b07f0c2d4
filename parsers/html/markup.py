"""HTML cut into tags and the text between them, without what no reader sees: comments and hidden elements.

Tags are found as they are written, without a tree: linear in the input however broken or deep it is.
"""

import re
from collections.abc import Iterator

from parsers.html.tags import INLINE, LINES, PARAGRAPHS

TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9:]*+)([^>]*+)|[!?][^>]*+)>")
"""A tag: its name, with `/` before that of an end tag, and its attributes; or a declaration, with neither.

Only for text that ends with `>`: else each `<` would be looked for an end up to the end.
"""
VALUE_WITH_ANGLE = re.compile(r"""=\s{0,3}(?:"[^">]*+>|'[^'>]*+>)""")
QUOTED_TAG = re.compile(r"""</?[a-zA-Z][^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)++>""")
OPEN_AT_END = re.compile(r"<[a-zA-Z/!?][^<>]*+\Z")
HIDING = ("display:none", "display: none", "DISPLAY: none")
HIDING_AT_TOP = ("visibility:", "max-height:", "opacity:", "font-size:0", "font-size: 0", "mso-hide:", " hidden>")
"""Where to look for a hidden element; the second only where preheaders stand, to save time."""
HIDES = re.compile(
    r"display|visibility:\s?hidden|(?:max-height|opacity|font-size):\s?0(?!\.?\d{0,9}[1-9])|mso-hide:| hidden>",
    re.IGNORECASE,
)
TOP = 16_000
OPENING = re.compile(r"<([a-zA-Z][a-zA-Z0-9:]{0,30})(?=[\s/>])")
VOID = frozenset({"img", "br", "hr", "input", "col", "area", "meta", "link", "wbr", "source"})
HIDEABLE = frozenset({
    *INLINE, *LINES, *PARAGRAPHS, *VOID, "p", "table", "tr", "td", "th", "ul", "ol", "li", "blockquote", "pre", "a",
}) - {"html", "body", "head"}  # fmt: skip
"""Names that anybody invents would each cost a look at the rest of the page."""
LONGEST_TAG = 4_000
LONGEST_PREHEADER = 10_000


def pieces_of(html: str) -> list[str | None]:
    """Text, tag, attributes, text, tag, attributes, … text: what is seen of `html`.

    Tags are as in `TAG`, None where a declaration stands. Text is as written, its entities not yet read.
    """
    html = without_hidden(without_comments(html))
    end = html.rfind(">") + 1
    tail = OPEN_AT_END.sub("", html[end:])
    html = html[:end]
    pieces: list[str | None] = TAG.split(html)
    if ">" in "".join(filter(None, pieces[::3])) and VALUE_WITH_ANGLE.search(html):
        pieces = TAG.split(QUOTED_TAG.sub(lambda tag: tag[0][:-1].replace(">", "&gt;") + ">", html))
    pieces[-1] = (pieces[-1] or "") + tail
    return pieces


def without_comments(html: str) -> str:
    """`html` without comments, and so without what is for Outlook only; one that never ends takes the rest with it."""
    if "<!--" not in html:
        return html
    kept = []
    begun = 0
    while (start := html.find("<!--", begun)) >= 0:
        kept.append(html[begun:start])
        end = html.find("-->", start + 2)
        begun = end + 3 if end >= 0 else len(html)
    return "".join([*kept, html[begun:]])


def without_hidden(html: str) -> str:
    """`html` without elements that are hidden by their own style: preheaders, and what is for other screens."""
    places = sorted(_places(html))
    if not places:
        return html
    kept = []
    begun = 0
    ends = _Ends(html)
    for place in places:
        start = html.rfind("<", max(begun, place - LONGEST_TAG), place)
        end = _end_of_hidden(html, start, place, ends) if start >= 0 else 0
        if 0 <= start < end:
            kept.append(html[begun:start])
            begun = end
    return "".join([*kept, html[begun:]])


def _places(html: str) -> Iterator[int]:
    """Where something is said that may hide an element."""
    top = max(html.find("<body"), 0)
    for words in (*HIDING, *HIDING_AT_TOP):
        end = len(html) if words in HIDING else top + TOP
        place = html.find(words, top, end)
        while place >= 0:
            if HIDES.match(html, place):
                yield place
            place = html.find(words, place + len(words), end)


def _end_of_hidden(html: str, start: int, place: int, ends: "_Ends") -> int:
    """Where the element that begins at `start` ends, if what is said at `place` hides it; else 0."""
    opening = OPENING.match(html, start)
    end_of_tag = html.find(">", start, place + LONGEST_TAG)
    if opening is None or end_of_tag < place:
        return 0
    name = opening[1].lower()
    if name not in HIDEABLE:
        return 0
    if name in VOID:
        return end_of_tag + 1
    said = html[place : place + 5].lower()
    if said in ("displ", "visib", "opaci", " hidd") or (said == "max-h" and "overflow" in html[start:end_of_tag]):
        return ends.of(name, end_of_tag + 1)
    # These hide text, but not what undoes them further in; and Outlook alone obeys `mso-hide`, mostly on buttons.
    after = html.find("<", end_of_tag, end_of_tag + LONGEST_PREHEADER)
    if name == "a" or after < 0 or html[after : after + len(name) + 3].lower() != f"</{name}>":
        return 0
    return after + len(name) + 3


class _Ends:
    """Where elements end; knows the names that nothing closes any more, so that looking stays linear."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._unclosed: set[str] = set()

    def of(self, name: str, position: int) -> int:
        """The end of the element whose inside begins at `position`; 0 if it is never closed."""
        if name in self._unclosed:
            return 0
        depth = 1
        for tag in re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])[^<>]*+>", re.IGNORECASE).finditer(
            self._html, position
        ):
            depth += -1 if tag[1] else 1
            if not depth:
                return tag.end()
        self._unclosed.add(name)
        return 0
