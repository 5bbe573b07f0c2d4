"""The subject below its prefixes: `AW: Re[2]: [list] Offer (fwd)` is about `Offer` (RFC 5256 §2.1, in many languages)."""

import re

from parsers.phrases.alternatives import any_of
from parsers.phrases.subjects import FORWARD_PREFIXES, REPLY_PREFIXES

COUNTER = r"(?:\s?[\[(]\d{1,4}[\])]|\^?\d{1,3})?"
COLON = r"\s{0,3}[.]?\s{0,3}[:：]"

REPLY = re.compile(rf"(?:{any_of(REPLY_PREFIXES)}){COUNTER}{COLON}\s*", re.IGNORECASE)
FORWARD = re.compile(rf"(?:{any_of(FORWARD_PREFIXES)}){COUNTER}{COLON}\s*", re.IGNORECASE)
TAG = re.compile(r"\[[^\[\]]{1,60}\]\s*")
TRAILER = re.compile(r"\s*\(fwd?\)\s*$", re.IGNORECASE)
MOST_PREFIXES = 50
LONGEST = 2_000


def base_subject(subject: str) -> str:
    """What the subject is about, for comparing: prefixes, list tags and `(fwd)` off, blanks joined, case kept."""
    text = " ".join(subject[:LONGEST].split())
    for _ in range(MOST_PREFIXES):
        shorter = _without_one(text)
        if shorter == text:
            break
        text = shorter
    return text


def has_reply_prefix(subject: str) -> bool:
    """Whether it begins as an answer does, in any language that we know."""
    return _has_colon(subject) and REPLY.match(_without_tag(subject[:LONGEST].lstrip())) is not None


def has_forward_prefix(subject: str) -> bool:
    """Whether it begins as a forwarded mail does, below any reply prefixes."""
    if not _has_colon(subject):
        return False
    text = _without_tag(subject[:LONGEST].lstrip())
    for _ in range(MOST_PREFIXES):
        if FORWARD.match(text) or text.lower().startswith("[fwd:"):
            return True
        match = REPLY.match(text)
        if match is None:
            return False
        text = text[match.end() :]
    return False


def _has_colon(subject: str) -> bool:
    """Whether there can be a prefix at all."""
    return ":" in subject or "：" in subject


def _without_tag(text: str) -> str:
    match = TAG.match(text)
    return text[match.end() :] if match and match.end() < len(text) and not text.lower().startswith("[fwd:") else text


def _without_one(text: str) -> str:
    if text.lower().startswith("[fwd:") and text.endswith("]"):
        return text[5:-1].strip()
    match = REPLY.match(text) or FORWARD.match(text)
    if match:
        return text[match.end() :]
    return TRAILER.sub("", _without_tag(text))
