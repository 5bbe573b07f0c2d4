"""The lines that programs draw above a quoted or forwarded message: `-----Original Message-----`, in any language."""

import re

from parsers.phrases.separators import FORWARDED, ORIGINAL

FRAME = re.compile(r"[\s>*_=~#|:：.\-–—―‐>]+")
LONGEST = 120
_ORIGINAL = frozenset(ORIGINAL)
_FORWARDED = frozenset(FORWARDED)
DRAWN_FIRST = frozenset("-–—_*=~#")
DRAWN = ("-", "–", "—", "_", "*", "=", "~", "#")


def may_separate(line: str) -> bool:
    """A cheap look: separators are drawn, or are words before a colon."""
    return line.lstrip("> \t\u200b")[:1] in DRAWN_FIRST or line.endswith((":", "："))


def _phrases(line: str) -> tuple[str, str, bool]:
    """The words of a line without the frame drawn around them, what stands before a second frame, and if it is framed."""
    text = line.strip().lstrip("> \ufeff\u200b").strip()
    is_drawn = text.startswith(DRAWN) or text.endswith((":", "："))
    text = text.replace("İ", "i")
    words = FRAME.sub(" ", text).strip().lower()
    first = FRAME.sub(" ", text.strip("-–—_*= ").partition("--")[0]).strip().lower()
    return words, first, is_drawn


def is_original_separator(line: str) -> bool:
    """Whether it says that the message answered to follows."""
    if len(line) > LONGEST:
        return False
    words, first, is_drawn = _phrases(line)
    return is_drawn and (words in _ORIGINAL or first in _ORIGINAL)


def forward_separator(line: str) -> str | None:
    """What stands behind the words that say a forwarded message follows; None if the line does not say so.

    Yahoo writes the header lines right behind: `----- Forwarded Message ----- From: …`.
    """
    text = line.strip().lstrip("> \ufeff\u200b").strip()
    if len(text) <= LONGEST:
        words, first, is_drawn = _phrases(text)
        if is_drawn and (_is_forwarded(words) or _is_forwarded(first)):
            return ""
    if not text.startswith("--"):
        return None
    _, dashes, rest = text.lstrip("- ").partition(" --")
    words, _, _ = _phrases("-" + text.lstrip("- ").partition(" --")[0])
    return rest.lstrip("- ") if dashes and (_is_forwarded(words) or words in _ORIGINAL) else None


def _is_forwarded(words: str) -> bool:
    return words in _FORWARDED or words.partition(" / ")[0] in _FORWARDED or words.startswith("forwarded by ")


def is_rule(line: str) -> bool:
    """Whether the line is only drawn: `________`, `-----`, `***`; or a tracking mark."""
    text = line.strip()
    return bool(text) and not text.strip("-–—―_*=~#+ᐧ ·•\u200b\ufeff")
