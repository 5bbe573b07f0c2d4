"""The tree of MIME parts (RFC 2045, 2046), found by boundary and kept as offsets into the raw bytes.

Nothing is decoded here, so that the tree costs its structure and not its bytes. Each boundary line is searched once
for the part it bounds; `depth` and `parts` bound the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.headers import Headers, read_head
from parsers.limits import Limits
from parsers.parameters import parse_parameters

LINE_FEED = 0x0A


@dataclass(slots=True)
class Part:
    """One node. Its encoded body is `data[start:end]`; a container has children instead of content."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    data: bytes
    head: int
    start: int
    end: int
    children: list["Part"] = field(default_factory=list)
    is_broken: bool = False

    @property
    def is_multipart(self) -> bool:
        """Whether it holds other parts and nothing of its own."""
        return bool(self.children)

    @property
    def encoding(self) -> str:
        """Its Content-Transfer-Encoding, lower case."""
        value = self.headers.first("content-transfer-encoding")
        return value.lower().strip(" ;\"'") if value else ""

    def leaves(self) -> Iterator["Part"]:
        """The parts that carry bytes, in the order of the message."""
        stack = [self]
        while stack:
            part = stack.pop()
            if part.children:
                stack.extend(reversed(part.children))
            else:
                yield part


@dataclass(slots=True)
class Budget:
    """What is left of the limits while one message is read."""

    limits: Limits
    parts: int
    is_exceeded: bool = False


def read_tree(data: bytes, limits: Limits) -> tuple[Part, Budget]:
    """The tree of a whole message."""
    budget = Budget(limits, limits.parts)
    return read_part(data, 0, len(data), budget, depth=0, default="text/plain"), budget


def read_part(data: bytes, start: int, end: int, budget: Budget, *, depth: int, default: str) -> Part:
    """The part that stands at `data[start:end]`, with all below it."""
    budget.parts -= 1
    fields, body = read_head(data, start, end, budget.limits, root=depth == 0)
    headers = Headers(fields)
    content_type, parameters = parse_parameters(headers.raw("content-type") or default)
    if "/" not in content_type:
        content_type = default if content_type != "text" else "text/plain"
    part = Part(headers, content_type, parameters, data, start, body, end)
    if content_type.startswith("multipart/"):
        _read_children(part, budget, depth)
    return part


def _read_children(part: Part, budget: Budget, depth: int) -> None:
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    if not boundary or depth >= budget.limits.depth:
        part.is_broken = True
        return
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in _sections(part, boundary):
        if budget.parts <= 0:
            budget.is_exceeded = True
            return
        part.children.append(read_part(part.data, start, end, budget, depth=depth + 1, default=default))
    part.is_broken = not part.children


def _sections(part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each body part begins and ends: between boundary lines, without the line end before the next one."""
    data, mark, start = part.data, b"--" + boundary, -1
    position = part.start
    while (found := data.find(mark, position, part.end)) >= 0:
        position = found + len(mark)
        line_end = data.find(b"\n", position, part.end)
        line_end = part.end if line_end < 0 else line_end + 1
        rest = data[position : min(position + 100, line_end)].strip()
        if (found > part.start and data[found - 1] != LINE_FEED) or rest not in (b"", b"--"):
            continue
        if start >= 0:
            yield start, max(_before_line_end(data, found), start)
        if rest:
            return
        start = position = line_end
    if start >= 0:
        yield start, part.end


def _before_line_end(data: bytes, position: int) -> int:
    if data[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1 if data[position - 1 : position] == b"\n" else position
