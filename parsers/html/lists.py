"""Lists in HTML: which sign stands before an item. Word writes lists as paragraphs that begin with their sign."""

import re
from dataclasses import dataclass

BULLET = "- "
ATTRIBUTE_NUMBER = re.compile(r"""\b(start|value)\s{0,9}=\s{0,9}["']?\s{0,9}(-?\d{1,6})""", re.IGNORECASE)
ATTRIBUTE_TYPE = re.compile(r"""\btype\s{0,9}=\s{0,9}["']?([aAiI1])(?=["'\s>]|$)""", re.IGNORECASE)
LEVEL = re.compile(r"mso-list:[^;\"']{0,30}\blevel(\d)")
WORD_BULLET = re.compile("(?:[·•§¨Øüoqvà\\-–—\u25aa\u25cf\u25e6\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf071\uf0e0])\\s+(?=\\S)")
"""What Word takes from its symbol fonts for a bullet, as it reads without them."""
WORD_NUMBER = re.compile(r"((?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,7})[.)])\s+(?=\S)")
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
MOST_ROMAN = 3_999


@dataclass(slots=True)
class List:
    """An open list. `number` is that of its next item, None for bullets; `step` is -1 in a reversed one."""

    number: int | None = None
    step: int = 1
    style: str = "1"
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item, with the number that it gives itself."""

    value: int | None = None

    def sign(self, of: List | None) -> str:
        """What stands before its text; counts on in its list."""
        if of is None or of.number is None:
            return BULLET
        number = of.number if self.value is None else self.value
        of.number = number + of.step
        return f"{_counted(number, of.style)}. "


def read_numbered(attributes: str) -> List:
    """The list that an `<ol>` with these attributes begins."""
    if not attributes:
        return List(1)
    number = ATTRIBUTE_NUMBER.search(attributes)
    style = ATTRIBUTE_TYPE.search(attributes)
    step = -1 if "reversed" in attributes else 1
    return List(int(number[2]) if number and number[1].lower() == "start" else 1, step, style[1] if style else "1")


def read_item(attributes: str) -> Item:
    """The item that a `<li>` with these attributes begins."""
    number = ATTRIBUTE_NUMBER.search(attributes) if "value" in attributes else None
    return Item(int(number[2]) if number and number[1].lower() == "value" else None)


def word_level(attributes: str) -> int:
    """How deep a paragraph of Word lies in a list, 1 at the top; 0 if in none."""
    level = LEVEL.search(attributes)
    if level:
        return min(max(int(level[1]), 1), 6)
    return 1 if "MsoListParagraph" in attributes and "mso-list:none" not in attributes else 0


def as_word_item(line: str, level: int) -> str:
    """The first line of such a paragraph, its sign as in any other list."""
    indent = "  " * (level - 1)
    bullet = WORD_BULLET.match(line)
    if bullet:
        return f"{indent}{BULLET}{line[bullet.end() :]}"
    number = WORD_NUMBER.match(line)
    return f"{indent}{number[1]} {line[number.end() :]}" if number else line


def _counted(number: int, style: str) -> str:
    if style in "aA" and number > 0:
        letters = ""
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord("a") + letter) + letters
        return letters if style == "a" else letters.upper()
    if style in "iI" and 0 < number <= MOST_ROMAN:
        roman = _roman(number)
        return roman if style == "i" else roman.upper()
    return str(number)


def _roman(number: int) -> str:
    signs = []
    for value, sign in ROMAN:
        signs.append(sign * (number // value))
        number %= value
    return "".join(signs)
