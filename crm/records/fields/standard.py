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


_RESPONSIBLE = Field("responsible_id", "Responsible", ValueKind.PERSON)
_TAGS = Field("tags", "Tags", ValueKind.TAGS)
_SOURCE = Field("source", "Came by", ValueKind.TEXT)
_NOTES = Field("notes", "Notes", ValueKind.LONG_TEXT)
_EMAILS = Field("emails", "E-mail", ValueKind.EMAILS)
_PHONES = Field("phones", "Phone", ValueKind.PHONES)
_CONTACT = Field("contact_id", "Contact", ValueKind.CONTACT)
_COMPANY = Field("company_id", "Company", ValueKind.COMPANY)

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
    ),
    RecordType.LEAD: (
        Field("title", "Title", ValueKind.TEXT, required=True),
        Field("name", "Who", ValueKind.TEXT),
        _EMAILS,
        _PHONES,
        _RESPONSIBLE,
        _TAGS,
        _SOURCE,
        _NOTES,
    ),
    RecordType.DEAL: (
        Field("title", "Title", ValueKind.TEXT, required=True),
        Field("amount", "Amount", ValueKind.MONEY),
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
