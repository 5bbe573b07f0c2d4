"""The limits of the parsers are settings."""

import pytest

from core.config import load_settings
from core.errors import UsageError
from core.limits import DEFAULT_LIMITS, Limits


def test_every_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILSYNC_PARSE_PARTS", "12")
    monkeypatch.setenv("MAILSYNC_PARSE_TEXT_BYTES", "100000")

    limits = load_settings().limits

    assert limits == Limits(parts=12, text_bytes=100_000)
    assert (
        load_settings(parse_parts=DEFAULT_LIMITS.parts, parse_text_bytes=DEFAULT_LIMITS.text_bytes).limits == Limits()
    )


def test_a_limit_below_reason_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILSYNC_PARSE_DEPTH", "0")

    with pytest.raises(UsageError, match="MAILSYNC_PARSE_DEPTH"):
        load_settings()
