"""The lines that programs draw above a quoted or forwarded message: `-----Original Message-----`, in any language."""

import re
from dataclasses import dataclass
from typing import Final

from parsers.phrases.separators import FORWARDED, ORIGINAL, ORIGINAL_IN_LONG_FRAME, ORIGINAL_OF, REPLY_ABOVE

FRAME_SIGNS: Final = ">*_=~#|:：.-–—―‐‑"
FRAME: Final = re.compile(rf"[\s{re.escape(FRAME_SIGNS)}]+")
AROUND: Final = "".join(filter(str.isspace, map(chr, range(0x3001)))) + FRAME_SIGNS
LONGEST: Final = 120
DRAWN: Final = frozenset("-–—‐_*=~#")
HIDING: Final = "> \t\u200b"
"""Quote marks, indents and marks of trackers, below which a line may be drawn."""
MAY_HIDE_DRAWN: Final = frozenset((*DRAWN, *HIDING))
COLONS: Final = frozenset(":：")
DRAWN_OR_COLON: Final = DRAWN | COLONS
FRAMES: Final = ("##", "--", "—-", "==", "**", "__", "——", "–-", "=-", "~~", "#-", "- -")
LONG_FRAME: Final = 10
RULE: Final = "-–—―‐_*=~#+ᐧ ·•\u200b\ufeff"
RULE_FIRST: Final = frozenset(RULE)
HEAD: Final = 3
"""Letters, by which a cheap look tells most lines from those with words."""


def _words(text: str) -> str:
    return FRAME.sub(" ", text.replace("İ", "i")).strip().lower()


_ORIGINAL: Final = frozenset(map(_words, ORIGINAL))
_FORWARDED: Final = frozenset(map(_words, FORWARDED))
_SAID: Final = (*ORIGINAL, *FORWARDED, *ORIGINAL_IN_LONG_FRAME, *ORIGINAL_OF)
_HEADS: Final = frozenset(form[:HEAD].rstrip(AROUND) for phrase in _SAID for form in (phrase, _words(phrase)))


@dataclass(frozen=True, slots=True)
class Separator:
    """A line that says what follows: a forwarded message, or the one answered to.

    Between dashes set apart, `---- Original Message ----`, Thunderbird forwards. Yahoo writes the header lines right behind
    it, in the same line: `----- Forwarded Message ----- From: …`.
    """

    is_forward: bool
    behind: str = ""


def separator_in(line: str) -> Separator | None:
    """What this line separates, if it is drawn, or words before a colon, and says so."""
    if _is_item(line) or (line[-1:] not in COLONS and not _begins_drawn(line)):
        return None
    text = line.strip().lstrip("> \ufeff\u200b").strip()
    words = text.lstrip(AROUND)
    if not words or _is_item(text):
        return None
    is_known = words[:HEAD].rstrip(AROUND).replace("İ", "i").lower() in _HEADS
    if is_known and text.startswith("--") and (framed := _in_frame(text)):
        return framed
    if text.startswith(FRAMES) and says_reply_above(text):
        return Separator(False)
    found = _phrases(text) if is_known and len(text) <= LONGEST else ()
    if any(map(_is_forwarded, found)):
        return Separator(True)
    return Separator(False) if not _ORIGINAL.isdisjoint(found) else None


def _begins_drawn(line: str) -> bool:
    """Whether a sign of frames stands first below quote marks and indents; of most lines a cheap look tells."""
    return len(line) > 1 and line.lstrip()[:1] in MAY_HIDE_DRAWN and line.lstrip(HIDING)[:1] in DRAWN


def _in_frame(text: str) -> Separator | None:
    """What the words between two frames of dashes say: `----- Original Message ----- From: …`."""
    framed, dashes, behind = text.lstrip("- ").partition(" --")
    if not dashes:
        return None
    words = _words(framed)
    if _is_forwarded(words) or words in _ORIGINAL:
        return Separator(True, behind.lstrip("- "))
    is_original = words.startswith(ORIGINAL_OF) or (words in ORIGINAL_IN_LONG_FRAME and _is_long_frame(text))
    return Separator(False) if is_original else None


def _is_item(text: str) -> bool:
    """Whether the line is an item of a list, `- boats`, or a quoted one. A frame has more signs, or one at the end."""
    return len(text) > 2 and text[1] == " " and text[2].isalnum() and text[-1] not in DRAWN_OR_COLON


def _phrases(text: str) -> tuple[str, ...]:
    """The words of a drawn line without the frame around them, and those before a second frame; none if it is not drawn."""
    if text[:1] not in DRAWN and text[-1:] not in COLONS:
        return ()
    words = _words(text)
    first, second_frame, _ = text.strip("-–—_*= ").partition("--")
    return (words, _words(first)) if second_frame else (words,)


def _is_forwarded(words: str) -> bool:
    return words in _FORWARDED or words.partition(" / ")[0] in _FORWARDED or words.startswith("forwarded by ")


def _is_long_frame(text: str) -> bool:
    return text.startswith("-" * LONG_FRAME) and text.endswith("-" * LONG_FRAME)


def says_original(line: str) -> bool:
    """Whether the line is only the words `Original message`, in any language, drawn or not."""
    return len(line) <= LONGEST and _words(line) in _ORIGINAL


def says_reply_above(line: str) -> bool:
    """Whether a help desk asks here to type the answer above this line."""
    lowered = line[:LONGEST].lower()
    return any(phrase in lowered for phrase in REPLY_ABOVE)


def is_rule(line: str) -> bool:
    """Whether the line is only drawn: `________`, `-----`, `***`; or a tracking mark."""
    text = line.strip()
    return text[:1] in RULE_FIRST and not text.strip(RULE)
