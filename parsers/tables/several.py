"""Several values in one cell: `a@x.example; b@x.example`, or one a line. Written so that reading gives the same again.

A value that holds a separator itself is written on a line of its own: a cell with a line break is parted at line breaks.
"""

import re
from collections.abc import Callable, Iterable

PARTS = re.compile(r" ?::: ?|[;|]")
"""Google writes `:::`, everybody else a semicolon."""
ADDRESS_PARTS = re.compile(r"""(?:"[^"]*"|[^\s;,|"])+""")
IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
ADDRESS = re.compile(
    r"""(?:"[^"\x00-\x1f]+"|[^\s@<>,;:|"\x00-\x1f]+)@[^\s@<>,;:|"\x00-\x1f.]+(?:\.[^\s@<>,;:|"\x00-\x1f.]+)*"""
)
SHORTEST_PHONE = 5
"""Digits; what is shorter is an extension, which belongs to what is before it."""


def is_address(text: str) -> bool:
    """Whether it is one e-mail address and nothing else."""
    return ADDRESS.fullmatch(text) is not None


def emails_in(cell: str) -> tuple[str, ...]:
    """The addresses of a cell, each once; what is none stays as it is, for whoever complains about it."""
    found: list[str] = []
    for line in cell.splitlines():
        text = line.strip().removeprefix("mailto:")
        if not text or is_address(text):
            found.append(text)
        elif named := IN_BRACKETS.findall(text):
            found += named
        else:
            parts = [part.removeprefix("mailto:") for part in ADDRESS_PARTS.findall(text.replace(":::", " "))]
            found += parts if all("@" in part for part in parts) else [text]
    return _once(found)


def phones_in(cell: str) -> tuple[str, ...]:
    """The numbers of a cell, each once."""
    return _once(_in_lines(cell, _phones))


def tags_in(cell: str) -> tuple[str, ...]:
    """The words of a cell, each once: between semicolons, or commas where there is none."""
    return _once(_in_lines(cell, _tags))


def joined(values: Iterable[str], read: Callable[[str], tuple[str, ...]]) -> str:
    """A cell with all the values, which `read` finds again."""
    wanted = tuple(values)
    plain = "; ".join(wanted)
    return plain if read(plain) == wanted else "".join(f"{value}\n" for value in wanted)


def _in_lines(cell: str, part: Callable[[str], list[str]]) -> list[str]:
    return cell.split("\n") if "\n" in cell else part(cell)


def _phones(cell: str) -> list[str]:
    parts = [piece for part in PARTS.split(cell) for piece in part.split(",")]
    return parts if all(_digits(part) >= SHORTEST_PHONE for part in parts if part.strip()) else [cell]


def _tags(cell: str) -> list[str]:
    parts = PARTS.split(cell)
    return parts if len(parts) > 1 else cell.split(",")


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for each in values if (value := each.strip())))
