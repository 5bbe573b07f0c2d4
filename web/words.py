"""How values are said to a person: dates, sizes, counts, states. Pure functions, used as filters in templates."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from babel.numbers import get_currency_symbol

from core.currencies import minor_digits
from crm.conversations.views.counters import MOST_COUNTED
from crm.office.formats import NO_BREAK, USUAL, ClockStyle, DateStyle, FirstDay, Formats, NumberStyle
from crm.records.channels import EMAIL
from crm.records.fields.standard import ADDRESS
from crm.records.views import ChannelView
from mailsync.discovery.proposals import Source
from parsers.numbers import amount_text, number_text
from storage.models import CampaignState, FolderRole, MailboxState, RecordType, SendState, ShareLevel

LOCALE = "en_GB"
"""Of words; how figures are written is the reader's choice (`crm.office.formats`)."""
IN_WORDS: dict[DateStyle, tuple[str, str, str]] = {
    DateStyle.SLASHES: ("d MMM", "d MMM yyyy", "EEEE, d MMMM y"),
    DateStyle.DOTS: ("d MMM", "d MMM yyyy", "EEEE, d MMMM y"),
    DateStyle.MONTH_FIRST: ("MMM d", "MMM d, yyyy", "EEEE, MMMM d, y"),
    DateStyle.ISO: ("MMM d", "yyyy-MM-dd", "EEEE, yyyy-MM-dd"),
}
"""A day of this year, of another one, and in full."""
KINDS = {
    "bounce": "Delivery failure",
    "complaint": "Spam complaint",
    "auto_reply": "Automatic reply",
    "out_of_office": "Out of office",
    "bulk": "Bulk mail",
    "list": "Mailing list",
    "calendar": "Invitation",
    "receipt": "Read receipt",
}
READERS = {"human": "A person", "machine": "A machine", "unknown": "Nobody can tell who"}
"""Who opened a mail or followed its link."""
READER_REASONS = {
    "apple_mail_privacy": "Apple Mail loads every picture ahead, read or not",
    "browser": "in a browser",
    "every_link_at_once": "every link was followed at once",
    "mail_client": "in a mail program",
    "method": "it looked only whether the address is there",
    "picture_proxy": "through a mail provider that loads pictures for its readers",
    "prefetch": "loaded ahead, before anybody looked",
    "program": "a program that is no browser",
    "security_scanner": "a security scanner that looks at every mail",
    "too_soon": "within seconds of being sent",
    "unknown_client": "the program does not say what it is",
}
"""Why that is thought: `delivery.verdict`."""
MAILBOX_STATES: dict[MailboxState, tuple[str, str]] = {
    MailboxState.CONNECTING: ("busy", "Connecting for the first time"),
    MailboxState.BACKFILLING: ("busy", "Loading older mail; new mail arrives already"),
    MailboxState.LIVE: ("good", "Connected; new mail arrives within seconds"),
    MailboxState.AUTH_FAILED: ("bad", "The server refuses the password: enter it again"),
    MailboxState.THROTTLED: ("warn", "The server asked for a pause; it goes on by itself"),
    MailboxState.UNREACHABLE: ("warn", "The server does not answer; it is tried again by itself"),
    MailboxState.PAUSED: ("idle", "Paused by hand: resume it when you like"),
    MailboxState.DISABLED: ("idle", "Switched off"),
    MailboxState.REMOVING: ("warn", "Being removed; nothing is synced any more"),
    MailboxState.REMOVED: ("idle", "Removed"),
}
SIGN_IN_AGAIN = ("bad", "The provider wants you to sign in again")
"""What AUTH_FAILED means for a mailbox without a password."""
CAMPAIGN_STATES: dict[CampaignState, tuple[str, str]] = {
    CampaignState.DRAFT: ("idle", "Draft"),
    CampaignState.SCHEDULED: ("busy", "Scheduled"),
    CampaignState.PREPARING: ("busy", "Preparing the audience"),
    CampaignState.SENDING: ("busy", "Sending"),
    CampaignState.PAUSED: ("warn", "Paused"),
    CampaignState.FINISHED: ("good", "Finished"),
    CampaignState.CANCELLED: ("idle", "Cancelled"),
    CampaignState.STOPPED: ("bad", "Stopped"),
}
SEND_STATES: dict[SendState, tuple[str, str]] = {
    SendState.PENDING: ("busy", "Waiting to be sent"),
    SendState.CLAIMED: ("busy", "Being sent"),
    SendState.ATTEMPTED: ("busy", "Being sent"),
    SendState.SENT: ("good", "Sent"),
    SendState.FAILED: ("bad", "Not sent"),
    SendState.RETRY: ("warn", "Will be tried again"),
    SendState.SKIPPED: ("idle", "Left out"),
    SendState.IN_DOUBT: ("warn", "Perhaps sent: the connection broke at the last moment"),
}
RECORDS = {
    RecordType.CONTACT: "Contacts",
    RecordType.COMPANY: "Companies",
    RecordType.LEAD: "Leads",
    RecordType.DEAL: "Deals",
}
DID = {
    "read": "Marked read.",
    "unread": "Marked unread.",
    "flag": "Flagged.",
    "unflag": "No longer flagged.",
    "archive": "Archived.",
    "delete": "Moved to Trash.",
    "delete_for_ever": "Deleted for ever.",
    "junk": "Moved to Junk.",
    "not_junk": "Moved back to the inbox.",
    "move": "Moved.",
    "undone": "Taken back.",
    "draft": "Draft saved: it is under Drafts.",
    "discarded": "The draft is gone.",
    "template": "The template is kept.",
    "template_gone": "The template is gone.",
    "nothing": "There was nothing to change.",
}
"""What was done to mail, by `mailsync.actions.asking.Wish`."""
ACTION_KINDS = {
    "flag": "The mark did not stay.",
    "move": "It was not moved.",
    "remove": "It was not deleted.",
    "append": "This draft is only here, not on the mail server.",
}
"""What came to nothing on the mail server."""
SHARE_CHOICES: dict[ShareLevel, tuple[str, str]] = {
    ShareLevel.PRIVATE: ("Nothing", "Only you see its mail, also on contacts and deals."),
    ShareLevel.METADATA: ("Who wrote and when", "Neither subject nor text."),
    ShareLevel.SUBJECT: ("Who wrote, when, and the subject", "Not the text, and no files."),
    ShareLevel.EVERYTHING: ("Everything", "Whoever may see a contact, lead or deal reads its mail there in full."),
}
"""What colleagues may see of a new mailbox's mail, in short and in a sentence."""
FOLDER_ROLES: dict[FolderRole, tuple[str, str]] = {
    FolderRole.INBOX: ("inbox", ""),
    FolderRole.ALL: ("mail", "every message once"),
    FolderRole.SENT: ("send", "Sent"),
    FolderRole.DRAFTS: ("pencil", "Drafts"),
    FolderRole.OTHER: ("folder", ""),
    FolderRole.ARCHIVE: ("archive", "Archive"),
    FolderRole.JUNK: ("triangle-alert", "kept, but nothing is made of it"),
    FolderRole.TRASH: ("trash-2", "kept, but nothing is made of it"),
}
"""The icon of a folder, and what is to be known of it; in the order in which folders are listed."""
SECURITIES: dict[str, str] = {"tls": "TLS", "starttls": "STARTTLS", "none": "none (a test server)"}
SOURCES: dict[Source, str] = {
    Source.PRESET: "We know this provider.",
    Source.AUTOCONFIG: "The domain itself says so.",
    Source.DATABASE: "Thunderbird’s database of providers says so.",
    Source.SRV: "The domain’s DNS says so.",
    Source.MX: "It takes in the mail of this domain.",
    Source.GUESS: "Servers of the usual names answer there.",
}
"""Why we believe that a mailbox is there."""


SHARE_LEVELS: dict[ShareLevel, str] = {
    ShareLevel.EVERYTHING: "Colleagues read its mail on records in full",
    ShareLevel.SUBJECT: "Colleagues see who wrote and the subject",
    ShareLevel.METADATA: "Colleagues see who wrote and when",
    ShareLevel.PRIVATE: "Colleagues see nothing of it",
}


FORMATS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("dates", "Days", tuple((each.value, each.value) for each in DateStyle)),
    ("clock", "Times", tuple((each.value, each.value) for each in ClockStyle)),
    ("numbers", "Numbers", tuple((each.value, each.value) for each in NumberStyle)),
    ("first_day", "Weeks begin on", tuple((each.value, each.value.capitalize()) for each in FirstDay)),
)
"""What can be chosen, as forms ask for it."""


def short_time(at: datetime, now: datetime, zone: ZoneInfo, formats: Formats = USUAL) -> str:
    """How a list says when: the time today, the weekday this week, the day this year, else the year too."""
    there, today = at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - there.date()).days
    if days == 0:
        return formats.time(there)
    if days == 1:
        return "Yesterday"
    if days == -1:
        return "Tomorrow"
    if 1 < days < 7:
        return format_date(there, "EEEE", locale=LOCALE)
    this_year, another, _ = IN_WORDS[formats.dates]
    return format_date(there, this_year if there.year == today.year else another, locale=LOCALE)


def long_time(at: datetime, zone: ZoneInfo, formats: Formats = USUAL) -> str:
    """A moment in full: `Friday, 20 November 2026, 09:14`."""
    there = at.astimezone(zone)
    return f"{format_date(there, IN_WORDS[formats.dates][2], locale=LOCALE)}, {formats.time(there)}"


def day_in_words(day: date, formats: Formats = USUAL) -> str:
    """A day: `31 Dec 2026`."""
    return format_date(day, IN_WORDS[formats.dates][1], locale=LOCALE)


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `3 hours`."""
    return format_timedelta(abs(length), granularity="minute", threshold=0.9, locale=LOCALE)


def seconds_span(seconds: float | None) -> str:
    """The same of seconds; a dash where there is none."""
    return "–" if seconds is None else span(timedelta(seconds=seconds))


def due_in_words(deadline: datetime, now: datetime, zone: ZoneInfo, formats: Formats = USUAL) -> tuple[str, str]:
    """Tone and words of a deadline: `("bad", "2 days late")`, `("warn", "due today 18:00")`, `("", "due Friday")`."""
    if deadline < now:
        return "bad", f"{span(now - deadline)} late"
    there, today = deadline.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return "warn", f"due today {formats.time(there)}"
    return "", f"due {short_due(there.date() - today.date(), there, formats)}"


def appointment_in_words(at: datetime, now: datetime, zone: ZoneInfo, formats: Formats = USUAL) -> tuple[str, str]:
    """Tone and words of a call or meeting: `("bad", "2 hours ago")`, `("warn", "today 18:00")`, `("", "Friday 18:00")`."""
    if at < now:
        return "bad", f"{span(now - at)} ago"
    there, today = at.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return "warn", f"today {formats.time(there)}"
    return "", f"{short_due(there.date() - today.date(), there, formats)} {formats.time(there)}"


def short_due(distance: timedelta, there: datetime, formats: Formats = USUAL) -> str:
    """The day of a future deadline."""
    if distance.days == 1:
        return "tomorrow"
    return format_date(there, "EEEE" if distance.days < 7 else IN_WORDS[formats.dates][0], locale=LOCALE)


def file_size(size: int, formats: Formats = USUAL) -> str:
    """Bytes for people: `740 B`, `12 KB`, `3.4 MB`."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{round(size / 1000)} KB"
    return f"{formats.number(size / 1_000_000, 1)} MB"


def money(amount: int, currency: str, formats: Formats = USUAL) -> str:
    """An amount in the smallest unit: `€1,200`, `1.200,50 €`; cents only where there are any."""
    digits = minor_digits(currency)
    figures = formats.number(Decimal(abs(amount)).scaleb(-digits), digits if amount % 10**digits else 0)
    symbol, sign = get_currency_symbol(currency, locale=LOCALE), "-" if amount < 0 else ""
    if formats.decimal == ",":
        return f"{sign}{figures}{NO_BREAK}{symbol}"
    return f"{sign}{symbol}{NO_BREAK if symbol[-1:].isalpha() else ''}{figures}"


def number(value: float, formats: Formats = USUAL) -> str:
    """A number with separators."""
    return formats.number(value)


def plain_number(value: Decimal, formats: Formats = USUAL) -> str:
    """A number without zeros behind: `1.5`, `100`."""
    return formats.typed(f"{value.normalize():f}")


def typed_number(value: Decimal, formats: Formats = USUAL) -> str:
    """A number as an input shows it, so that whoever sees it so and everybody else reads the same: `1.234` as `1.2340`."""
    return formats.typed(number_text(float(value)))


def address_lines(fields: Mapping[str, object]) -> list[str]:
    """The lines of a postal address, of those of its parts that are filled in."""
    street, postcode, city, region, country = (str(fields.get(part) or "") for part in ADDRESS)
    return [line for line in (street, " ".join(filter(None, (postcode, city))), region, country) if line]


def typed_money(amount: int, currency: str, formats: Formats = USUAL) -> str:
    """An amount as an input shows it: `1200.50`."""
    return formats.typed(amount_text(amount, currency))


def percent(part: float, whole: float, formats: Formats = USUAL) -> str:
    """A share in words a person would use; a dash where there is nothing to share."""
    if not whole:
        return "–"
    share = 100 * part / whole
    return f"{formats.number(share, 0 if share >= 10 or share == 0 else 1)} %"


def initials(name: str) -> str:
    """One or two letters that stand for somebody."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    if not words:
        return "·"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def hue(name: str) -> int:
    """Which of twelve calm colours an initial gets; the same for the same name everywhere."""
    return sum((place + 1) * ord(character) for place, character in enumerate(name.lower())) % 12


def plural(count: int, one: str, many: str, formats: Formats = USUAL) -> str:
    """`1 message`, `3 messages`."""
    return f"{number(count, formats)} {one if count == 1 else many}"


def counted(count: int, one: str, many: str) -> str:
    """`3 messages` for a number of the navigation, and `over 99 messages` where counting ended there."""
    return plural(count, one, many) if count < MOST_COUNTED else f"over {MOST_COUNTED - 1} {many}"


def utc(at: datetime) -> str:
    """For the `datetime` attribute."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def first_email(channels: Iterable[ChannelView]) -> str:
    """The address that a record is written to; empty where it has none."""
    return next((channel.value for channel in channels if channel.kind == EMAIL), "")
