"""The lines of a text that is made of HTML: where they end, how far apart they stand, and what each begins with."""

import re
from dataclasses import dataclass, field
from html import unescape

from parsers.html.lists import Item, List, as_word_item
from parsers.html.tables import SHORT, Table, written

NOT_SEEN = ("\u00ad", "\u034f", "\u200b", "\u2060", "\ufeff")
"""Soft hyphens, blanks without width, and what preheaders are filled up with."""
LOOSE_JOINER = re.compile("(?<!\\S)[\u200c\u200d]|[\u200c\u200d](?![^\\s\u200c\u200d])")
"""One that joins nothing; within words Persian and emoji need them."""
BLANKS = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
"""What becomes one blank; a single blank is one already."""
MOST_QUOTES = 20
WIDEST_INDENT = 12


def without_invisible(text: str) -> str:
    """`text` without characters that have no width and join nothing."""
    for character in NOT_SEEN:
        if character in text:
            text = text.replace(character, "")
    return LOOSE_JOINER.sub("", text) if "\u200c" in text or "\u200d" in text else text


def _with_single_blanks(line: str) -> str:
    if "\u00a0" in line or "\u3000" in line:
        # People use these to keep blanks, or write with them; `split` takes them for ordinary ones.
        return BLANKS.sub(" ", line)
    return " ".join(line.split())


@dataclass(slots=True)
class Writer:
    """Collects lines. `current` are the pieces of the open line, `gap` how many line ends are due before the next text."""

    lines: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    gap: int = 0
    quotes: int = 0
    indent: str = ""
    prefix: str = ""
    """What a line begins with: quote marks and indent."""
    bullet: str = ""
    """What the next line begins with instead of the last of its indent."""
    pre: int = 0
    word_level: int = 0
    lists: list[List] = field(default_factory=list)
    table: Table | None = None
    """The table that is read, if it may be one of data."""

    def text(self, raw: str) -> None:
        """Add text between tags, as it is written in HTML."""
        if "&" in raw:
            raw = without_invisible(unescape(raw.replace("&nbsp;", "\u00a0")))
        if self.pre:
            first, *rest = raw.replace("\r\n", "\n").split("\n")
            self._add_verbatim(first)
            for line in rest:
                self.end_line()
                self._add_verbatim(line)
        elif self.current:
            self.current.append(raw)
        elif raw and (not raw.isspace() or "\u00a0" in raw):
            self.begin(raw)

    def _add_verbatim(self, text: str) -> None:
        if self.current:
            self.current.append(text)
        elif text:
            self.begin(text)

    def begin(self, text: str) -> None:
        """Begin a line with `text`, and pay the blank lines that are due, but never at the top."""
        if self.gap > 1:
            self._blank_line()
        self.gap = 0
        self.current.append(text)

    def end_line(self) -> None:
        """End the line, even an empty one."""
        line = "".join(self.current)
        self.current.clear()
        if not self.pre:
            if "\n" in line or "  " in line or "\t" in line or "\r" in line:
                line = _with_single_blanks(line)
            line = line.lstrip(" ")
        if "\u00a0" in line:
            line = line.replace("\u00a0", " ")
        line = line.rstrip()
        if not line:
            self._blank_line()
            return
        if self.word_level:
            line = as_word_item(line, self.word_level)
            self.word_level = 0
        prefix = self.prefix
        if self.bullet:
            prefix = prefix[: -len(self.bullet)] + self.bullet
            self.bullet = ""
        self.lines.append(prefix + line)

    def _blank_line(self) -> None:
        """One blank line; not at the top, nor below another, nor between the sign of a list item and its text."""
        if self.lines and not self.bullet and self.lines[-1].strip("> "):
            self.lines.append(">" * self.quotes)

    def break_line(self, gap: int) -> None:
        """End the line if one is open, and ask for `gap` line ends before the next."""
        if self.current:
            self.end_line()
        if self.gap < gap:
            self.gap = gap

    def forced_break(self) -> None:
        """A `<br>`: ends the line, even an empty one."""
        if not self.current and self.gap > 1:
            self._blank_line()
        self.gap = 0
        self.end_line()

    def quote(self, by: int) -> None:
        """Begin (1) or end (-1) a quote."""
        self.break_line(2)
        self.leave_table()
        if by > 0:
            # The blank line above a quote is not part of it.
            if self.gap > 1:
                self._blank_line()
            self.gap = 0
        self.quotes = min(max(self.quotes + by, 0), MOST_QUOTES)
        self._set_prefix()

    def open_list(self, opened: List) -> None:
        """Begin a list; one inside another stands close, and where its parent's text does."""
        self.break_line(1 if self.lists else 2)
        opened.indent = self.indent if len(self.indent) < WIDEST_INDENT else self.indent[:WIDEST_INDENT]
        self.lists.append(opened)

    def close_list(self) -> None:
        """End the innermost list."""
        self.break_line(1 if len(self.lists) > 1 else 2)
        self.bullet = ""
        if self.lists:
            self.indent = self.lists.pop().indent
            self._set_prefix()

    def open_item(self, item: Item) -> None:
        """Begin an item: its sign comes before its first text, and what follows stands below that."""
        self.break_line(1)
        self.bullet = ""
        if self.gap > 1:
            self._blank_line()
        self.gap = 1
        base = self.lists[-1].indent if self.lists else ""
        self.bullet = item.sign(self.lists[-1] if self.lists else None)
        self.indent = base + " " * len(self.bullet)
        self._set_prefix()

    def close_item(self) -> None:
        """End an item; one that said nothing leaves no sign."""
        self.break_line(1)
        self.bullet = ""
        self.indent = self.lists[-1].indent if self.lists else ""
        self._set_prefix()

    def _set_prefix(self) -> None:
        self.prefix = (">" * self.quotes + " " if self.quotes else "") + self.indent

    def open_table(self, *, layout: bool) -> None:
        """Begin a table that may be one of data; there is none inside it."""
        self.break_line(1)
        self.leave_table()
        self.table = Table(len(self.lines), self.prefix, layout)

    def open_row(self) -> None:
        """Begin a row."""
        self.break_line(1)
        if self.table:
            self.table.open_row()

    def open_cell(self, *, heads: bool) -> None:
        """Begin a cell. In a table that may be one of data it has its own lines until the table ends."""
        if self.table:
            self.break_line(1)
            self.table.open_cell(len(self.lines), heads=heads)
        elif self.current:
            self.next_cell()

    def next_cell(self) -> None:
        """Go on to the next cell of a table for layout: beside what is short, below a column of text."""
        if sum(map(len, self.current)) > SHORT:
            self.end_line()
        else:
            self.current.append(" ")

    def leave_table(self) -> None:
        """Write the table that is read as what its cells make of it."""
        if self.table:
            self.lines[self.table.start :] = written(self.table, self.lines)
            self.table = None
