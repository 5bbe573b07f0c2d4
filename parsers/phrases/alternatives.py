"""Phrases as the alternatives of a regular expression."""

import re
from collections.abc import Iterable


def any_of(phrases: Iterable[str]) -> str:
    """A pattern, to be put between brackets, that matches any of them: a longer one rather than what it begins with."""
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=len, reverse=True))
