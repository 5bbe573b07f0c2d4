"""The limits of the parsers are settings."""

from dataclasses import asdict

import pytest

from core.config import load_settings
from core.errors import UsageError
from core.limits import DEFAULT_LIMITS, Limits


def test_every_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().limits == DEFAULT_LIMITS
    changed = {name: limit + 1 for name, limit in asdict(DEFAULT_LIMITS).items()}
    for name, limit in changed.items():
        monkeypatch.setenv(f"MAILSYNC_PARSE_{name.upper()}", str(limit))

    assert load_settings().limits == Limits(**changed)


def test_a_limit_below_reason_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILSYNC_PARSE_DEPTH", "0")

    with pytest.raises(UsageError, match="MAILSYNC_PARSE_DEPTH"):
        load_settings()
