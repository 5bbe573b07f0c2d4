"""The one place that asks what time it is, so that tests can travel and all times are UTC."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present moment, timezone-aware, UTC."""
    return datetime.now(UTC)
