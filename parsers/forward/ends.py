"""The forwarded text without what the forwarding program drew around it: quote marks, an indent, rules, end marks."""

import re

from parsers.phrases.forwards import FORWARD_ENDS
from parsers.reply.lines import is_marked
from parsers.reply.separators import is_rule, separator_in

INDENT = "    "
FRAME = " >-=_*"
SHORTEST_RULE = 30
DRAWN = re.compile(r"[>\s]{0,10}[-=]{3}")


def original_text(lines: list[str], *, is_quoted: bool = False) -> str:
    """The text as its author wrote it; `is_quoted` where the header lines above are quoted with `>`."""
    body = _from_top(lines[: _end(lines)])
    written = [line for line in body if line.strip()]
    if is_quoted or (written and all(map(is_marked, written))):
        body = [line.lstrip().removeprefix(">").removeprefix(" ") if is_marked(line) else line for line in body]
    elif written and all(line.startswith(INDENT) for line in written):
        body = [line.removeprefix(INDENT) for line in body]
    return "\n".join(line.rstrip() for line in body).strip("\n")


def _from_top(lines: list[str]) -> list[str]:
    """Without the line that some draw below the header lines too."""
    if lines and (_is_long_rule(lines[0]) or _repeats_separator(lines[0])):
        return lines[1:]
    return lines


def _repeats_separator(line: str) -> bool:
    separator = separator_in(line)
    return separator is not None and separator.is_forward and line.lstrip(" >").startswith("=")


def _end(lines: list[str]) -> int:
    """Where a line says that the forwarded message ends, or KMail's rule does."""
    for number, line in enumerate(lines):
        if DRAWN.match(line) and line.strip(FRAME).lower().startswith(FORWARD_ENDS):
            return number
    last = len(lines)
    while last and not lines[last - 1].strip(" >"):
        last -= 1
    return last - 1 if last and _is_long_rule(lines[last - 1]) else len(lines)


def _is_long_rule(line: str) -> bool:
    drawn = line.strip(" >")
    return len(drawn) >= SHORTEST_RULE and drawn[0] in "-=" and is_rule(drawn)
