"""What `parsers` promises for any bytes, as one check that tells which promise an input breaks.

`tests/unit/parsers/test_properties.py` asks the same of inputs that people thought of; here they come from a fuzzer.
"""

import hashlib
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from types import FrameType

from typing_extensions import override

from parsers.content.attachments import attachment_content
from parsers.html.sanitize import sanitize_html
from parsers.message import parse_message
from parsers.model import ParsedMessage
from parsers.output import as_json
from parsers.threads import ThreadInput, thread_input

ACTIVE = frozenset({
    "script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base", "svg", "math", "video", "audio",
})  # fmt: skip
LOADING = frozenset({"src", "srcset", "background", "poster", "data", "action", "formaction", "ping"})
LINKS = ("http:", "https:", "mailto:", "tel:", "#")
SECONDS = 5.0
"""Of the processor, for one input of at most some ten thousand bytes, while the code is watched. (See also `growth.py`.)"""


class BrokenPromise(AssertionError):
    """What was promised and did not hold, in words that are the same each time."""


def check(raw: bytes) -> None:
    """Raise what breaks: `BrokenPromise`, or what a parser raised."""
    with at_most(SECONDS):
        parsed = parse_message(raw)
        _is_storable(parsed)
        _is_consistent(raw, parsed)
        _is_safe(parsed.html or parsed.text)


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
    _require("what is shown can be stored", holds="\x00" not in shown)
    shown.encode()
    page = _Page()
    page.feed(shown)
    page.close()


class _Page(HTMLParser):
    """What a browser would find in a page that is shown."""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _require("nothing active is shown", holds=tag not in ACTIVE)
        for name, value in attrs:
            told = (value or "").strip().lower()
            _require("no event is listened to", holds=not name.startswith("on"))
            _require("nothing remote is loaded", holds=name not in LOADING or told.startswith("data:image/"))
            _require("no style loads anything", holds=name != "style" or "url(" not in told)
            _require("links lead to pages and people", holds=name != "href" or told.startswith(LINKS))
