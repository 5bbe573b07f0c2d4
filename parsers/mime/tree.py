"""The tree of MIME parts (RFC 2045, 2046), found by boundary and kept as offsets into the raw bytes.

Parts are not decoded here (but for a multipart that was encoded as a whole, which no program should do), so that the
tree costs its structure and not its bytes. Each boundary line is searched once for the part it bounds; `depth` and
`parts` bound the rest.
"""

import re
from collections.abc import Iterator

from parsers.fields.headers import Headers, read_head
from parsers.fields.parameters import parse_parameters
from parsers.limits import Limits
from parsers.mime.transfer import decoded

LINE_FEED = 0x0A
LIKELY_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,199}|-[^\r\n]{1,199})\r?\nContent-[A-Za-z-]{1,40}:", re.MULTILINE)
"""A line that bounds a part, whatever the header says: drawn with two hyphens, and a header of a part below it."""
SEARCHED = 1024 * 1024
ENVELOPED = ("base64", "quoted-printable")


class Part:
    """One node. Its encoded body is `data[start:end]`; a container has children instead of content."""

    def __init__(
        self,
        headers: Headers,
        content_type: str,
        parameters: dict[str, str],
        data: bytes,
        head: int,
        start: int,
        end: int,
    ) -> None:
        self.headers = headers
        self.content_type = content_type
        self.parameters = parameters
        self.data = data
        self.head, self.start, self.end = head, start, end
        self.children: list[Part] = []
        self.is_broken = False

    @property
    def is_multipart(self) -> bool:
        """Whether it holds other parts and nothing of its own."""
        return bool(self.children)

    @property
    def encoding(self) -> str:
        """Its Content-Transfer-Encoding, lower case."""
        value = self.headers.raw("content-transfer-encoding")
        return value.lower().partition(" ")[0].strip(";\"'") if value else ""

    def leaves(self) -> Iterator["Part"]:
        """The parts that carry bytes, in the order of the message."""
        stack = [self]
        while stack:
            part = stack.pop()
            if part.children:
                stack.extend(reversed(part.children))
            else:
                yield part


class Budget:
    """What is left of the limits while one message is read."""

    def __init__(self, limits: Limits, parts: int) -> None:
        self.limits = limits
        self.parts = parts
        self.is_exceeded = False


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
    part = Part(headers, content_type, parameters, data, start, min(body, end), end)
    if content_type.startswith("multipart/"):
        _read_children(part, budget, depth)
    return part


def _read_children(part: Part, budget: Budget, depth: int) -> None:
    boundary = _boundary(part)
    if depth < budget.limits.depth:
        if boundary:
            _read_sections(part, boundary, budget, depth)
        if not part.children:
            _recover_children(part, boundary, budget, depth)
    part.is_broken = not part.children


def _boundary(part: Part) -> bytes:
    return part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()


def _recover_children(part: Part, boundary: bytes, budget: Budget, depth: int) -> None:
    """A multipart that was encoded as a whole, against RFC 2045 §6.4, or whose header names no boundary or a wrong one."""
    if part.encoding in ENVELOPED:
        content, _ = decoded(part.data, part.start, part.end, part.encoding)
        inside = Part(part.headers, part.content_type, part.parameters, content, 0, 0, len(content))
        if boundary:
            _read_sections(inside, boundary, budget, depth)
        part.children = inside.children
        return
    if boundary:
        _read_sections(part, boundary, budget, depth, is_loose=True)
    if part.children:
        return
    likely = LIKELY_BOUNDARY.search(part.data, part.start, min(part.end, part.start + SEARCHED))
    if likely is not None:
        _read_sections(part, likely[1].rstrip(), budget, depth)


def _read_sections(part: Part, boundary: bytes, budget: Budget, depth: int, *, is_loose: bool = False) -> None:
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    open_parts = [part]
    for start, end, is_last in _sections(part, boundary, is_loose=is_loose):
        if budget.parts <= 0:
            budget.is_exceeded = True
            return
        level = depth + len(open_parts)
        child = read_part(part.data, start, end, budget, depth=level, default=default)
        open_parts[-1].children.append(child)
        if child.is_broken and level < budget.limits.depth and _boundary(child) == boundary:
            # It repeats the boundary of the part around it: what follows, up to the next end, is its own.
            child.is_broken = False
            open_parts.append(child)
        elif is_last:
            open_parts.pop()
            if not open_parts:
                return


def _sections(part: Part, boundary: bytes, *, is_loose: bool) -> Iterator[tuple[int, int, bool]]:
    """Where each body part begins and ends, without the line end before the next boundary; and whether that closes.

    RFC 2046 §5.1.1 lets words follow on the line of a boundary. Hardly a program writes them, and many a boundary begins
    with another one, so that only `is_loose` takes them, for parts that have no boundary else.
    """
    data, mark, start = part.data, b"--" + boundary, -1
    position = part.start
    while (found := data.find(mark, position, part.end)) >= 0:
        position = found + len(mark)
        line_end = data.find(b"\n", position, part.end)
        line_end = part.end if line_end < 0 else line_end + 1
        rest = data[position : min(position + 100, line_end)].strip()
        if is_loose and data[position : position + 1] in (b" ", b"\t"):
            rest = b""
        elif is_loose and rest.startswith(b"--"):
            rest = b"--"
        if (found > part.start and data[found - 1] != LINE_FEED) or rest not in (b"", b"--"):
            continue
        if start >= 0:
            yield start, max(_before_line_end(data, found), start), bool(rest)
        position = line_end
        start = -1 if rest else line_end
    if start >= 0:
        yield start, part.end, True


def _before_line_end(data: bytes, position: int) -> int:
    if data[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1 if data[position - 1 : position] == b"\n" else position
