"""RFC 5322 address lists as people's programs write them: commas in names, missing quotes, groups, comments.

One pass by tokens; nothing recurses, so that a mail with ten thousand brackets costs no more than any other.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from parsers.fields.encoded_words import decode_words
from parsers.fields.headers import one_line
from parsers.model import Address

MOST = 5_000
MOST_WORDS = 50
"""Pieces of a name with commas in it."""
SHORT = 200
"""Values up to this length are remembered: a mailbox writes to few people, and is itself in most of its mail."""
# A quoted string that is never closed runs to the end as one piece, so that no character is looked at twice.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|<[^<>]*>|[()<>,;:]|[^()<>,;:"]+')
ESCAPED = re.compile(r"\\(.)")
ROUTE = re.compile(r"^@[^:]*:")
MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
# What most lists are made of, and what reads the same by tokens: `Name <a@b>`, `"Name" <a@b>`, `a@b`, up to the comma.
ATOM = r"[^\x00-\x20\x7f-\xa0<>@\"(),:;\\?]+"
USUAL = re.compile(rf"\s*+(?:(?:\"([^\"\\]*)\"\s*|([^<>()\",:;@\\]*))<({ATOM}@{ATOM})>|({ATOM}@{ATOM}))\s*(?:,|$)")


@dataclass(slots=True)
class _Open:
    """The mailbox being read."""

    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    named: int = 0


def parse_addresses(value: str, limit: int = MOST) -> tuple[Address, ...]:
    """The mailboxes of one header value whose encoded words are still encoded. Groups give their members."""
    if len(value) <= SHORT:
        return _known_addresses(value)[:limit]
    usual = usual_addresses(value)
    return usual[:limit] if usual is not None else addresses_by_tokens(value, limit)


@lru_cache(maxsize=512)
def _known_addresses(value: str) -> tuple[Address, ...]:
    usual = usual_addresses(value)
    return usual if usual is not None else addresses_by_tokens(value)


def usual_addresses(value: str) -> tuple[Address, ...] | None:
    """The mailboxes of a list that is written as most are, or None."""
    found: list[Address] = []
    position = 0
    while position < len(value):
        match = USUAL.match(value, position)
        if match is None:
            return None
        quoted, plain, bracketed, bare = match.groups()
        found.append(Address(_name(quoted or plain), bracketed) if bracketed else Address("", bare))
        position = match.end()
    return tuple(found)


def addresses_by_tokens(value: str, limit: int = MOST) -> tuple[Address, ...]:
    """The mailboxes of any list, however it is written."""
    found: list[Address] = []
    current, depth = _Open(), 0
    for match in TOKEN.finditer(value):
        piece = match[0]
        if _is_unclosed(piece):
            return (*found, *addresses_by_tokens(value[match.start() :].replace('"', " "), limit))
        if depth or piece in "()":
            depth = _comment(piece, depth, current)
        elif piece == "," and _name_goes_on(current, value, match.end()):
            current.words.append(",")
        elif piece in ",;":
            _close(current, found)
            current = _Open()
        elif piece == ":" and not _is_scheme(current):
            current = _Open()
        elif piece.startswith("<") and len(piece) > 1:
            if current.angle is not None:
                behind = current.words[current.named :]
                del current.words[current.named :]
                _close(current, found)
                current = _Open(behind)
            current.named = len(current.words)
            current.angle = piece[1:-1]
        elif piece not in "<>":
            current.words.append(piece)
        if len(found) >= limit:
            return tuple(found)
    _close(current, found)
    return tuple(found)


def _is_unclosed(piece: str) -> bool:
    return piece[0] == '"' and (len(piece) == 1 or piece[-1] != '"' or _ends_escaped(piece))


def _ends_escaped(piece: str) -> bool:
    return (len(piece) - 1 - len(piece[:-1].rstrip("\\"))) % 2 == 1


def _comment(piece: str, depth: int, current: _Open) -> int:
    if piece == "(":
        return depth + 1
    if piece == ")":
        return max(depth - 1, 0)
    current.comments.append(piece)
    return depth


def _is_scheme(current: _Open) -> bool:
    return bool(current.words) and current.words[-1].strip().lower() == "mailto"


def _name_goes_on(current: _Open, value: str, position: int) -> bool:
    """Whether this comma stands inside an unquoted name, as in `Doe, John <john@…>`."""
    if (
        current.angle is not None
        or not 0 < len(current.words) <= MOST_WORDS
        or any("@" in word for word in current.words)
    ):
        return False
    ahead = value[position : position + 200]
    before_bracket, bracket, _ = ahead.partition("<")
    return bool(bracket) and bool(before_bracket.strip()) and not any(sign in before_bracket for sign in '@,;:"')


def _close(current: _Open, found: list[Address]) -> None:
    phrase = "".join(_unquoted(word) for word in current.words)
    if current.angle is None:
        address, name = _bare(phrase, " ".join(current.comments))
    else:
        address, name = current.angle, phrase or " ".join(current.comments)
    address = MAILTO.sub("", ROUTE.sub("", one_line(decode_words(address)).replace(" ", "") or ""))
    name = _name(name)
    if address or name:
        found.append(Address(name, address))


def _name(phrase: str | None) -> str:
    """A display name decoded, in one line."""
    name = " ".join(one_line(decode_words(phrase or "")).split())
    return name.strip("'") if len(name) > 1 and name[0] == name[-1] == "'" else name


def _bare(phrase: str, comment: str) -> tuple[str, str]:
    """Address and name of a mailbox without brackets: `a@b`, `a@b (Name)`, `Name a@b`, or only a name."""
    compact = phrase.strip()
    if "@" not in compact:
        decoded = decode_words(compact)
        if "@" not in decoded:
            return "", phrase or comment
        compact = decoded
    if " " not in compact:
        return compact, comment
    words = compact.split()
    address = next((word for word in words if "@" in word[1:-1]), None)
    if address is None:
        return compact, comment
    words.remove(address)
    return address, " ".join(words) or comment


def _unquoted(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] == '"':
        return ESCAPED.sub(r"\1", word[1:-1])
    return word
