"""The style of one element, without what loads or runs something. Which properties may stay is decided elsewhere."""

import re
from collections.abc import Callable

from parsers.html.allowed import BACKGROUNDS, FUNCTIONS

FUNCTION = re.compile(r"([^\s():,;]{0,40})\s{0,40}\(")
URL = re.compile(r"""url\(\s{0,9}(?:"([^"()]*+)"|'([^'()]*+)'|([^"'()\s]*+))\s{0,9}\)""", re.IGNORECASE)
URL_MARK = "\ue001"
"""Stands for a `url` that is safe while the functions are looked at."""
EMPTY_LAYERS = re.compile(r"^(?:\s{0,9},)++|(?:,\s{0,9})++(?=,|$)")
"""What is left of backgrounds whose `url` went: a comma at either end, or beside another, spoils the others."""
SUSPECT = ("(", "\\", "/*", "@")


def safe_style(style: str, picture: Callable[[str], str | None]) -> str:
    """`style` with only such values as can not load or run anything.

    The URL of a background is what `picture` says to it; where that is None, the rest of the background stays.
    A value with an escape or a comment in it goes: mail has no need of them, and attackers have.
    """
    if not any(sign in style for sign in SUSPECT):
        return style
    parts = style.replace(URL_MARK, "").split(";")
    return ";".join([safe for part in parts if (safe := _safe_declaration(part, picture))])


def _safe_declaration(declaration: str, picture: Callable[[str], str | None]) -> str:
    if "(" in declaration:
        name, _, value = declaration.partition(":")
        if name.strip().lower() in BACKGROUNDS:
            value = EMPTY_LAYERS.sub("", URL.sub(lambda found: _safe_url(found, picture), value))
            declaration = f"{name}:{value}" if value.strip() else ""
        if declaration.count("(") != declaration.count(")") or not _calls_only_safe(declaration):
            return ""
        declaration = declaration.replace(URL_MARK, "url")
    return "" if any(sign in declaration for sign in SUSPECT[1:]) else declaration


def _safe_url(found: re.Match[str], picture: Callable[[str], str | None]) -> str:
    url = picture(found[1] or found[2] or found[3] or "")
    if url is None or not url.isprintable() or any(sign in url for sign in "\"'()\\ "):
        return ""
    return f'{URL_MARK}("{url}")'


def _calls_only_safe(declaration: str) -> bool:
    return all(name.lower() in FUNCTIONS or name == URL_MARK for name in FUNCTION.findall(declaration))
