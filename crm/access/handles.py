"""What colleagues may be called after an `@`: by mail, in posts and in comments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MENTION = re.compile(r"(?<![\w@.+-])@(\w(?:[\w.-]{0,58}\w)?)(?![\w@])")
MOST_MENTIONS = 50


@dataclass(frozen=True, slots=True)
class Mention:
    """A colleague named in a text, as it was written."""

    handle: str
    user_id: int


def handles(people: Mapping[int, tuple[str, str]]) -> dict[str, int]:
    """What each colleague (`id → (name, e-mail)`) may be called after `@`; what fits two of them fits none."""
    meant: dict[str, set[int]] = {}
    for user_id, (name, email) in people.items():
        words = name.lower().split()
        local = email.lower().partition("@")[0]
        called = {local, "".join(words), ".".join(words), "-".join(words), "_".join(words), *words[:1]}
        for handle in called - {""}:
            meant.setdefault(handle, set()).add(user_id)
    return {handle: min(ids) for handle, ids in meant.items() if len(ids) == 1}


def shortest_handles(people: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    """By colleague the shortest word that means them and nobody else; who shares every word with somebody has none."""
    found: dict[int, str] = {}
    for word, user_id in sorted(handles(people).items(), key=lambda one: (len(one[0]), one[0])):
        found.setdefault(user_id, word)
    return found


def mentions_in(text: str, people: Mapping[int, tuple[str, str]]) -> tuple[Mention, ...]:
    """The colleagues that a text names, each once, in its order; a word that fits two of them names nobody."""
    called = handles(people) if "@" in text else {}
    found: dict[str, Mention] = {}
    for match in MENTION.finditer(text):
        word = match[1].lower()
        if word in called and len(found) < MOST_MENTIONS:
            found.setdefault(word, Mention(word, called[word]))
    return tuple(found.values())
