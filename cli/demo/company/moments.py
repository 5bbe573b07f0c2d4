"""Times in the sources are relative to the start of the demo, so that its mail is always fresh.

`{{-3d 09:14}}` is three *working* days ago at that hour (nobody wants an offer written on a Sunday), `{{-25m}}` and
`{{-3h}}` count from now. `@Asia/Tokyo` names another time zone than the company's. A locale and a CLDR pattern write
it out as a mail client would: `{{-3d 09:14|de|d. MMMM y 'um' HH:mm}}`; `|ics` gives the form of RFC 5545.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as format_localised

_MOMENT = re.compile(
    r"\{\{(?P<count>[+-]\d+)(?P<unit>[dhm])(?: (?P<clock>\d\d:\d\d))?(?: @(?P<zone>[\w/+-]+))?"
    r"(?:\|(?P<locale>\w+)(?:\|(?P<pattern>[^}]+))?)?\}\}"
)
_SATURDAY = 5


class Moments:
    """Fills in the times of a source text, for one `now` and one home time zone."""

    def __init__(self, now: datetime, time_zone: str) -> None:
        self._now = now.replace(microsecond=0)
        self._home = ZoneInfo(time_zone)

    def fill(self, text: str) -> str:
        """`text` with every time placeholder written out."""
        return _MOMENT.sub(self._write, text)

    def at(self, source: str) -> datetime:
        """The moment of a bare `-3d 09:14`. Raises `ValueError` when it is none."""
        match = _MOMENT.fullmatch("{{" + source + "}}")
        if match is None:
            raise ValueError(f"{source!r} is not a relative time")
        return self._moment(match)

    def _write(self, match: re.Match[str]) -> str:
        moment = self._moment(match)
        locale, pattern = match["locale"], match["pattern"]
        if locale == "ics":
            return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        if pattern:
            return format_localised(moment, pattern, tzinfo=moment.tzinfo, locale=locale)
        return format_datetime(moment)

    def _moment(self, match: re.Match[str]) -> datetime:
        zone = ZoneInfo(match["zone"]) if match["zone"] else self._home
        count = int(match["count"])
        if match["unit"] != "d":
            step = timedelta(hours=count) if match["unit"] == "h" else timedelta(minutes=count)
            return (self._now + step).astimezone(zone)
        hour, minute = (match["clock"] or "09:00").split(":")
        day = _working_day(self._now.astimezone(self._home), count)
        seconds = (int(hour) * 7 + int(minute) * 13) % 60
        return day.replace(hour=int(hour), minute=int(minute), second=seconds, tzinfo=zone)


def _working_day(day: datetime, count: int) -> datetime:
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= _SATURDAY:
            day += step
    return day
