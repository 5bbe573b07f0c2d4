"""What is typed or sent for a field, in the one form in which it is stored and compared.

Text is text without spaces around it; a date is `2026-12-01`; money is a whole number of the smallest unit; tags, addresses
and phones are lists; a person or a record is its id, nobody is None. What is empty is "" or [] or None, by kind.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from core.errors import UsageError
from crm.office.formats import USUAL
from crm.office.typed import birthday_in
from crm.records.channels import email_key, phone_key
from crm.records.contacts import company_domain
from crm.records.fields.sizes import size_in
from crm.records.fields.standard import EMPLOYEES, Field, ValueKind
from crm.records.typed_channels import require_domain, require_phones
from parsers.numbers import LARGEST, number_in

Value = str | int | float | list[str] | None

LONGEST = 500
"""Characters of a value that lists are filtered and sorted by."""
LONGEST_NOTES = 20_000
MOST_TAGS = 50
MOST_CHANNELS = 50


EMPTY: Mapping[ValueKind, Value] = {ValueKind.TEXT: "", ValueKind.CHOICE: "", ValueKind.LINK: ""}
"""What stands in a custom field that nobody filled in; None in those of other kinds."""


def stored_form(field: Field, given: Any) -> Value:
    """`given` as it is stored and compared. Raises `UsageError` with the field's name for what can not stand in it."""
    value = _FORMS[field.kind](field, given)
    if field.required and value in ("", None):
        raise UsageError(f"{field.name} must not be empty.")
    return value


def is_empty(value: Value) -> bool:
    """Whether nothing stands in the field; nothing of money is an amount."""
    return value is None or value in ("", [])


def canonical(value: Value) -> str:
    """A value that is not empty as the text that is stored and compared."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _text(field: Field, given: Any) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise UsageError(f"{field.name} takes text.")
    text = " ".join(given.replace("\0", "").split())
    if len(text) > LONGEST:
        raise UsageError(f"{field.name} is too long: {LONGEST} characters at most.")
    return text


def _long_text(field: Field, given: Any) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise UsageError(f"{field.name} takes text.")
    text = given.replace("\0", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTES:
        raise UsageError(f"{field.name} is too long: {LONGEST_NOTES:,} characters at most.")
    return text


def _number(field: Field, given: Any) -> float | None:
    if given is None or given == "":
        return None
    if isinstance(given, str):
        try:
            return float(number_in(given))
        except UsageError as error:
            raise UsageError(f"{field.name}: {error}") from None
    if not isinstance(given, int | float) or isinstance(given, bool):
        raise UsageError(f"{field.name} takes a number, such as 12 or 12.5.")
    if not abs(given) <= LARGEST:  # Nor what is no number.
        raise UsageError(f"{field.name} takes a number that is not so large.")
    return float(given)


def _money(field: Field, given: Any) -> int | None:
    if given is None or given == "":
        return 0 if field.custom_id is None else None
    if not isinstance(given, int) or isinstance(given, bool):
        raise UsageError(f"{field.name} takes an amount in the currency's smallest unit, a whole number.")
    if abs(given) > LARGEST:
        raise UsageError(f"{field.name} takes a number that is not so large.")
    return given


def _date(field: Field, given: Any) -> str | None:
    if given is None or given == "":
        return None
    try:
        return (given if isinstance(given, date) else date.fromisoformat(given.strip())).isoformat()
    except (AttributeError, TypeError, ValueError):
        raise UsageError(f"{field.name} takes a date, such as 2026-12-01.") from None


def _choice(field: Field, given: Any) -> str:
    if field.choices is EMPLOYEES:
        given = size_in(given)
    text = _text(field, given)
    if text and text not in field.choices:
        raise UsageError(f"{field.name} is one of: {', '.join(field.choices)}.")
    return text


def _birthday(field: Field, given: Any) -> str:
    text = _text(field, given)
    try:
        return birthday_in(text, USUAL) if text else ""
    except UsageError:
        raise UsageError(f"{field.name} takes a day, such as 1985-03-14, or --03-14 without the year.") from None


def _link(field: Field, given: Any) -> str:
    text = _text(field, given)
    if not text:
        return ""
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in host or " " in text:
        raise UsageError(f"{field.name} takes the address of a page, such as https://example.com.")
    return text


def _tags(field: Field, given: Any) -> list[str]:
    tags = list(dict.fromkeys(word for one in _list(field, given) if (word := _text(field, one).lstrip("#"))))
    if len(tags) > MOST_TAGS:
        raise UsageError(f"{field.name}: {MOST_TAGS} at most.")
    return tags


def _emails(field: Field, given: Any) -> list[str]:
    return _channels(field, given, email_key)


def _phones(field: Field, given: Any) -> list[str]:
    return _channels(field, given, phone_key)


def _channels(field: Field, given: Any, key_of: Callable[[str], str]) -> list[str]:
    by_key: dict[str, str] = {}
    for value in (text for one in _list(field, given) if (text := _text(field, one))):
        by_key.setdefault(key_of(value), value)
    if "" in by_key:
        require_phones([by_key[""]])  # It has no digit, and could not even be looked up.
    if len(by_key) > MOST_CHANNELS:
        raise UsageError(f"{field.name}: {MOST_CHANNELS} at most.")
    return list(by_key.values())


def _list(field: Field, given: Any) -> list[Any]:
    if given is None or given == "":
        return []
    if not isinstance(given, list | tuple):
        raise UsageError(f"{field.name} takes a list.")
    return list(given)


def _domain(field: Field, given: Any) -> str | None:
    text = _text(field, given)
    return company_domain(require_domain(text)) if text else None


def _currency(field: Field, given: Any) -> str:
    text = _text(field, given).upper()
    if not text and not field.required:
        return ""
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise UsageError(f"{field.name} takes three letters, such as EUR.")
    return text


def _id(field: Field, given: Any) -> int | None:
    if given is None or given == "":
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 0 < given <= LARGEST:
        raise UsageError(f"{field.name}: choose one from the list.")
    return given


_FORMS: Mapping[ValueKind, Callable[[Field, Any], Value]] = {
    ValueKind.TEXT: _text,
    ValueKind.LONG_TEXT: _long_text,
    ValueKind.NUMBER: _number,
    ValueKind.DATE: _date,
    ValueKind.CHOICE: _choice,
    ValueKind.MONEY: _money,
    ValueKind.LINK: _link,
    ValueKind.TAGS: _tags,
    ValueKind.EMAILS: _emails,
    ValueKind.PHONES: _phones,
    ValueKind.DOMAIN: _domain,
    ValueKind.CURRENCY: _currency,
    ValueKind.PERSON: _id,
    ValueKind.CONTACT: _id,
    ValueKind.COMPANY: _id,
    ValueKind.BIRTHDAY: _birthday,
}
