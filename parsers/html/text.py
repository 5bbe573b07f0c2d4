"""HTML to text that reads like a mail: paragraphs, lists, tables, quotes as `> `, links where they say more than their text.

A tokenizer and a writer, no tree: linear in the input however broken or deep it is. Most tags only break lines or do
nothing; the loop answers these itself, because calls are what costs.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from parsers.html.links import description_of, href_of, link_after
from parsers.html.lists import List, read_item, read_numbered, word_level
from parsers.html.markup import pieces_of
from parsers.html.tables import promising
from parsers.html.tags import BREAKS, CELL, KNOWN, LINE, OTHER, PARAGRAPH, RAW, SKIPPED, both_cases
from parsers.html.writer import Writer, without_invisible

RULE = "_" * 32
NO_MARGIN = re.compile(r"""margin(?:-top)?:\s?0(?:px|pt|in|cm|em)?\s?[;"']""")
MOST_TABLES_OF_PEOPLE = 3
"""Pages with more are laid out by a newsletter tool, where paragraphs without margins are none of one text."""


@dataclass(slots=True)
class _Page:
    """The page being read: its writer, its open link, and how many elements to be skipped have ended."""

    pieces: list[str | None]
    tokens: Iterator[tuple[str | None, str | None, str | None]]
    tables: Iterator[bool]
    """For each table whether it may be one of data."""
    is_laid_out: bool
    writer: Writer = field(default_factory=Writer)
    link: tuple[str, int, int] | None = None
    """The open link: where it leads, and at which line and piece of the writer its text begins."""
    seen: set[str] = field(default_factory=set)
    tight: bool = False
    ended: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    endings: dict[str, int] = field(default_factory=dict)


def text_of_html(html: str) -> str:
    """The readable text of `html`; no NUL, lines without trailing blanks, at most one blank line between paragraphs."""
    html = without_invisible(html.replace("\x00", ""))
    pieces = pieces_of(html)
    rest = iter(pieces)
    first = next(rest)
    tables = promising(pieces[1::3])
    page = _Page(pieces, zip(rest, rest, rest, strict=True), iter(tables), len(tables) > MOST_TABLES_OF_PEOPLE)
    if first:
        page.writer.text(first)
    has_plain_paragraphs = "Mso" not in html and (page.is_laid_out or not NO_MARGIN.search(html))
    _read(page, BREAKS[any(tables), has_plain_paragraphs])
    page.writer.break_line(0)
    page.writer.leave_table()
    return "\n".join(page.writer.lines).strip("\n")


def _read(page: _Page, breaks: Mapping[str | None, int]) -> None:
    writer, current = page.writer, page.writer.current
    for tag, attributes, text in page.tokens:
        gap = breaks.get(tag, OTHER)
        if gap == OTHER:
            action = ACTIONS.get(tag)
            if action:
                action(page, attributes or "")
            else:
                text = _act_on_other(page, tag or "", attributes or "", text)
        elif gap:
            if current:
                if gap == CELL:
                    writer.next_cell()
                else:
                    writer.end_line()
            if writer.gap < gap:
                writer.gap = LINE if writer.lists else gap
        if not text:
            continue
        if writer.pre or "&" in text:
            writer.text(text)
        elif current:
            current.append(text)
        elif not text.isspace() or "\u00a0" in text:
            writer.begin(text)


def _act_on_other(page: _Page, tag: str, attributes: str, text: str | None) -> str | None:
    """A tag in mixed case, or one that is rare; an address that somebody left unescaped is text."""
    name = tag.lower()
    gap = KNOWN.get(name)
    if name in SKIPPED:
        return _skip(page, name, text)
    if name in ACTIONS:
        ACTIONS[name](page, attributes)
        return text
    if name == "plaintext":
        return _verbatim(page, text)
    if name[1:] in SKIPPED:
        page.ended[name[1:]] += 1
    elif gap:
        page.writer.break_line(gap)
    elif gap is None and "=" not in attributes and ("@" in attributes or attributes.startswith("//")):
        page.writer.text(f"<{tag}{attributes}>")
    return text


def _verbatim(page: _Page, text: str | None) -> str:
    """All that is left, tags and all."""
    _pre(page, "")
    rest = [f"<{tag}{attributes}>{after}" if tag else after or "" for tag, attributes, after in page.tokens]
    return "".join([text or "", *rest])


def _br(page: _Page, _: str) -> None:
    page.writer.forced_break()


def _hr(page: _Page, _: str) -> None:
    page.writer.break_line(LINE)
    page.writer.begin(RULE)
    page.writer.break_line(LINE)


def _p(page: _Page, attributes: str) -> None:
    """A paragraph; Word's and Outlook's have no space between them unless they are empty ones."""
    writer = page.writer
    page.tight = "Mso" in attributes or (not page.is_laid_out and bool(NO_MARGIN.search(attributes)))
    writer.break_line(LINE if page.tight or writer.lists else PARAGRAPH)
    writer.word_level = (
        word_level(attributes) if attributes and ("mso-list" in attributes or "MsoL" in attributes) else 0
    )


def _end_p(page: _Page, _: str) -> None:
    writer = page.writer
    writer.break_line(LINE if page.tight or writer.lists else PARAGRAPH)
    page.tight = False
    writer.word_level = 0


def _blockquote(page: _Page, _: str) -> None:
    page.writer.quote(1)


def _end_blockquote(page: _Page, _: str) -> None:
    page.writer.quote(-1)


def _pre(page: _Page, _: str) -> None:
    page.writer.break_line(PARAGRAPH)
    page.writer.pre += 1


def _end_pre(page: _Page, _: str) -> None:
    page.writer.break_line(PARAGRAPH)
    page.writer.pre = max(page.writer.pre - 1, 0)


def _ul(page: _Page, _: str) -> None:
    page.writer.open_list(List())


def _ol(page: _Page, attributes: str) -> None:
    page.writer.open_list(read_numbered(attributes))


def _end_list(page: _Page, _: str) -> None:
    page.writer.close_list()


def _li(page: _Page, attributes: str) -> None:
    page.writer.open_item(read_item(attributes))


def _end_li(page: _Page, _: str) -> None:
    page.writer.close_item()


def _table(page: _Page, attributes: str) -> None:
    if next(page.tables, False):
        page.writer.open_table(layout="resentation" in attributes or '"none"' in attributes)
    else:
        page.writer.leave_table()
        page.writer.break_line(LINE)


def _end_table(page: _Page, _: str) -> None:
    page.writer.break_line(LINE)
    page.writer.leave_table()


def _tr(page: _Page, _: str) -> None:
    page.writer.open_row()


def _td(page: _Page, _: str) -> None:
    page.writer.open_cell(heads=False)


def _th(page: _Page, _: str) -> None:
    page.writer.open_cell(heads=True)


def _a(page: _Page, attributes: str) -> None:
    if page.link:
        _end_a(page, "")
    page.link = href_of(attributes), len(page.writer.lines), len(page.writer.current)


def _end_a(page: _Page, _: str) -> None:
    """Write where a link leads, unless its text says so; behind the last line of its text where it has several."""
    writer, link = page.writer, page.link
    page.link = None
    if link is None or not link[0]:
        return
    href, line, piece = link
    above = writer.lines[line:]
    pieces = [*above, *writer.current] if above else writer.current[piece:]
    shown = link_after("".join(pieces).strip("> \r\n\t\u00a0"), href, page.seen)
    if shown and writer.current:
        writer.current.append(f"{shown} " if writer.current[-1][-1:].isspace() else shown)
    elif shown and above and above[-1]:
        writer.lines[-1] += shown


def _img(page: _Page, attributes: str) -> None:
    description = description_of(attributes)
    if description:
        in_link = page.link is not None or not any(map(str.isalnum, description))
        page.writer.text(description.replace("&", "&amp;") if in_link else f"[{description}]".replace("&", "&amp;"))


def _skip(page: _Page, name: str, text: str | None) -> str | None:
    """Pass over an element with all that is in it; returns the text behind it."""
    end = f"/{name}"
    if name not in page.endings:
        page.endings[name] = page.pieces.count(end) + page.pieces.count(end.upper())
    if name not in RAW and page.ended[name] >= page.endings[name]:
        return text
    depth = 1
    for inner, attributes, after in page.tokens:
        tag = (inner or "").lower()
        # In a script a lone `<` hides the end behind it from who looks for tags.
        if tag == end or (name in RAW and attributes and "<" in attributes and f"<{end}" in attributes.lower()):
            page.ended[name] += 1
            depth -= 1
        elif tag == name and name not in RAW:
            depth += 1
        if not depth:
            return after
    return None


ACTIONS: dict[str | None, Callable[[_Page, str], None]] = both_cases(
    {
        "br": _br, "/br": _br, "hr": _hr, "p": _p, "/p": _end_p, "blockquote": _blockquote, "/blockquote": _end_blockquote,
        "pre": _pre, "/pre": _end_pre, "listing": _pre, "/listing": _end_pre, "xmp": _pre, "/xmp": _end_pre,
        "ul": _ul, "/ul": _end_list, "ol": _ol, "/ol": _end_list, "li": _li, "/li": _end_li, "table": _table,
        "/table": _end_table, "tr": _tr, "td": _td, "th": _th, "a": _a, "/a": _end_a, "img": _img,
    }
)  # fmt: skip
