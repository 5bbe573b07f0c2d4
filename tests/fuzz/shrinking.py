"""The smallest input that still breaks in the same way: lines are taken out first, then ever shorter pieces."""

import time
from collections.abc import Callable

from fuzz.promises import BrokenPromise

PATIENCE = 20.0


def signature(error: BaseException) -> str:
    """What makes two failures one: the kind, what a broken promise says, and the last line of ours that was run."""
    frame = error.__traceback__
    place = ""
    while frame is not None:
        code = frame.tb_frame.f_code
        if "/parsers/" in code.co_filename:
            place = f"{code.co_filename.rpartition('/parsers/')[2]}:{code.co_name}"
        frame = frame.tb_next
    said = str(error) if isinstance(error, BrokenPromise) else ""
    return f"{type(error).__name__} {place} {said}".strip()


def shrunk(raw: bytes, fails: Callable[[bytes], str | None], name: str) -> bytes:
    """`raw` with all taken out that is not needed for `fails` to tell `name`."""
    deadline = time.monotonic() + PATIENCE
    size = max(len(raw) // 2, 1)
    while True:
        start = 0
        while start < len(raw):
            shorter = raw[:start] + raw[start + size :]
            if time.monotonic() > deadline:
                return raw
            if fails(shorter) == name:
                raw = shorter
            else:
                start += size
        if size == 1:
            return raw
        size //= 2
