"""What `parsers` promises for any bytes, as one check that tells which promise an input breaks.

Time is that of the processor, so that a busy machine makes no finds. `tests/unit/parsers/test_properties.py` asks the
same of inputs that people thought of; here they come from a fuzzer.
"""

import hashlib
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from types import FrameType
from zlib import crc32

from parsers.attachments import attachment_content
from parsers.html_sanitize import sanitize_html
from parsers.message import parse_message
from parsers.model import ParsedMessage
from parsers.output import as_json
from parsers.threads import ThreadInput, thread_input

SECONDS = 5.0
"""For one input of at most some ten thousand bytes, by code that is slowed down by being watched."""
SMALL, LARGE = 8_000, 32_000
"""Bytes of two mails with the same piece repeated; four times the bytes shall be about four times the work."""
MOST_GROWTH, UNCERTAIN = 8, 0.1
GROWTH = "the work grows with the size"
ONE_IN = 16
"""How many inputs are tried for growth: it takes as long as some dozens of others."""


class BrokenPromise(AssertionError):
    """What was promised and did not hold; `detail` may tell more."""

    def __init__(self, promise: str, detail: str = "") -> None:
        super().__init__(promise, detail) if detail else super().__init__(promise)
        self.promise = promise
        self.detail = detail


def check(raw: bytes) -> None:
    """Raise what breaks: `BrokenPromise`, or what a parser raised."""
    with at_most(SECONDS):
        parsed = parse_message(raw)
        _is_storable(parsed)
        _is_consistent(raw, parsed)
        _is_safe(parsed.html or parsed.text)
    if crc32(raw) % ONE_IN == 0:
        with at_most(10 * SECONDS):
            _grows_linearly(raw)


def strings_of(value: object) -> Iterator[str]:
    """Every string in a result."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings_of(getattr(value, field.name))
    elif hasattr(value, "__iter__") and not isinstance(value, bytes):
        for item in value:
            yield from strings_of(item)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise when more processor time is used; regular expressions are interrupted too."""

    def stop(_: int, __: FrameType | None) -> None:
        raise BrokenPromise("takes too long")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _require(promise: str, *, holds: bool) -> None:
    if not holds:
        raise BrokenPromise(promise)


def _is_storable(parsed: ParsedMessage) -> None:
    size = 0
    for text in strings_of(parsed):
        size += len(text)
        _require("no NUL in a string", holds="\x00" not in text)
        _require(
            "no lone surrogate in a string", holds=text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)
        )
    _require(
        "Message-IDs hold something", holds=all((*parsed.references, *parsed.in_reply_to)) and parsed.message_id != ""
    )
    json.dumps(as_json("x", parsed), ensure_ascii=False, allow_nan=False).encode()


def _is_consistent(raw: bytes, parsed: ParsedMessage) -> None:
    again = parse_message(raw)
    _require("the same bytes give the same", holds=as_json("x", again) == as_json("x", parsed))
    _require("the same bytes have the same fingerprint", holds=again.fingerprint == parsed.fingerprint)
    _require("head_size lies within the message", holds=0 <= parsed.head_size <= len(raw))
    _require(
        "text is not much larger than the message",
        holds=sum(map(len, strings_of(parsed))) <= 12 * len(raw) + 10_000,
    )
    for attachment in parsed.attachments:
        content = attachment_content(raw, attachment.index)
        _require("an attachment is as long as described", holds=len(content) == attachment.size)
        _require("an attachment has the described hash", holds=hashlib.sha256(content).hexdigest() == attachment.sha256)
    if raw[: parsed.head_size].isascii():
        ids = ThreadInput(parsed.message_id, parsed.references, parsed.in_reply_to)
        _require("threading reads the same ids", holds=thread_input(raw) == ids)


def _is_safe(html: str) -> None:
    shown = sanitize_html(html, cid_urls={}, allow_remote=False).html
    lowered = shown.lower()
    _require("no script is shown", holds="<script" not in lowered and "<iframe" not in lowered)
    _require("nothing remote is loaded", holds='src="http' not in lowered and "url(http" not in lowered)
    _require("what is shown can be stored", holds="\x00" not in shown)
    shown.encode()


def _grows_linearly(raw: bytes) -> None:
    """Repeat one piece of the mail, told by its checksum, and compare."""
    if not raw:
        return
    number = crc32(raw) // ONE_IN
    start = number % len(raw)
    piece = raw[start : start + 1 + number // len(raw) % 64]

    def work(size: int) -> float:
        longer = raw[:start] + piece * (size // len(piece)) + raw[start:]
        before = time.process_time()
        parse_message(longer)
        return time.process_time() - before

    if work(LARGE) <= MOST_GROWTH * work(SMALL) + UNCERTAIN:
        return
    once, more = (min(work(size) for _ in range(3)) for size in (SMALL, LARGE))
    if more > MOST_GROWTH * once + UNCERTAIN:
        raise BrokenPromise(GROWTH, f"{piece!r} at {start}, {SMALL} bytes {once:.2f} s, {LARGE} bytes {more:.2f} s")
