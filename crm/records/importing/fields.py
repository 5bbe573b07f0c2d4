"""What a column of a file can mean: a field that every contact has, or one that the installation has added."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from crm.records.fields import standard


class BuiltIn(StrEnum):
    """A field of a contact, or of its company; `SKIP` for a column that is left out."""

    SKIP = ""
    NAME = "name"
    GIVEN = "given_name"
    FAMILY = "family_name"
    EMAIL = "email"
    PHONE = "phone"
    POSITION = "position"
    COMPANY = "company"
    DOMAIN = "company_domain"
    TAGS = "tags"
    NOTES = "notes"
    RESPONSIBLE = "responsible"
    SOURCE = "source"
    SINCE = "known_since"
    ID = "id"


LABELS: dict[BuiltIn, str] = {
    BuiltIn.SKIP: "leave out",
    BuiltIn.NAME: "Name",
    BuiltIn.GIVEN: "First name",
    BuiltIn.FAMILY: "Last name",
    BuiltIn.EMAIL: "E-mail",
    BuiltIn.PHONE: "Phone",
    BuiltIn.POSITION: "Position",
    BuiltIn.COMPANY: "Company",
    BuiltIn.DOMAIN: "Company's domain",
    BuiltIn.TAGS: "Tags",
    BuiltIn.NOTES: "Notes",
    BuiltIn.RESPONSIBLE: "Responsible",
    BuiltIn.SOURCE: "Source",
    BuiltIn.SINCE: "Known since",
    BuiltIn.ID: "Mailsync ID",
}
Meaning = str
"""A `BuiltIn`, or the key of a custom field (`field_12`)."""
CustomFields = Mapping[str, standard.Field]
"""Custom fields of contacts by their keys."""


def known(words: Sequence[str], custom: CustomFields) -> tuple[Meaning, ...]:
    """What columns mean; a custom field that was removed since is left out."""
    return tuple(word if word in custom else BuiltIn(word) if word in set(BuiltIn) else BuiltIn.SKIP for word in words)


NAMING = frozenset({BuiltIn.NAME, BuiltIn.GIVEN, BuiltIn.FAMILY, BuiltIn.EMAIL})
"""One of these must be there, else nobody could be told from anybody."""
