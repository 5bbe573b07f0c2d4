"""How far back the mail of a mailbox is loaded, as people choose it: a few usual spans, a day, or everything."""

from datetime import UTC, datetime, time, timedelta

from core.clock import utcnow
from core.errors import UsageError
from crm.office.typed import day_in
from web.signed_in import SignedIn, zone_of

DEPTHS = {"week": 7, "month": 30, "quarter": 90, "year": 365}
"""In days; `day` is a day that is given, everything else is everything."""


def depth_since(depth: str, day: str, me: SignedIn) -> datetime | None:
    """The moment from which mail is loaded; None is all of it. Raises `UsageError` for what is no day of the past."""
    if depth in DEPTHS:
        return utcnow() - timedelta(days=DEPTHS[depth])
    if depth != "day":
        return None
    if not day.strip():
        raise UsageError("Choose the day from which mail is loaded.")
    try:
        chosen = datetime.combine(day_in(day, me.formats), time(), zone_of(me)).astimezone(UTC)
    except OverflowError:
        raise UsageError("That day is too long ago: choose a later one, or everything.") from None
    if chosen > utcnow():
        raise UsageError("That day has not come yet: choose one of the past.")
    return chosen
