"""The lines of a calendar (RFC 5545 §3.1) as components and properties: unfolded, unescaped, however badly written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_LINES = 50_000
DEEPEST = 20
NAME = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})(?=[:;])")
PARAMETER = re.compile(r';\s{0,9}([A-Za-z0-9-]{1,60})\s{0,9}=("[^"]*"|[^";:,]*)((?:,"[^"]*"|,[^";:,]*)*)')
ESCAPE = re.compile(r"\\([nN\\;,:\"])")
CARET = re.compile(r"\^([n'^])")
CARETS = {"n": "\n", "'": '"', "^": "^"}


@dataclass(frozen=True, slots=True)
class Property:
    """One line: `parameters` by upper-case name, unquoted; `value` still escaped."""

    parameters: Mapping[str, str]
    value: str

    def text(self) -> str:
        """The value as text (RFC 5545 §3.3.11)."""
        return ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.value).strip()


@dataclass(slots=True)
class Component:
    """What stands between `BEGIN:` and `END:`; names are upper case. `is_cut` where no `END:` came."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    components: list["Component"] = field(default_factory=list)
    is_cut: bool = True

    def first(self, name: str) -> Property | None:
        """The first property of this name."""
        return next(iter(self.properties.get(name, ())), None)

    def all(self, name: str) -> list[Property]:
        """The properties of this name, in order."""
        return self.properties.get(name, [])

    def text(self, name: str) -> str:
        """The first property of this name as text; empty where there is none."""
        found = self.first(name)
        return found.text() if found else ""

    def inside(self, name: str) -> Iterator["Component"]:
        """The components of this name that stand directly in it."""
        return (component for component in self.components if component.name == name)


def read_components(text: str) -> Component:
    """A nameless component that holds all that stands in `text`."""
    root = Component("", is_cut=False)
    stack = [root]
    for line in _unfolded(text):
        name_match = NAME.match(line)
        if name_match is None:
            continue
        name, found = name_match[1].upper(), _property(line, name_match.end())
        if name == "BEGIN" and len(stack) < DEEPEST:
            inner = Component(found.value.strip().upper())
            stack[-1].components.append(inner)
            stack.append(inner)
        elif name == "END":
            _close(stack, found.value.strip().upper())
        else:
            stack[-1].properties.setdefault(name, []).append(found)
    return root


def _close(stack: list[Component], name: str) -> None:
    """An end without its beginning is passed over; one that was forgotten inside is made up for."""
    if any(component.name == name for component in stack[1:]):
        while stack[-1].name != name:
            stack.pop()
        stack.pop().is_cut = False


def _unfolded(text: str) -> list[str]:
    """Whole lines. One that begins like no property goes on with the one before: folded without its blank."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n ", "").replace("\n\t", "")
    pieces: list[list[str]] = []
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        if NAME.match(line) or not pieces:
            pieces.append([line])
        elif line.strip():
            pieces[-1].append(line)
    return ["".join(piece) for piece in pieces]


def _property(line: str, position: int) -> Property:
    parameters: dict[str, str] = {}
    while (match := PARAMETER.match(line, position)) is not None:
        value = CARET.sub(lambda caret: CARETS[caret[1]], match[2].strip().strip('"'))
        parameters.setdefault(match[1].upper(), value)
        position = match.end()
    return Property(parameters, line[position:].partition(":")[2])
