"""How far back mail is loaded, as people say it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from core.errors import UsageError

DAYS = {"7 days": 7, "30 days": 30, "90 days": 90, "year": 365}
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Depth:
    """Mail from `since` on; None is everything."""

    since: datetime | None


def read_depth(text: str, now: datetime, zone: tzinfo = UTC) -> Depth:
    """`7 days`, `30 days`, `90 days`, `year`, `everything`, or a day of `zone` as `2026-01-31`. Raises `UsageError`."""
    words = " ".join(text.lower().split())
    if words == EVERYTHING:
        return Depth(None)
    if words in DAYS:
        return Depth(now - timedelta(days=DAYS[words]))
    try:
        day = datetime.fromisoformat(words)
        since = (day if day.tzinfo else day.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        known = ", ".join((*DAYS, EVERYTHING))
        raise UsageError(f"That is no length of time: say {known}, or a day such as 2026-01-31.") from None
    if since > now:
        raise UsageError("That day has not come yet: choose one in the past.")
    return Depth(since)
