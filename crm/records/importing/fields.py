"""What a column of a file can mean: a field that every installation has, or one that this one has added."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from crm.records.fields import standard


class BuiltIn(StrEnum):
    """A field of a record, or of its company or contact; `SKIP` for a column that is left out. Which kinds have it: `kinds`."""

    SKIP = ""
    TITLE = "title"
    NAME = "name"
    GIVEN = "given_name"
    FAMILY = "family_name"
    AMOUNT = "amount"
    CURRENCY = "currency"
    PIPELINE = "pipeline"
    STAGE = "stage"
    CLOSES = "closes_on"
    CONTACT = "contact"
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


Meaning = str
"""A `BuiltIn`, or the key of a further standard field (`city`) or a custom one (`field_12`)."""
CustomFields = Mapping[str, standard.Field]
"""Further standard and custom fields of one kind of record by their keys."""


def known(words: Sequence[str], custom: CustomFields) -> tuple[Meaning, ...]:
    """What columns mean; a custom field that was removed since is left out."""
    return tuple(word if word in custom else BuiltIn(word) if word in set(BuiltIn) else BuiltIn.SKIP for word in words)
