"""What the cells of a row say about a person, or what is wrong with them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from core.addresses import address_key, domain_of, is_free_mail, organisational_domain
from core.errors import UsageError
from crm.records.channels import EMAIL, PHONE, phone_key
from crm.records.exporting.cells import undefused
from crm.records.fields import standard
from crm.records.fields.values import LONGEST_NOTES, Value, is_empty, stored_form
from crm.records.importing.fields import BuiltIn, CustomFields, Meaning
from parsers.numbers import cents_in
from parsers.tables.model import TableRow
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
NO_ADDRESS = "“{}” is no e-mail address: it looks like name@example.com."
NO_PHONE = "“{}” is no phone number: it has no digits."
NO_COLLEAGUE = "Nobody here has the address or name “{}”: add them first, or leave this column out."
NO_DOMAIN = "“{}” is no domain: it looks like example.com."
NO_DATE = "“{}” is no date: write it as 2026-01-31."
NO_ID = "“{}” is no number of ours: leave this column out."
NOBODY = "The row has neither a name nor an e-mail address nor a phone: it tells of nobody."
ChannelKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Values:
    """A person as a row tells; empty where it does not. `channels` by key, in the order of the file."""

    id: int | None
    name: str
    channels: Mapping[ChannelKey, str]
    position: str
    company: str
    domain: str
    mail_domain: str
    """Of the first address that is not free mail."""
    tags: tuple[str, ...]
    responsible_id: int | None
    source: str
    notes: str
    since: datetime | None
    custom: Mapping[str, Value]
    """By key of the field, without those that the row leaves empty."""

    @property
    def called(self) -> str:
        """What the contact is called: by name, else by what is known."""
        emails = [value for (kind, _), value in self.channels.items() if kind == EMAIL]
        return self.name or next(iter([*emails, *filter(None, [self.company]), *self.channels.values()]))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is not taken: the header of the column (empty: the whole row) and a sentence."""

    column: str
    reason: str


class _Wrong(Exception):
    """The cell can not be used; its text is the sentence."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows of one file. `colleagues` are ids by address key and by name in lower case."""

    header: Sequence[str]
    fields: Sequence[Meaning]
    colleagues: Mapping[str, int]
    custom: CustomFields

    def read(self, row: TableRow) -> Values | Refusal:
        """The values of a row, or why it has none."""
        texts: dict[str, list[str]] = {}
        custom: dict[str, Value] = {}
        for place, field in enumerate(self.fields):
            if field == BuiltIn.SKIP or not row.cells[place]:
                continue
            try:
                self._take(field, _plain(row.cells[place]), texts, custom)
            except _Wrong as wrong:
                return Refusal(self.header[place], str(wrong))
        channels = _channels(texts)
        if not (channels or any(_first(texts, field) for field in _NAMES)):
            return Refusal("", NOBODY)
        return _values(texts, custom, channels)

    def _take(self, field: Meaning, cell: str, texts: dict[str, list[str]], custom: dict[str, Value]) -> None:
        if field in self.custom:
            custom[field] = _custom(self.custom[field], cell)
        elif field == BuiltIn.RESPONSIBLE:
            texts[field] = [str(self._colleague(text)) for text in _one(cell) if text]
        else:
            texts.setdefault(field, []).extend(_PARTS.get(field, _one)(cell))

    def _colleague(self, text: str) -> int:
        found = self.colleagues.get(address_key(text) if "@" in text else text.casefold())
        if found is None:
            raise _Wrong(NO_COLLEAGUE.format(text))
        return found


def _plain(cell: str) -> str:
    """Without the sign that keeps a spreadsheet program from calculating it."""
    if cell.startswith("="):
        raise _Wrong(FORMULA)
    return undefused(cell)


def _one(cell: str) -> list[str]:
    """A text on one line."""
    text = " ".join(cell.split())
    if len(text) > LONGEST_TEXT:
        raise _Wrong(TOO_LONG)
    return [text]


def _custom(field: standard.Field, cell: str) -> Value:
    """The value of a custom field; money in whole units, as `1200.50`."""
    given: str | int = cell.strip()
    try:
        if field.kind is standard.ValueKind.MONEY:
            given = cents_in(cell) if given else ""
        elif field.kind is standard.ValueKind.DATE:
            given = str(given).removesuffix(" 00:00:00")
        return stored_form(field, given)
    except UsageError as error:
        raise _Wrong(str(error)) from None


def _notes(cell: str) -> list[str]:
    """A text with its line breaks."""
    text = cell.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTES:
        raise _Wrong(NOTES_TOO_LONG)
    return [text]


def _emails(cell: str) -> list[str]:
    found = emails_in(cell)
    for value in found:
        if not is_address(value) or len(value) > LONGEST_ADDRESS:
            raise _Wrong(NO_ADDRESS.format(value[:80]))
    return _not_too_many(found)


def _phones(cell: str) -> list[str]:
    found = phones_in(cell)
    for value in found:
        if not phone_key(value):
            raise _Wrong(NO_PHONE.format(value[:80]))
        if len(value) > LONGEST_TEXT:
            raise _Wrong(TOO_LONG)
    return _not_too_many(found)


def _tags(cell: str) -> list[str]:
    found = [" ".join(tag.lstrip("*#").split()) for tag in tags_in(cell)]
    if any(len(tag) > LONGEST_TEXT for tag in found):
        raise _Wrong(TOO_LONG)
    return _not_too_many([tag for tag in found if tag])


def _not_too_many(values: Sequence[str]) -> list[str]:
    if len(values) > MOST_VALUES:
        raise _Wrong(TOO_MANY)
    return list(values)


def _domain(cell: str) -> list[str]:
    """The registrable domain of an address on the web; nothing where it says nothing about the company."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", cell.strip().lower()).partition("/")[0].partition(":")[0]
    if not re.fullmatch(r"[^\s.@]+(\.[^\s.@]+)+", host) or len(host) > LONGEST_ADDRESS:
        raise _Wrong(NO_DOMAIN.format(cell.strip()[:80]))
    domain = organisational_domain(domain_of(address_key(f"x@{host.removeprefix('www.')}")))
    return [] if is_free_mail(domain) or domain in SHARED_HOSTS else [domain]


def _since(cell: str) -> list[str]:
    try:
        at = datetime.fromisoformat(cell.strip())
        return [at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC).isoformat()]
    except (ValueError, OverflowError):
        raise _Wrong(NO_DATE.format(cell.strip()[:80])) from None


def _id(cell: str) -> list[str]:
    text = cell.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise _Wrong(NO_ID.format(text[:80]))
    return [text]


_PARTS: Final[dict[str, Callable[[str], list[str]]]] = {
    BuiltIn.EMAIL: _emails,
    BuiltIn.PHONE: _phones,
    BuiltIn.TAGS: _tags,
    BuiltIn.NOTES: _notes,
    BuiltIn.DOMAIN: _domain,
    BuiltIn.SINCE: _since,
    BuiltIn.ID: _id,
}


_NAMES: Final = (BuiltIn.NAME, BuiltIn.GIVEN, BuiltIn.FAMILY)


def _values(texts: Mapping[str, list[str]], custom: Mapping[str, Value], channels: Mapping[ChannelKey, str]) -> Values:
    parts = (_first(texts, BuiltIn.GIVEN), _first(texts, BuiltIn.FAMILY))
    number, since, responsible = (_first(texts, field) for field in (BuiltIn.ID, BuiltIn.SINCE, BuiltIn.RESPONSIBLE))
    return Values(
        id=int(number) if number else None,
        name=_first(texts, BuiltIn.NAME) or " ".join(filter(None, parts)),
        channels=channels,
        position=_first(texts, BuiltIn.POSITION),
        company=_first(texts, BuiltIn.COMPANY),
        domain=_first(texts, BuiltIn.DOMAIN),
        mail_domain=_mail_domain(channels),
        tags=tuple(dict.fromkeys(texts.get(BuiltIn.TAGS, []))),
        responsible_id=int(responsible) if responsible else None,
        source=_first(texts, BuiltIn.SOURCE),
        notes=_first(texts, BuiltIn.NOTES),
        since=datetime.fromisoformat(since) if since else None,
        custom={key: value for key, value in custom.items() if not is_empty(value)},
    )


def _first(texts: Mapping[str, list[str]], field: str) -> str:
    return next((text for text in texts.get(field, []) if text), "")


def _channels(texts: Mapping[str, list[str]]) -> dict[ChannelKey, str]:
    found: dict[ChannelKey, str] = {}
    for value in texts.get(BuiltIn.EMAIL, []):
        found.setdefault((EMAIL, address_key(value)), value)
    for value in texts.get(BuiltIn.PHONE, []):
        found.setdefault((PHONE, phone_key(value)), value)
    return found


def _mail_domain(channels: Mapping[ChannelKey, str]) -> str:
    domains = (organisational_domain(domain_of(key)) for kind, key in channels if kind == EMAIL)
    return next((domain for domain in domains if not is_free_mail(domain)), "")
