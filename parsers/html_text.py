"""HTML to text that reads like a mail: paragraphs, lists, quotes as `> `, links where they say more than their text.

A tokenizer and a writer, no tree: linear in the input however broken or deep it is.
"""

import re
from dataclasses import dataclass, field
from html import unescape

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*)>|<!--|<[!?][^<>]*>")
HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|mso-hide\s{0,9}:\s{0,9}all", re.IGNORECASE)
WORD_PARAGRAPH = re.compile(r"""class\s{0,9}=\s{0,9}["']?(?:Mso|x_Mso|ecxMso)""")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
BLANKS = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
"""What becomes one blank; a single blank is one already."""

SKIPPED = {"style", "script", "title", "head", "template", "noscript", "svg", "select", "xml"}
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "table", "dl"}
LINES = {
    "div", "tr", "li", "section", "article", "header", "footer", "center", "dt", "dd", "tbody", "thead",
    "address", "fieldset", "form", "figure", "main", "nav", "body",
}  # fmt: skip
RULE = "_" * 32
LONGEST_LINK = 2_000


@dataclass(slots=True)
class _Writer:
    """Collects lines; `gap` is how many line ends are due before the next text."""

    lines: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    depth: int = 0
    gap: int = 0
    pre: int = 0
    link: tuple[str, int] | None = None
    numbering: list[int] = field(default_factory=list)
    tight: bool = False
    unclosed: set[str] = field(default_factory=set)

    def text(self, raw: str) -> None:
        """Add text between tags."""
        text = INVISIBLE.sub("", unescape(raw)) if "&" in raw or not raw.isascii() else raw
        if self.pre:
            first, *rest = text.split("\n")
            self._add(first)
            for line in rest:
                self.end_line()
                self._add(line)
            return
        text = BLANKS.sub(" ", text)
        if text != " " or (self.current and not self.current[-1].endswith(" ")):
            self._add(text)

    def _add(self, text: str) -> None:
        if not text:
            return
        if not self.current:
            text = text if self.pre else text.lstrip(" ")
            if not text:
                return
            self.blank_lines()
        self.current.append(text)

    def blank_lines(self) -> None:
        """Pay the blank lines that are due, but never at the top."""
        if self.lines and self.gap > 1 and self.lines[-1].strip("> "):
            self.lines.append(self._prefix().rstrip())
        self.gap = 0

    def end_line(self) -> None:
        """End the line, even an empty one."""
        line = "".join(self.current).replace("\u00a0", " ").rstrip()
        self.current.clear()
        self.lines.append((self._prefix() + line).rstrip() if line or self.depth else "")

    def break_block(self, gap: int) -> None:
        """End the line if one is open, and ask for `gap` line ends before the next."""
        if self.current:
            self.end_line()
        self.gap = max(self.gap, gap)

    def _prefix(self) -> str:
        return ">" * min(self.depth, 20) + " " if self.depth else ""


def text_of_html(html: str) -> str:
    """The readable text of `html`; no NUL, lines without trailing blanks, at most one blank line between paragraphs."""
    writer = _Writer()
    position, end = 0, len(html)
    while position < end:
        match = TAG.search(html, position)
        if match is None:
            writer.text(html[position:])
            break
        if match.start() > position:
            writer.text(html[position : match.start()])
        position = _after(html, match, writer)
    writer.break_block(0)
    return "\n".join(_without_runs_of_blanks(writer.lines)).strip("\n").replace("\x00", "")


def _without_runs_of_blanks(lines: list[str]) -> list[str]:
    return [line for number, line in enumerate(lines) if line or not number or lines[number - 1]]


def _after(html: str, match: re.Match[str], writer: _Writer) -> int:
    """Act on one tag; returns where reading goes on."""
    name = (match[2] or "").lower()
    if match[0] == "<!--":
        end = html.find("-->", match.end())
        return end + 3 if end >= 0 else len(html)
    if not name:
        return match.end()
    if match[1]:
        _close(name, writer)
    elif name in SKIPPED or (match[3] and "none" in match[3] and HIDDEN.search(match[3]) and name in LINES | {"span"}):
        if name not in writer.unclosed:
            return _end_of_element(html, name, match.end(), writer)
    else:
        _open(name, match[3], writer)
    return match.end()


def _end_of_element(html: str, name: str, position: int, writer: _Writer) -> int:
    """Where the element ends, counting elements of its name inside; the rest of the page if it never does."""
    depth = 1
    nested = name not in ("style", "script", "title")
    for match in re.compile(rf"<(/?){re.escape(name)}\b[^<>]*>", re.IGNORECASE).finditer(html, position):
        depth += -1 if match[1] else int(nested)
        if depth == 0:
            return match.end()
    writer.unclosed.add(name)
    return position if nested else len(html)


def _open(name: str, attributes: str, writer: _Writer) -> None:
    if name == "br":
        writer.blank_lines()
        writer.end_line()
    elif name == "hr":
        writer.break_block(1)
        writer.text(RULE)
        writer.break_block(1)
    elif name in PARAGRAPHS:
        writer.tight = name == "p" and WORD_PARAGRAPH.search(attributes) is not None
        writer.break_block(1 if name == "table" or writer.tight else 2)
        if name == "blockquote":
            writer.blank_lines()
            writer.depth += 1
        writer.pre += name == "pre"
        if name in ("ul", "ol"):
            writer.numbering.append(0 if name == "ul" else 1)
    elif name in LINES:
        writer.break_block(1)
        if name == "li":
            writer.text(_bullet(writer))
    elif name in ("td", "th") and writer.current:
        writer.text(" ")
    elif name == "a":
        writer.link = (_href(attributes), len(writer.current))


def _close(name: str, writer: _Writer) -> None:
    if name in PARAGRAPHS:
        writer.break_block(1 if name == "table" or (name == "p" and writer.tight) else 2)
        writer.depth -= name == "blockquote" and writer.depth > 0
        writer.pre -= name == "pre" and writer.pre > 0
        if name in ("ul", "ol") and writer.numbering:
            writer.numbering.pop()
    elif name in LINES:
        writer.break_block(1)
    elif name == "a" and writer.link:
        _write_link(writer)


def _bullet(writer: _Writer) -> str:
    if not writer.numbering or not writer.numbering[-1]:
        return "- "
    writer.numbering[-1] += 1
    return f"{writer.numbering[-1] - 1}. "


def _href(attributes: str) -> str:
    match = HREF.search(attributes)
    return unescape(match[1] or match[2] or match[3] or "").strip() if match else ""


def _write_link(writer: _Writer) -> None:
    href, since = writer.link or ("", 0)
    writer.link = None
    text = "".join(writer.current[since:]).strip()
    target = href.removeprefix("mailto:")
    if not text or not href.lower().startswith(("http://", "https://", "mailto:")) or len(href) > LONGEST_LINK:
        return
    bare = target.removeprefix("https://").removeprefix("http://").rstrip("/")
    if bare.lower() not in (text.lower(), text.lower().rstrip("/")) and text.rstrip("/") != target.rstrip("/"):
        writer.text(f" <{target}>")
