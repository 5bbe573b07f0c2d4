"""What a column of a file can mean: a field that every contact has, or one that the installation has added."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from crm.records.fields import standard


class Field(StrEnum):
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


LABELS: dict[Field, str] = {
    Field.SKIP: "leave out",
    Field.NAME: "Name",
    Field.GIVEN: "First name",
    Field.FAMILY: "Last name",
    Field.EMAIL: "E-mail",
    Field.PHONE: "Phone",
    Field.POSITION: "Position",
    Field.COMPANY: "Company",
    Field.DOMAIN: "Company's domain",
    Field.TAGS: "Tags",
    Field.NOTES: "Notes",
    Field.RESPONSIBLE: "Responsible",
    Field.SOURCE: "Source",
    Field.SINCE: "Known since",
    Field.ID: "Mailsync ID",
}
Meaning = str
"""A `Field`, or the key of a custom field (`field_12`)."""
CustomFields = Mapping[str, standard.Field]
"""Custom fields of contacts by their keys."""


def known(words: Sequence[str], custom: CustomFields) -> tuple[Meaning, ...]:
    """What columns mean; a custom field that was removed since is left out."""
    return tuple(word if word in custom else Field(word) if word in set(Field) else Field.SKIP for word in words)


NAMING = frozenset({Field.NAME, Field.GIVEN, Field.FAMILY, Field.EMAIL})
"""One of these must be there, else nobody could be told from anybody."""
