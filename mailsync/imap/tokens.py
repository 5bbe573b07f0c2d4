"""The grammar that most IMAP answers share: atoms, quoted strings, literals and nested lists (RFC 9051 §9).

One regular expression cuts the text, which is ten times faster than a lexer by character. It can not run away: every
repetition is possessive. Nesting is a stack of ours, so that no server can exhaust Python's.
"""

import re
from collections.abc import Sequence

from mailsync.imap.errors import ProtocolError

Value = bytes | None | list["Value"]
"""An atom, string or literal; NIL; a parenthesised list."""

_TOKEN = re.compile(
    rb'[()]|"(?:[^"\\]++|\\.)*+"'  # A parenthesis, a quoted string,
    rb'|(?:[^\s()"\[]++|\[[^\]]*+\])++'  # an atom such as BODY[HEADER.FIELDS (DATE)]<0>,
    rb"|\S",  # or something that is none of them.
    re.DOTALL,
)
_ESCAPED = re.compile(rb'\\(["\\])')
_DEEPEST = 64
_DOUBLE_QUOTE = ord('"')
_NIL = frozenset({b"NIL", b"nil", b"Nil"})


def parse_values(parts: Sequence[bytes]) -> list[Value]:
    """The values of one response, `parts` being text and literals in turn. Raises `ProtocolError`."""
    top: list[Value] = []
    here = top
    above: list[list[Value]] = []
    for index, part in enumerate(parts):
        if index % 2:
            here.append(part)
            continue
        for token in _TOKEN.findall(part):
            if token == b"(":
                above.append(here)
                here = []
                if len(above) > _DEEPEST:
                    raise ProtocolError("lists are nested too deeply")
            elif token == b")":
                if not above:
                    raise ProtocolError("a list ends that never began")
                above[-1].append(here)
                here = above.pop()
            elif token[0] == _DOUBLE_QUOTE:
                here.append(_unquoted(token))
            else:
                here.append(None if token in _NIL else token)
    if above:
        raise ProtocolError("a list does not end")
    return top


def _unquoted(token: bytes) -> bytes:
    if len(token) == 1:
        raise ProtocolError("a quoted string does not end")
    inside = token[1:-1]
    return _ESCAPED.sub(rb"\1", inside) if b"\\" in inside else inside


def as_bytes(value: Value) -> bytes:
    """A value that must be a string or an atom."""
    if not isinstance(value, bytes):
        raise ProtocolError("a string was expected")
    return value


def as_int(value: Value) -> int:
    """A value that must be a number without a sign."""
    if not isinstance(value, bytes) or not value.isdigit() or len(value) > 20:
        raise ProtocolError("a number was expected")
    return int(value)


def as_list(value: Value) -> list[Value]:
    """A value that must be a list."""
    if not isinstance(value, list):
        raise ProtocolError("a list was expected")
    return value


def as_words(value: Value) -> frozenset[str]:
    """A list of atoms or strings such as flags; odd bytes are replaced, nested lists refused."""
    return frozenset(as_bytes(one).decode("utf-8", "replace") for one in as_list(value))
