"""Invitations as Outlook, Google, Apple and others send them, and calendars that are broken."""

from datetime import UTC, datetime

import pytest

from parsers.message import parse_message
from parsers.model import Address, Attendee, Invitation, Participation

HEAD = "From: ann@a.example\nTo: bob@b.example\nDate: Mon, 02 Mar 2026 11:00:00 +0100\nSubject: Visit\n"
RULES = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
NEW_YORK = """BEGIN:VTIMEZONE
TZID:Our office
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(event: str, *, method: str = "METHOD:REQUEST\n", zones: str = "") -> str:
    """A calendar with one event."""
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{method}{zones}BEGIN:VEVENT\nUID:1\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"


def mailed(ics: str, content_type: str = "text/calendar; method=REQUEST; charset=utf-8") -> bytes:
    """A mail that is nothing but this calendar."""
    return f"{HEAD}Content-Type: {content_type}\n\n{ics}".replace("\n", "\r\n").encode()


def invitation(raw: bytes) -> Invitation:
    """What the mail invites to; it must be intact."""
    parsed = parse_message(raw)
    assert parsed.invitation is not None
    assert parsed.defects == ()
    return parsed.invitation


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
DTSTART:20260302T090000Z
DTEND:20260302T100000Z
DTSTAMP:20260225T101500Z
ORGANIZER;CN=Ann Example:mailto:ann@a.example
UID:4fab@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;
 CN=Ann Example;X-NUM-GUESTS=0:mailto:ann@a.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TR
 UE;CN=bob@b.example;X-NUM-GUESTS=0:mailto:bob@b.example
DESCRIPTION:Join: https://meet.example/x\\nSee you
LOCATION:Main Street 1\\, Springfield
SEQUENCE:3
STATUS:CONFIRMED
SUMMARY:Offer\\; second round
RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO
EXDATE:20260309T090000Z
BEGIN:VALARM
ACTION:DISPLAY
SUMMARY:Not this
TRIGGER:-PT10M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:other
SUMMARY:The second
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_of_google_in_every_field():
    raw = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n"
        f"--a\nContent-Type: text/plain\n\nYou are invited.\n--a\nContent-Type: text/calendar; charset=UTF-8; "
        f"method=REQUEST\n\n{GOOGLE}\n--a--\n--m\nContent-Type: application/ics; name=invite.ics\n\n{GOOGLE}\n--m--\n"
    ).encode()

    assert invitation(raw) == Invitation(
        method="REQUEST",
        uid="4fab@google.com",
        sequence=3,
        summary="Offer; second round",
        location="Main Street 1, Springfield",
        start=at(2026, 3, 2, 9),
        end=at(2026, 3, 2, 10),
        all_day=False,
        floating=False,
        recurrence="FREQ=WEEKLY;COUNT=4;BYDAY=MO",
        organizer=Address("Ann Example", "ann@a.example"),
        attendees=(
            Attendee(Address("Ann Example", "ann@a.example"), Participation.ACCEPTED, required=True),
            Attendee(Address("", "bob@b.example"), Participation.NEEDS_ACTION, required=False),
        ),
    )
    assert parse_message(raw).text == "You are invited."


@pytest.mark.parametrize(
    ("start", "end", "zones", "expected"),
    [
        ("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z", "", (at(2026, 3, 2, 9), at(2026, 3, 2, 10))),
        (
            "DTSTART;TZID=Europe/Berlin:20260702T090000", "DTEND;TZID=America/New_York:20260702T090000", "",
            (at(2026, 7, 2, 7), at(2026, 7, 2, 13)),
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260702T090000", "DURATION:PT1H30M",
            RULES.format(name="W. Europe Standard Time"), (at(2026, 7, 2, 7), at(2026, 7, 2, 8, 30)),
        ),
        (
            'DTSTART;TZID="Eastern Standard Time":20260102T090000', "DURATION:P1DT1H", "",
            (at(2026, 1, 2, 14), at(2026, 1, 3, 15)),
        ),
        (
            "DTSTART;TZID=Customized Time Zone:20260329T015959", "DTEND;TZID=Customized Time Zone:20260329T030000",
            RULES.format(name="Customized Time Zone"), (at(2026, 3, 29, 0, 59, 59), at(2026, 3, 29, 1)),
        ),
        (
            "DTSTART;TZID=Our office:20260308T010000", "DTEND;TZID=Our office:20260308T040000", NEW_YORK,
            (at(2026, 3, 8, 6), at(2026, 3, 8, 8)),
        ),
        (
            'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin":20260102T090000', "DURATION:PT1H",
            "BEGIN:VTIMEZONE\nTZID:(UTC+01:00) Amsterdam, Berlin\nEND:VTIMEZONE\n",
            (at(2026, 1, 2, 8), at(2026, 1, 2, 9)),
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Warsaw:20260102T090000", "DURATION:PT1H", "",
            (at(2026, 1, 2, 8), at(2026, 1, 2, 9)),
        ),
        (
            "DTSTART;TZID=1:20260102T090000", "DURATION:PT1H",
            "BEGIN:VTIMEZONE\nTZID:1\nX-LIC-LOCATION:Asia/Tokyo\nEND:VTIMEZONE\n",
            (at(2026, 1, 2, 0), at(2026, 1, 2, 1)),
        ),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20260102T090000", "DURATION:P1W", "", (at(2026, 1, 2, 9), at(2026, 1, 9, 9))),
        ("DTSTART:2026-01-02T09:00:00Z", "DTEND:2026-01-02T10:00:00Z", "", (at(2026, 1, 2, 9), at(2026, 1, 2, 10))),
        ("DTSTART:20260102T090060Z", "X-A:1", "", (at(2026, 1, 2, 9, 0, 59), at(2026, 1, 2, 9, 0, 59))),
        ("DTSTART:20260102T090000Z", "DTEND:20260102T080000Z", "", (at(2026, 1, 2, 9), None)),
    ],
    ids=[
        "UTC", "two zones", "Outlook", "quoted, no rules", "own rules, at the change", "own rules by days of the month",
        "offset in the name", "Thunderbird's prefix", "the place beside the name", "Microsoft's UTC", "ISO 8601",
        "a leap second", "ends before it begins",
    ],
)  # fmt: skip
def test_times_come_to_utc(start, end, zones, expected):
    found = invitation(mailed(calendar(f"{start}\n{end}", zones=zones)))

    assert (found.start, found.end) == expected
    assert not found.all_day
    assert not found.floating


@pytest.mark.parametrize(
    ("event", "start", "end"),
    [
        ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260304", at(2026, 3, 2), at(2026, 3, 4)),
        ("DTSTART;VALUE=DATE:20260302", at(2026, 3, 2), at(2026, 3, 3)),
        ("DTSTART:20260302\nDTEND:20260302", at(2026, 3, 2), at(2026, 3, 3)),
        ("DTSTART;VALUE=DATE:20260302\nDURATION:P2D", at(2026, 3, 2), at(2026, 3, 4)),
        (
            "DTSTART;TZID=Tokyo Standard Time:20260302T000000\nDTEND;TZID=Tokyo Standard Time:20260303T000000\n"
            "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            at(2026, 3, 2),
            at(2026, 3, 3),
        ),
    ],
    ids=["two days", "no end", "the end is the day itself", "by its length", "Outlook, midnights in Tokyo"],
)
def test_days_are_midnights(event, start, end):
    found = invitation(mailed(calendar(event)))

    assert (found.start, found.end, found.all_day, found.floating) == (start, end, True, False)


@pytest.mark.parametrize("zone", ["", ";TZID=Nowhere/Atlantis", ";TZID=../../etc/passwd", ";TZID=America"])
def test_a_time_without_a_zone_that_anybody_knows_floats(zone):
    found = invitation(mailed(calendar(f"DTSTART{zone}:20260302T090000")))

    assert (found.start, found.floating) == (at(2026, 3, 2, 9), True)


@pytest.mark.parametrize(
    ("method", "content_type", "expected"),
    [
        ("METHOD:reply\n", "text/calendar", "REPLY"),
        ("", "text/calendar; method=CANCEL", "CANCEL"),
        ("METHOD:COUNTER\n", "text/calendar; method=REQUEST", "COUNTER"),
        ("", "text/calendar", "PUBLISH"),
        ("METHOD:REQUEST\n", "application/ics; name=invite.ics", "REQUEST"),
        ("METHOD:REQUEST\n", "application/octet-stream; name=Invite.ICS", "REQUEST"),
    ],
)
def test_the_method_stands_in_the_calendar_or_beside_it(method, content_type, expected):
    assert invitation(mailed(calendar("DTSTART:20260302T090000Z", method=method), content_type)).method == expected


@pytest.mark.parametrize(
    ("line", "address", "participation", "required"),
    [
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:b@b.example", Address("", "b@b.example"), "declined", True),
        ("attendee;partstat=tentative:MAILTO:b@b.example", Address("", "b@b.example"), "tentative", True),
        ('ATTENDEE;CN="Doe; Bob: x":mailto:b@b.example', Address("Doe; Bob: x", "b@b.example"), "needs_action", True),
        ("ATTENDEE;CN=Bob ^'B^' Doe:mailto:b@b.example", Address('Bob "B" Doe', "b@b.example"), "needs_action", True),
        ("ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:c@c.example\":mailto:b@b.example", Address("", "b@b.example"),
         "delegated", True),
        ("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:b@b.example", Address("", "b@b.example"), "needs_action", False),
        ("ATTENDEE;ROLE=CHAIR:b@b.example", Address("", "b@b.example"), "needs_action", True),
        ("ATTENDEE;CN=Bob;EMAIL=b@b.example:urn:uuid:1-2", Address("Bob", "b@b.example"), "needs_action", True),
        ("ATTENDEE;CN=Room 3:invalid:nomail", Address("Room 3", ""), "needs_action", True),
        ("ATTENDEE;CN=Bob:mailto:b@b.exa\n mple", Address("Bob", "b@b.example"), "needs_action", True),
        ("ATTENDEE;CN=Bob;RSVP=TRUE:mailto:b@\nb.example", Address("Bob", "b@b.example"), "needs_action", True),
    ],
)  # fmt: skip
def test_attendees(line, address, participation, required):
    found = invitation(mailed(calendar(f"DTSTART:20260302T090000Z\n{line}")))

    assert found.attendees == (Attendee(address, Participation(participation), required),)


@pytest.mark.parametrize(
    "ics",
    [
        "",
        "no calendar at all",
        "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        calendar("DTSTART:20261302T090000Z"),
        calendar("DTSTART:yesterday"),
        calendar("DTSTART:20260302T090000Z\nDTEND:soon"),
        calendar("DTSTART:00000302T090000Z"),
        calendar("DTSTART:20260302T090000Z").partition("END:VEVENT")[0],
    ],
)
def test_a_broken_calendar_is_a_defect(ics):
    parsed = parse_message(mailed(ics))

    assert [defect.code for defect in parsed.defects] == ["bad_calendar"]
    assert parsed.invitation is None or parsed.invitation.uid == "1"


def test_a_mail_that_is_only_a_calendar_says_what_its_organizer_wrote():
    event = calendar("DTSTART:20260302T090000Z\nDESCRIPTION:Hello\\, Bob\\nSee you")

    assert parse_message(mailed(event)).text == "Hello, Bob\nSee you"
    assert parse_message(mailed(calendar("DTSTART:20260302T090000Z"))).text == ""


def test_what_is_no_event_is_neither_an_invitation_nor_broken():
    parsed = parse_message(mailed("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:Buy milk\nEND:VTODO\nEND:VCALENDAR\n"))

    assert (parsed.invitation, parsed.defects) == (None, ())
    assert parse_message(f"{HEAD}\nBEGIN:VEVENT is how it begins".encode()).invitation is None


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;TZID=Asia/Tokyo:00010101T000000",
        "DTSTART;TZID=America/New_York:99991231T235959",
        "DTSTART:99991231T235959Z\nDURATION:P99999D",
        "DTSTART;VALUE=DATE:99991231",
        "SEQUENCE:²\nDTSTART:20260302T090000Z",
        "DTSTART;" + 'A="' * 500 + ":20260302",
    ],
)
def test_the_ends_of_time_and_other_extremes_do_not_raise(event):
    assert parse_message(mailed(calendar(event))).invitation is not None


def test_rules_of_hostile_zones_do_not_raise():
    zone = RULES.format(name="Mine")
    for given, hostile in (
        ("16010101", "99999999"), ("16010101", "00000000"), ("-1SU", "-9SU"), ("BYMONTH=10", "BYMONTH=99"),
        ("+0100", "+9999"), ("BYDAY=-1SU", "BYMONTHDAY=31"), ("T030000", ""), ("FREQ=YEARLY", "UNTIL=0000"),
    ):  # fmt: skip
        raw = mailed(calendar("DTSTART;TZID=Mine:20260302T090000", zones=zone.replace(given, hostile)))

        assert parse_message(raw).invitation is not None
