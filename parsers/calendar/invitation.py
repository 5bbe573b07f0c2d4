"""Invitations: the event that a mail carries (iTIP and iMIP, RFC 5545, 5546, 6047), answered, changed or called off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from parsers.calendar.lines import Component, Property, read_components
from parsers.calendar.times import Moment, moment_of, span_of, zones_of
from parsers.charsets.decoding import decode
from parsers.content.body import Body
from parsers.fields.headers import one_line
from parsers.model import Address, Attendee, Defect, Invitation, Participation

TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
EXTENSION = ".ics"
LONGEST = 4 * 1024 * 1024
MOST_ATTENDEES = 2_000
LONGEST_TEXT = 2_000
"""Characters of a summary, a place or a rule."""
OTHERS = ("VTODO", "VFREEBUSY", "VJOURNAL")
"""What a calendar may hold and no invitation is."""
PUBLISH = "PUBLISH"
"""The method of a calendar that names none: it is only shown."""
ANSWERS = {
    "ACCEPTED": Participation.ACCEPTED, "DECLINED": Participation.DECLINED, "TENTATIVE": Participation.TENTATIVE,
    "DELEGATED": Participation.DELEGATED, "COMPLETED": Participation.ACCEPTED, "IN-PROCESS": Participation.ACCEPTED,
}  # fmt: skip
NOT_REQUIRED = ("OPT-PARTICIPANT", "NON-PARTICIPANT")
ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT"
"""Outlook writes days as midnights in a zone, and says here what they are."""
DAY = timedelta(days=1)
BAD_CALENDAR = Defect("bad_calendar", "The calendar has no event, or one that cannot be read whole.")


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar as it came, with what its part says about it."""

    content: bytes
    charset: str = ""
    method: str = ""


def invitation_of(body: Body) -> tuple[Invitation | None, tuple[Defect, ...]]:
    """What a message invites to, answers or calls off; and what is broken about its calendar."""
    calendar = calendar_in(body)
    if calendar is None:
        return None, ()
    invitation, is_intact = read_invitation(calendar)
    return invitation, () if is_intact else (BAD_CALENDAR,)


def calendar_in(body: Body) -> CalendarPart | None:
    """The calendar of a message, wherever it stands: beside the text, attached, or only called one by its file name."""
    for part, content in body.leaves:
        if part.content_type in TYPES:
            return CalendarPart(content, part.parameters.get("charset", ""), part.parameters.get("method", ""))
    for file in body.files:
        if file.filename.lower().endswith(EXTENSION):
            return CalendarPart(file.content)
    return None


def read_invitation(given: CalendarPart) -> tuple[Invitation | None, bool]:
    """The first event of a calendar, None where it has none; and whether the calendar is intact."""
    root = read_components(decode(given.content[:LONGEST], given.charset))
    calendar = next(root.inside("VCALENDAR"), root)
    event = next(calendar.inside("VEVENT"), None)
    if event is None:
        return None, any(component.name in OTHERS for component in calendar.components)
    method = calendar.text("METHOD") or given.method or PUBLISH
    zones = zones_of(calendar)
    start, end = moment_of(event.first("DTSTART"), zones), moment_of(event.first("DTEND"), zones)
    is_readable = all(moment or event.first(name) is None for moment, name in ((start, "DTSTART"), (end, "DTEND")))
    all_day = start is not None and (start.is_date or event.text(ALL_DAY).upper() == "TRUE")
    starts_at, ends_at = _span(event, start, end, all_day=all_day)
    organizer = event.first("ORGANIZER")
    invitation = Invitation(
        method=one_line(method)[:40].upper(),
        uid=_line(event, "UID"),
        sequence=_number(event.text("SEQUENCE")),
        summary=_line(event, "SUMMARY"),
        location=_line(event, "LOCATION"),
        start=starts_at,
        end=ends_at,
        all_day=all_day,
        floating=start is not None and start.is_floating,
        recurrence=_line(event, "RRULE"),
        organizer=_address(organizer) if organizer else None,
        attendees=tuple(_attendee(one) for one in event.all("ATTENDEE")[:MOST_ATTENDEES]),
    )
    return invitation, is_readable and not event.is_cut


def _span(
    event: Component, start: Moment | None, end: Moment | None, *, all_day: bool
) -> tuple[datetime | None, datetime | None]:
    """Beginning and end; where no end is told, by DURATION, else as RFC 5545 §3.6.1 has it."""
    if start is None:
        return None, end.at if end else None
    starts_at = start.local or start.at if all_day else start.at
    if end is not None:
        ends_at = end.local or end.at if all_day else end.at
    else:
        ends_at = _later(starts_at, span_of(event.first("DURATION")) or timedelta())
    if all_day and ends_at <= starts_at:
        ends_at = _later(starts_at, DAY)
    return starts_at, ends_at if ends_at >= starts_at else None


def _later(at: datetime, span: timedelta) -> datetime:
    try:
        return at + span
    except OverflowError:
        return at


def _line(event: Component, name: str) -> str:
    return one_line(event.text(name)[:LONGEST_TEXT])


def _number(text: str) -> int:
    text = text.strip()[:9]
    return int(text) if text.isascii() and text.isdigit() else 0


def _address(found: Property) -> Address:
    """Whom an `ORGANIZER` or `ATTENDEE` means: a mailto, or the EMAIL beside an address of another kind (RFC 7986)."""
    scheme, colon, rest = found.value.strip().partition(":")
    if not colon:
        address = scheme
    elif scheme.lower() == "mailto":
        address = rest.partition("?")[0]
    else:
        address = found.parameters.get("EMAIL", "")
    address = address.strip().strip("<>\"'")
    name = one_line(found.parameters.get("CN", ""))
    return Address("" if name.lower() == address.lower() else name, one_line(address) if "@" in address else "")


def _attendee(found: Property) -> Attendee:
    answer = ANSWERS.get(found.parameters.get("PARTSTAT", "").upper(), Participation.NEEDS_ACTION)
    return Attendee(_address(found), answer, found.parameters.get("ROLE", "").upper() not in NOT_REQUIRED)
