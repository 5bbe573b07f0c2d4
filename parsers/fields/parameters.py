"""Parameters of Content-Type and Content-Disposition: RFC 2045, 2231 (continuations, charsets), and what mailers do.

`name="a;b.txt"`, `name*0*=utf-8''a%20; name*1=b`, unquoted blanks, encoded words inside quotes: all are met daily.
"""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from parsers.charsets.decoding import decode
from parsers.fields.encoded_words import decode_words

PARAMETER = re.compile(r'([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
NAME = re.compile(r'[^\s=;"]{1,100}$')
ESCAPED = re.compile(r'\\(["\\])')
EXTENDED = re.compile(r"^([^*]+)\*(\d+)?(\*)?$")
NAMES = ("name", "filename")
"""Only these are written for people, and so may be encoded as headers are, though RFC 2047 §5 forbids it."""
MOST = 200
SHORT = 60
"""Values up to this length are remembered; `text/plain; charset="utf-8"` is in most mail. Names of files are longer."""
LONGEST = 8_192
"""Characters of all parameters together: what lies beyond is an attack, not a file name."""


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first `;`, lower case, and its parameters by lower-case name, decoded.

    The parameters are to be read only: equal values share them.
    """
    return _known(value) if len(value) <= SHORT else _parsed(value)


def _parsed(value: str) -> tuple[str, dict[str, str]]:
    main, _, rest = value.partition(";")
    words = main.split(None, 1)
    if len(words) > 1 and "=" in words[1]:
        # The semicolon between the value and its first parameter was forgotten.
        rest = f"{words[1]};{rest}"
    main = words[0].lower() if words else ""
    if not rest:
        return main, {}
    usual = usual_parameters(rest)
    return main, usual if usual is not None else any_parameters(rest)


_known = lru_cache(maxsize=256)(_parsed)


def usual_parameters(rest: str) -> dict[str, str] | None:
    """Parameters that are written as most are, `name=value; name="value"`, or None."""
    found: dict[str, str] = {}
    pieces = rest.split(";")
    if len(pieces) > MOST or len(rest) > LONGEST or "*" in rest or "\\" in rest:
        return None
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name, value = name.strip().lower(), value.strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if '"' in value or (equals and not NAME.match(name)) or '"' in name:
            return None
        if equals and name not in found:
            found[name] = decode_words(value) if name in NAMES else value
    return found


def any_parameters(rest: str) -> dict[str, str]:
    """Parameters however they are written."""
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(PARAMETER.finditer(rest[:LONGEST])):
        if count >= MOST:
            break
        name, text = match[1].lower(), _value(match)
        extended = EXTENDED.match(name) if "*" in name else None
        if extended is None:
            plain.setdefault(name, decode_words(text) if name in NAMES else text)
        else:
            is_encoded = extended[3] is not None or extended[2] is None
            pieces.setdefault(extended[1], []).append((int(extended[2] or 0), is_encoded, text))
    for name, parts in pieces.items():
        plain[name] = _joined(parts)
    return plain


def _value(match: re.Match[str]) -> str:
    if match[2] is not None:
        return ESCAPED.sub(r"\1", match[2])
    return match[3].strip().strip('"')


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """The pieces of RFC 2231 in order; the first may name the charset of all."""
    charset, data = "", bytearray()
    for position, (_, is_encoded, text) in enumerate(sorted(parts, key=lambda piece: piece[0])):
        if is_encoded:
            if position == 0 and text.count("'") >= 2:
                charset, _, text = text.split("'", 2)
            data += unquote_to_bytes(text)
        else:
            data += text.encode("utf-8", "replace")
    return decode_words(decode(bytes(data), charset))
