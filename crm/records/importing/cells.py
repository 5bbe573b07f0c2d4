"""What one cell says, or what is wrong with it: addresses, phones, tags, domains, moments, amounts."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from core.addresses import host_in, is_free_mail, organisational_domain
from core.errors import UsageError
from crm.office.formats import Formats
from crm.office.typed import birthday_in, day_in, moment_in
from crm.records.channels import phone_key
from crm.records.exporting.cells import undefused
from crm.records.fields import standard
from crm.records.fields.values import LONGEST_NOTES, Value, stored_form
from crm.records.importing.fields import BuiltIn
from crm.records.typed_channels import NO_ADDRESS, NO_DOMAIN
from parsers.numbers import amount_in
from parsers.tables.several import emails_in, is_address, phones_in, tags_in

LONGEST_TEXT: Final = 500
LONGEST_ADDRESS: Final = 320
MOST_VALUES: Final = 50
SHARED_HOSTS: Final = frozenset(
    {
        "facebook.com", "linkedin.com", "instagram.com", "twitter.com", "x.com", "youtube.com", "xing.com", "google.com",
        "t.me", "vk.com", "tiktok.com", "linktr.ee", "etsy.com", "ebay.com", "allegro.pl", "amazon.com",
    }
)  # fmt: skip
"""Where many companies have a page."""
FORMULA = "The cell is a formula without a value: open the file in a spreadsheet program and save it again."
TOO_LONG = f"The cell is longer than {LONGEST_TEXT} characters: is it in the right column?"
NOTES_TOO_LONG = f"The cell is longer than {LONGEST_NOTES:,} characters."
TOO_MANY = f"The cell holds more than {MOST_VALUES} values."
NO_PHONE = "“{}” is no phone number: it has no digits."
NO_COLLEAGUE = "Nobody here has the address or name “{}”: add them first, or leave this column out."
NO_DATE = "“{}” is no date: write it as {}."
_HOST: Final = re.compile(r"[^\s.@]+(\.[^\s.@]+)+")
_POINTS: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_EXAMPLE: Final = date(2026, 1, 31)
NO_ID = "“{}” is no number of ours: leave this column out."


class Wrong(Exception):
    """The cell can not be used; its text is the sentence. `meaning`: of which column, where several were looked at."""

    def __init__(self, sentence: str, meaning: str = "") -> None:
        super().__init__(sentence)
        self.meaning = meaning


def plain(cell: str) -> str:
    """Without the sign that keeps a spreadsheet program from calculating it."""
    if cell.startswith("="):
        raise Wrong(FORMULA)
    return undefused(cell)


def one_line(cell: str) -> list[str]:
    """A text on one line."""
    text = " ".join(cell.split())
    if len(text) > LONGEST_TEXT:
        raise Wrong(TOO_LONG)
    return [text]


def value_of(field: standard.Field, cell: str, formats: Formats, currency: str = "") -> Value:
    """The value of a field that is stored in one form; money in whole units, as `1200.50`, of `currency` or the field's.

    What could be two numbers is none here: a file may come from where they are written otherwise.
    """
    given: str | int = cell.strip()
    try:
        if not given:
            return stored_form(field, "")
        if field.kind is standard.ValueKind.MONEY:
            given = amount_in(cell, currency or field.currency)
        elif field.kind is standard.ValueKind.DATE:
            given = _day(cell.strip().removesuffix(" 00:00:00"), formats)
        elif field.kind is standard.ValueKind.BIRTHDAY:
            given = _birthday(cell.strip().removesuffix(" 00:00:00"), formats)
        return stored_form(field, given)
    except UsageError as error:
        raise Wrong(str(error)) from None


def _day(text: str, formats: Formats) -> str:
    """As 2026-01-31: between points the day comes first everywhere, between slashes as in the formats."""
    if (parts := _POINTS.fullmatch(text)) is None:
        return day_in(text, formats).isoformat()
    day, month, year = map(int, parts.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Wrong(NO_DATE.format(text, formats.day(_EXAMPLE))) from None


def _birthday(text: str, formats: Formats) -> str:
    """Address books of Outlook write `0/0/00` where there is none."""
    if not text.strip("0/"):
        return ""
    return _day(text, formats) if _POINTS.fullmatch(text) else birthday_in(text, formats)


def _notes(cell: str) -> list[str]:
    """A text with its line breaks."""
    text = cell.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTES:
        raise Wrong(NOTES_TOO_LONG)
    return [text]


def _emails(cell: str) -> list[str]:
    found = emails_in(cell)
    for value in found:
        if not is_address(value) or len(value) > LONGEST_ADDRESS:
            raise Wrong(NO_ADDRESS.format(value[:80]))
    return _not_too_many(found)


def _phones(cell: str) -> list[str]:
    found = phones_in(cell)
    for value in found:
        if not phone_key(value):
            raise Wrong(NO_PHONE.format(value[:80]))
        if len(value) > LONGEST_TEXT:
            raise Wrong(TOO_LONG)
    return _not_too_many(found)


def _tags(cell: str) -> list[str]:
    found = [" ".join(tag.lstrip("*#").split()) for tag in tags_in(cell)]
    if any(len(tag) > LONGEST_TEXT for tag in found):
        raise Wrong(TOO_LONG)
    return _not_too_many([tag for tag in found if tag])


def _not_too_many(values: Sequence[str]) -> list[str]:
    if len(values) > MOST_VALUES:
        raise Wrong(TOO_MANY)
    return list(values)


def looks_like_domain(text: str) -> bool:
    """Whether a company may be called so because nobody knew its name."""
    return _HOST.fullmatch(text.strip().lower()) is not None


def _domain(cell: str) -> list[str]:
    """The registrable domain of an address on the web; nothing where it says nothing about the company."""
    host = host_in(cell)
    if not host:
        raise Wrong(NO_DOMAIN.format(cell.strip()[:80]))
    domain = organisational_domain(host)
    return [] if is_free_mail(domain) or domain in SHARED_HOSTS else [domain]


def domain_at(website: str) -> list[str]:
    """The same of a page that may tell of no company."""
    try:
        return _domain(website)
    except Wrong:
        return []


def moment_of(cell: str, formats: Formats) -> str:
    """A moment as ISO 8601 writes it, in UTC unless the cell names a zone."""
    try:
        at = _moment(cell.strip(), formats)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC).isoformat()
    except (UsageError, OverflowError):
        raise Wrong(NO_DATE.format(cell.strip()[:80], formats.day(_EXAMPLE))) from None


def _moment(text: str, formats: Formats) -> datetime:
    """ISO 8601 with whatever it allows, such as a zone, or as people write it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return moment_in(text, formats)


def _id(cell: str) -> list[str]:
    text = cell.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Wrong(NO_ID.format(text[:80]))
    return [text]


PARTS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    BuiltIn.EMAIL: _emails,
    BuiltIn.PHONE: _phones,
    BuiltIn.TAGS: _tags,
    BuiltIn.NOTES: _notes,
    BuiltIn.DOMAIN: _domain,
    BuiltIn.ID: _id,
}
"""How the cells of columns are read that are not one line of text (`one_line`)."""
