"""Letters of a PDF: which font has them, in which direction they run, and what is put where no font has them.

Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic are in the font that we bring along. Chinese, Japanese, Korean
and Thai are taken from the fonts of the machine, where it has one of `KNOWN`; what is in none is a box, and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final
from unicodedata import bidirectional, category

from arabic_reshaper import ArabicReshaper
from bidi import get_display
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

OURS: Final = Path(__file__).parent / "fonts"
REGULAR, BOLD = "Mailsync", "Mailsync bold"
FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)
KNOWN: Final = (
    "DroidSansFallbackFull.ttf", "NanumGothic.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "Arial Unicode.ttf", "ipagp.ttf",
    "ipag.ttf", "NotoSansThai-Regular.ttf", "unifont.ttf",
)  # fmt: skip
"""Fonts with many letters and TrueType outlines, which is what can be put into a PDF; best first."""
BOX: Final = "\u25a1"
INVISIBLE: Final = ("Cc", "Cf", "Cs", "Co", "Cn")
RIGHT_TO_LEFT: Final = ("R", "AL")
_join_letters = ArabicReshaper({"delete_harakat": False, "use_unshaped_instead_of_isolated": True}).reshape


@dataclass(frozen=True, slots=True)
class Fonts:
    """Fonts in the order in which they are asked for a letter; `missing` are the letters that none has, as far as asked."""

    names: tuple[str, ...]
    letters: tuple[frozenset[int], ...]
    missing: set[str] = field(default_factory=set)

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """The text in pieces of one font each: the name of the font, and the letters."""
        for name, letters in groupby(((self._font_of(each), each) for each in text), key=lambda pair: pair[0]):
            found = "".join(letter for _, letter in letters)
            yield (name, found) if name else (self.names[0], BOX * len(found))

    def are_ours(self, text: str) -> bool:
        """Whether the text can stand as it is, in the first font."""
        return text.isascii() or (all(ord(each) in self.letters[0] for each in text) and not runs_right_to_left(text))

    def _font_of(self, letter: str) -> str:
        for name, letters in zip(self.names, self.letters, strict=True):
            if ord(letter) in letters:
                return name
        self.missing.add(letter)
        return ""


def fonts_there() -> Fonts:
    """Our own font and those of the machine; nothing is missing yet."""
    found = _loaded(FOLDERS)
    return Fonts(tuple(name for name, _ in found), tuple(letters for _, letters in found))


def one_line(text: str, most: int) -> str:
    """A text without what can not be seen or breaks lines, cut behind so many letters."""
    if text.isascii() and text.isprintable() and len(text) <= most:
        return text.strip()
    plain = " ".join("".join(" " if each.isspace() else each for each in text if _is_seen(each)).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def runs_right_to_left(text: str) -> bool:
    """Whether anything in it is written from right to left."""
    return any(bidirectional(each) in RIGHT_TO_LEFT for each in text)


def as_seen(text: str) -> str:
    """One line with its letters in the order in which they stand on paper, Arabic ones joined (UAX #9)."""
    return str(get_display(_join_letters(text))) if runs_right_to_left(text) else text


def _is_seen(letter: str) -> bool:
    return letter.isspace() or category(letter) not in INVISIBLE


@cache
def _loaded(folders: tuple[Path, ...]) -> tuple[tuple[str, frozenset[int]], ...]:
    """Fonts by their names in documents, with their letters. They are read once: that takes half a second."""
    registerFont(TTFont(BOLD, OURS / "DejaVuSansCondensed-Bold.ttf"))
    found = [(REGULAR, OURS / "DejaVuSansCondensed.ttf")]
    there = {path.name: path for folder in folders for path in folder.rglob("*") if path.name in KNOWN}
    found += [(f"{REGULAR} {number}", there[name]) for number, name in enumerate(KNOWN, 2) if name in there]
    loaded = []
    for name, path in found:
        try:
            font = TTFont(name, path)
        except (TTFError, OSError):  # A font of the machine that is broken, or of another kind than its name says.
            continue
        registerFont(font)
        loaded.append((name, frozenset(code for code, glyph in font.face.charToGlyph.items() if glyph)))
    return tuple(loaded)
