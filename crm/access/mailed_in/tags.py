"""`#tags` that people type into subjects and texts. A number is no tag: `Order #4711` keeps its number."""

import re

_TAG = re.compile(r"(?<!\S)#([^\W\d_][\w-]{0,49})(?![\w#])")


def take_tags(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without its tags, and the tags in order, each once whatever its case."""
    found: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        found.setdefault(match[1].lower(), match[1])
        return ""

    return _TAG.sub(take, text), tuple(found.values())
