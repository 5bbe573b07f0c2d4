"""How far back the mail of a mailbox is loaded, as people choose it: a few usual spans, a day, or everything."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import utcnow
from core.errors import UsageError

DEPTHS = {"week": 7, "month": 30, "quarter": 90, "year": 365}
"""In days; `day` is a day that is given, everything else is everything."""


def depth_since(depth: str, day: str, zone: ZoneInfo) -> datetime | None:
    """The moment from which mail is loaded; None is all of it. Raises `UsageError` for what is no day of the past."""
    if depth in DEPTHS:
        return utcnow() - timedelta(days=DEPTHS[depth])
    if depth != "day":
        return None
    try:
        chosen = datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError("Choose the day from which mail is loaded, such as 2025-01-31.") from None
    if chosen > utcnow():
        raise UsageError("That day has not come yet: choose one of the past.")
    return chosen
