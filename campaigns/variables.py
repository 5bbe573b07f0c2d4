"""What a template may say about a person, and how it is worked out from the contact.

A value that is not known is None, not an empty text: so `default` steps in and `{% if %}` is false.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PERSONAL = ("contact.name", "contact.first_name", "contact.email", "contact.company", "contact.position")
UNSUBSCRIBE_URL = "unsubscribe_url"
CLICK_TOKEN = "click_token"  # noqa: S105 - the name of a variable
KNOWN = (*PERSONAL, "company.name", "campaign.name", UNSUBSCRIBE_URL)
"""What people may write. `click_token` stands only in links that we have rewritten."""

Values = Mapping[str, str | None]

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx", "herr", "frau", "sr", "sra", "dra", "pan", "pani"}
)


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as far as templates know it."""

    name: str
    email: str
    company: str | None = None
    position: str = ""


def values_of(person: Person, campaign: str) -> dict[str, str | None]:
    """The variables of one person by their full names."""
    name, company = _plain(person.name), _plain(person.company)
    return {
        "contact.name": name,
        "contact.first_name": first_name(name),
        "contact.email": person.email,
        "contact.company": company,
        "contact.position": _plain(person.position),
        "company.name": company,
        "campaign.name": campaign,
    }


def first_name(name: str | None) -> str | None:
    """How to greet somebody called `name`: the first word, or what follows the comma of “Weiss, Jana”.

    None where it can not be told: an address instead of a name, a title with a family name only.
    """
    if not name or "@" in name:
        return None
    family, comma, given = name.partition(",")
    words = given.split() if comma and given.strip() else family.split()
    titled = False
    while words and words[0].rstrip(".").lower() in _TITLES:
        words, titled = words[1:], True
    if not words or (titled and len(words) == 1):
        return None
    return words[0]


def nested(values: Values) -> dict[str, object]:
    """The same as Liquid wants it: `contact.name` becomes `{"contact": {"name": …}}`."""
    tree: dict[str, object] = {}
    for path, value in values.items():
        head, dot, tail = path.partition(".")
        if dot:
            branch = tree.setdefault(head, {})
            if isinstance(branch, dict):
                branch[tail] = value
        else:
            tree[head] = value
    return tree


def _plain(text: str | None) -> str | None:
    """On one line, without blanks around; None for nothing."""
    return " ".join(text.split()) or None if text else None
