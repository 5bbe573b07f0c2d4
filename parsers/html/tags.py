"""The tags of HTML by what they do to a text; most only break lines or do nothing."""

from typing import TypeVar

T = TypeVar("T")

CELL, NOTHING, LINE, PARAGRAPH, OTHER = range(-1, 4)
"""What a tag asks for: a blank, nothing, line ends, or more than that."""

SKIPPED = frozenset({
    "style", "script", "title", "template", "noscript", "svg", "select", "xml", "iframe", "object", "audio", "video",
    "noframes", "noembed", "datalist",
})  # fmt: skip
RAW = frozenset({"style", "script", "title", "iframe", "noframes", "noembed"})
"""Inside these there are no tags: one that is never closed takes the rest of the page."""
PARAGRAPHS = ("h1", "h2", "h3", "h4", "h5", "h6", "dl", "figure", "fieldset")
LINES = (
    "div", "section", "article", "header", "footer", "center", "dt", "dd", "address", "form", "main", "nav", "aside",
    "body", "html", "head", "figcaption", "details", "summary", "legend", "caption", "option", "hgroup", "dir", "menu",
)  # fmt: skip
INLINE = (
    "span", "font", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "small", "big", "sub", "sup", "code", "tt",
    "kbd", "samp", "var", "cite", "abbr", "acronym", "label", "mark", "time", "q", "bdo", "bdi", "wbr", "nobr", "o:p",
    "meta", "link", "base", "col", "colgroup", "input", "button", "map", "area", "picture", "source", "dfn", "tbody",
    "thead", "tfoot", "math",
)  # fmt: skip


def both_cases(table: dict[str, T]) -> dict[str | None, T]:
    """The table, and what it says of each tag for the same in capitals."""
    return {name: value for tag, value in table.items() for name in (tag, tag.upper())}


DECLARATION: dict[str | None, int] = {None: NOTHING}
KNOWN = DECLARATION | both_cases(
    {slash + name: NOTHING for name in INLINE for slash in ("", "/")}
    | {slash + name: LINE for name in LINES for slash in ("", "/")}
    | {slash + name: PARAGRAPH for name in PARAGRAPHS for slash in ("", "/")}
    | {"/tr": LINE, "/td": NOTHING, "/th": NOTHING, "/img": NOTHING}
)
WITHOUT_DATA = both_cases({"table": LINE, "/table": LINE, "tr": LINE, "td": CELL, "th": CELL})
PLAIN_PARAGRAPHS = both_cases({"p": PARAGRAPH, "/p": PARAGRAPH})
BREAKS = {
    (has_data, plain): KNOWN | ({} if has_data else WITHOUT_DATA) | (PLAIN_PARAGRAPHS if plain else {})
    for has_data in (False, True)
    for plain in (False, True)
}
"""What tags ask for, by whether the page may have tables of data, and whether its paragraphs are all alike."""
