"""The lines that programs draw above a quoted or forwarded message: `-----Original Message-----`, in any language."""

import re

from parsers.phrases.separators import FORWARDED, ORIGINAL

FRAME = re.compile(r"[\s>*_=~#|:：.\-–—―‐>]+")
LONGEST = 120
_ORIGINAL = frozenset(ORIGINAL)
_FORWARDED = frozenset(FORWARDED)
DRAWN = tuple("-–—_*=~#")
DRAWN_FIRST = frozenset(DRAWN)
RULE = "-–—―_*=~#+ᐧ ·•\u200b\ufeff"
RULE_FIRST = frozenset(RULE)


def may_separate(line: str) -> bool:
    """A cheap look: separators are drawn, or are words before a colon."""
    return line.lstrip("> \t\u200b")[:1] in DRAWN_FIRST or line.endswith((":", "："))


def _phrases(line: str) -> tuple[str, ...]:
    """The words of a drawn line without the frame around them, and those before a second frame; none if it is not drawn."""
    text = line.strip().lstrip("> \ufeff\u200b").strip()
    if not text.startswith(DRAWN) and not text.endswith((":", "：")):
        return ()
    text = text.replace("İ", "i")
    words = FRAME.sub(" ", text).strip().lower()
    first, second_frame, _ = text.strip("-–—_*= ").partition("--")
    return (words, FRAME.sub(" ", first).strip().lower()) if second_frame else (words,)


def is_original_separator(line: str) -> bool:
    """Whether it says that the message answered to follows."""
    return len(line) <= LONGEST and not _ORIGINAL.isdisjoint(_phrases(line))


def forward_separator(line: str) -> str | None:
    """What stands behind the words that say a forwarded message follows; None if the line does not say so.

    Yahoo writes the header lines right behind: `----- Forwarded Message ----- From: …`.
    """
    text = line.strip().lstrip("> \ufeff\u200b").strip()
    if len(text) <= LONGEST and any(map(_is_forwarded, _phrases(text))):
        return ""
    if not text.startswith("--"):
        return None
    framed, dashes, rest = text.lstrip("- ").partition(" --")
    if not dashes:
        return None
    words = _phrases("-" + framed)[0]
    return rest.lstrip("- ") if _is_forwarded(words) or words in _ORIGINAL else None


def _is_forwarded(words: str) -> bool:
    return words in _FORWARDED or words.partition(" / ")[0] in _FORWARDED or words.startswith("forwarded by ")


def is_rule(line: str) -> bool:
    """Whether the line is only drawn: `________`, `-----`, `***`; or a tracking mark."""
    text = line.strip()
    return text[:1] in RULE_FIRST and not text.strip(RULE)
