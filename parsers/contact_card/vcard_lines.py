"""The lines of a vCard file: unfolded, decoded, split into name, parameters and value (RFC 6350 §3, 2426 §2, vCard 2.1)."""

from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.charsets.decoding import decode

LONGEST_NAME = 2_000
LONGEST_VALUE = 8_000
MOST_PARAMETERS = 30
BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
QUOTED_PRINTABLE = frozenset({"QUOTED-PRINTABLE", "Q"})
BASE64 = frozenset({"BASE64", "B"})
ESCAPED_BACKSLASH, ESCAPED_SEPARATOR = "\x00", "\x01"


@dataclass(frozen=True, slots=True)
class Property:
    """One line: its name without group, upper case; its parameters' values, upper case; the value still escaped."""

    name: str
    kinds: frozenset[str]
    value: str


def properties_of(content: bytes, wanted: frozenset[str]) -> Iterator[Property]:
    """The properties of these names in the order of the file; others, such as pictures, are passed over unread."""
    for line in _unfolded(_text(content)):
        colon = _colon(line)
        if colon < 0:
            continue
        name, *parameters = line[:colon].split(";", MOST_PARAMETERS)
        name = name.rpartition(".")[2].strip().upper()
        if name not in wanted:
            continue
        kinds, charset = _kinds(parameters)
        yield Property(name, kinds, _decoded(line[colon + 1 :], kinds, charset)[:LONGEST_VALUE])


def pieces_of(value: str, separator: str = ";") -> list[str]:
    """The parts of a structured value, each unescaped."""
    value = value.replace("\\\\", ESCAPED_BACKSLASH).replace("\\" + separator, ESCAPED_SEPARATOR)
    return [
        unescaped(piece.replace(ESCAPED_SEPARATOR, separator).replace(ESCAPED_BACKSLASH, "\\\\"))
        for piece in value.split(separator)
    ]


def unescaped(value: str) -> str:
    """The text without its escapes, in one line."""
    value = value.replace("\\\\", ESCAPED_BACKSLASH).replace("\\n", " ").replace("\\N", " ")
    value = value.replace("\\,", ",").replace("\\;", ";").replace("\\:", ":").replace(ESCAPED_BACKSLASH, "\\")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())


def _text(content: bytes) -> str:
    for mark, charset in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return decode(content, charset)
    # QUOTED-PRINTABLE keeps other charsets out of the way; what stands raw is UTF-8, or what its letters look like.
    return decode(content).lstrip("\ufeff")


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: a blank at its start, or `=` at the end of quoted-printable, continues one."""
    open_: list[str] = []
    is_soft = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if is_soft or (line[:1] in (" ", "\t") and open_):
            open_.append(line if is_soft else line[1:])
        else:
            if open_:
                yield "".join(open_)
            open_ = [line]
        is_soft = line.endswith("=") and _is_quoted_printable(open_[0])
        if is_soft:
            open_[-1] = open_[-1][:-1]
    yield "".join(open_)


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line[:LONGEST_NAME].partition(":")[0].upper()


def _colon(line: str) -> int:
    """Where the value begins: at the first colon outside of quotes."""
    head = line[:LONGEST_NAME]
    colon = head.find(":")
    if '"' not in head[: max(colon, 0)]:
        return colon
    is_quoted = False
    for position, character in enumerate(head):
        if character == '"':
            is_quoted = not is_quoted
        elif character == ":" and not is_quoted:
            return position
    return colon


def _kinds(parameters: list[str]) -> tuple[frozenset[str], str]:
    """The values of the parameters, as `TYPE=work,voice` or only `WORK` (2.1), and the charset."""
    kinds: set[str] = set()
    charset = ""
    for parameter in parameters:
        name, equals, value = parameter.upper().partition("=")
        if equals and name.strip() == "CHARSET":
            charset = value.strip(' "')
        kinds.update(word.strip() for word in (value if equals else name).replace('"', "").split(","))
        if name.strip() == "PREF" and equals:
            kinds.add("PREF")
    return frozenset(kinds), charset


def _decoded(value: str, kinds: frozenset[str], charset: str) -> str:
    if not QUOTED_PRINTABLE.isdisjoint(kinds):
        return decode(a2b_qp(value[: LONGEST_VALUE * 3].encode("utf-8", "replace")), charset)
    if not BASE64.isdisjoint(kinds):
        try:
            return decode(a2b_base64(value[: LONGEST_VALUE * 2].encode("utf-8", "replace")), charset)
        except Base64Error:
            return ""
    return value
