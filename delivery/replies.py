"""SMTP replies as they come off the wire (RFC 5321 §4.2): one bounded, incremental reader for all conversations."""

import re
from dataclasses import dataclass

MAX_LINE = 4096
MAX_REPLY = 64 * 1024
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])([^\r\n]*))?\r?")


class GarbledReply(Exception):
    """The bytes are no SMTP reply; the conversation can not go on. Internal: becomes a `Failure` further up."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One complete reply; the lines of a long one are joined by a space."""

    code: int
    text: str

    @property
    def good(self) -> bool:
        """Whether the command was accepted."""
        return 200 <= self.code < 300

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code of RFC 3463 at the head of the text, if there is one."""
        found = _ENHANCED.match(self.text)
        return found.group(1) if found else None


class ReplyReader:
    """Turns a stream of bytes into replies. Holds at most `MAX_REPLY` bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._held = 0

    def feed(self, data: bytes) -> list[Reply]:
        """All replies that `data` completes, in order. Raises `GarbledReply`."""
        *lines, self._rest = (self._rest + data).split(b"\n") if self._rest else data.split(b"\n")
        if len(self._rest) > MAX_LINE:
            raise GarbledReply("a line without end")
        replies: list[Reply] = []
        for line in lines:
            reply = self._line(line)
            if reply is not None:
                replies.append(reply)
        return replies

    def _line(self, line: bytes) -> Reply | None:
        found = _LINE.fullmatch(line)
        if found is None or len(line) > MAX_LINE:
            raise GarbledReply("not an SMTP reply")
        code, more, raw = found.groups()
        text = (raw or b"").decode("utf-8", "replace").replace("\x00", "")
        if more != b"-" and not self._lines:
            return Reply(int(code), text)
        self._held += len(line)
        if self._held > MAX_REPLY:
            raise GarbledReply("a reply without end")
        self._lines.append(text)
        if more == b"-":
            return None
        whole = " ".join(self._lines)
        self._lines, self._held = [], 0
        return Reply(int(code), whole)
