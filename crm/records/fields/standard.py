"""The fields that every installation has, by kind of record, in the order in which forms show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.models import RecordType


class ValueKind(StrEnum):
    """What a field holds, standard or custom."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MONEY = "money"
    LINK = "link"
    TAGS = "tags"
    EMAILS = "emails"
    PHONES = "phones"
    DOMAIN = "domain"
    CURRENCY = "currency"
    PERSON = "person"
    CONTACT = "contact"
    COMPANY = "company"
    BIRTHDAY = "birthday"
    """A day, or a day and a month of which nobody has told the year."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as forms and programs name it: `key` (a custom one is `field_12`), and the words that people read."""

    key: str
    name: str
    kind: ValueKind
    required: bool = False
    choices: tuple[str, ...] = ()
    currency: str = ""
    custom_id: int | None = None
    further: bool = False
    """Whether it is one of the `FURTHER` ones."""


_RESPONSIBLE = Field("responsible_id", "Responsible", ValueKind.PERSON)
_TAGS = Field("tags", "Tags", ValueKind.TAGS)
_SOURCE = Field("source", "Came by", ValueKind.TEXT)
_NOTES = Field("notes", "Notes", ValueKind.LONG_TEXT)
_EMAILS = Field("emails", "E-mail", ValueKind.EMAILS)
_PHONES = Field("phones", "Phone", ValueKind.PHONES)
_AMOUNT = Field("amount", "Amount", ValueKind.MONEY)
_CONTACT = Field("contact_id", "Contact", ValueKind.CONTACT)
_COMPANY = Field("company_id", "Company", ValueKind.COMPANY)

EMPLOYEES = ("1–10", "11–50", "51–200", "201–500", "501–1000", "1001–5000", "5001 and more")


def _further(key: str, name: str, kind: ValueKind = ValueKind.TEXT, choices: tuple[str, ...] = ()) -> Field:
    return Field(key, name, kind, choices=choices, further=True)


_WEBSITE = _further("website", "Website", ValueKind.LINK)
_ADDRESS = (
    _further("street", "Street"),
    _further("postcode", "Postcode"),
    _further("city", "City"),
    _further("region", "Region or state"),
    _further("country", "Country"),
)
ADDRESS = tuple(field.key for field in _ADDRESS)
"""Pages show them as one block."""
FURTHER: Mapping[RecordType, tuple[Field, ...]] = {
    RecordType.CONTACT: (
        _further("salutation", "Salutation"),
        _further("first_name", "First name"),
        _further("last_name", "Last name"),
        _further("birthday", "Birthday", ValueKind.BIRTHDAY),
        _WEBSITE,
        _further("messenger", "Messenger or profile"),
        *_ADDRESS,
    ),
    RecordType.COMPANY: (
        _WEBSITE,
        _further("industry", "Industry"),
        _further("employees", "Employees", ValueKind.CHOICE, EMPLOYEES),
        *_ADDRESS,
    ),
    RecordType.LEAD: (_further("company_name", "Company name"), _further("position", "Position"), _WEBSITE, *_ADDRESS),
    RecordType.DEAL: (),
}
"""Fields that few records have all of: forms show them under “More”, and whatever works for custom fields works for them.

To add one: a line here, a column of the same name that is empty by default (`storage/models/record.py`, among those whose words
find a record, and a migration), and what other programs call it (`importing/heading_words.py`). A test walks all of them
through forms, API, imports, search, filters, exports, merges, conversions and rights.
"""

STANDARD: Mapping[RecordType, tuple[Field, ...]] = {
    RecordType.CONTACT: (
        Field("name", "Name", ValueKind.TEXT, required=True),
        _EMAILS,
        _PHONES,
        _COMPANY,
        Field("position", "Position", ValueKind.TEXT),
        _RESPONSIBLE,
        _TAGS,
        _SOURCE,
        _NOTES,
        *FURTHER[RecordType.CONTACT],
    ),
    RecordType.COMPANY: (
        Field("name", "Name", ValueKind.TEXT, required=True),
        Field("domain", "Domain", ValueKind.DOMAIN),
        _EMAILS,
        _PHONES,
        _RESPONSIBLE,
        _TAGS,
        _SOURCE,
        _NOTES,
        *FURTHER[RecordType.COMPANY],
    ),
    RecordType.LEAD: (
        Field("title", "Title", ValueKind.TEXT, required=True),
        Field("name", "Who", ValueKind.TEXT),
        _EMAILS,
        _PHONES,
        _AMOUNT,
        Field("currency", "Currency", ValueKind.CURRENCY),
        _RESPONSIBLE,
        _TAGS,
        _SOURCE,
        _NOTES,
        *FURTHER[RecordType.LEAD],
    ),
    RecordType.DEAL: (
        Field("title", "Title", ValueKind.TEXT, required=True),
        _AMOUNT,
        Field("currency", "Currency", ValueKind.CURRENCY, required=True),
        Field("closes_on", "Expected to be won on", ValueKind.DATE),
        _CONTACT,
        _COMPANY,
        _RESPONSIBLE,
        _TAGS,
        _SOURCE,
        _NOTES,
    ),
}


def labels_of(kind: RecordType) -> Mapping[str, str]:
    """What people call the standard fields, by key."""
    return {field.key: field.name for field in STANDARD[kind]}
