"""What a template may say about a person, and how it is worked out from the contact.

A value that is not known is None, not an empty text: so `default` steps in and `{% if %}` is false.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from crm.records.naming import first_name, on_one_line

PERSONAL = ("contact.name", "contact.first_name", "contact.email", "contact.company", "contact.position")
UNSUBSCRIBE_URL = "unsubscribe_url"
CLICK_TOKEN = "click_token"  # noqa: S105 - the name of a variable
KNOWN = (*PERSONAL, "company.name", "campaign.name", UNSUBSCRIBE_URL)
"""What people may write. `click_token` stands only in links that we have rewritten."""

Values = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as far as templates know it."""

    name: str
    email: str
    company: str | None = None
    position: str = ""
    first_name: str = ""
    """As it is noted; where it is not, the name tells."""


def values_of(person: Person, campaign: str) -> dict[str, str | None]:
    """The variables of one person by their full names."""
    name, company = on_one_line(person.name), on_one_line(person.company)
    return {
        "contact.name": name,
        "contact.first_name": first_name(name, person.first_name),
        "contact.email": person.email,
        "contact.company": company,
        "contact.position": on_one_line(person.position),
        "company.name": company,
        "campaign.name": campaign,
    }
