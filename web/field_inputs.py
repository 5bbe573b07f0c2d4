"""The fields of records as forms show them: a value as text in an input, and what was typed as a value."""

from decimal import Decimal
from typing import Any

from core.errors import UsageError
from crm.records.fields.standard import Field, ValueKind
from parsers.numbers import cents_in, number_text
from web.forms import row_id, tags

LISTS = (ValueKind.EMAILS, ValueKind.PHONES)
CHOSEN = (ValueKind.PERSON, ValueKind.CONTACT, ValueKind.COMPANY)


def write_input(field: Field, value: Any) -> str:
    """What an input shows: one address a line, tags between commas, 1200.50 for money."""
    if value is None or value == []:
        return ""
    if field.kind in LISTS and isinstance(value, list):
        return "\n".join(map(str, value))
    if field.kind is ValueKind.TAGS and isinstance(value, list):
        return ", ".join(map(str, value))
    if field.kind is ValueKind.MONEY and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}" if value or field.custom_id is not None else ""
    if field.kind is ValueKind.NUMBER and isinstance(value, float):
        return number_text(value)
    return str(value)


def read_input(field: Field, text: str) -> Any:
    """What was typed, for `edit_record`. Raises `UsageError` with the field's name for what is no amount."""
    if field.kind in LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.kind is ValueKind.TAGS:
        return list(tags(text))
    if field.kind is ValueKind.MONEY:
        return _amount(field, text) if text.strip() else None
    if field.kind in CHOSEN:
        number = row_id(text.strip())
        return (text.strip() or None) if number is None else number
    return text


def _amount(field: Field, text: str) -> int:
    try:
        return cents_in(text)
    except UsageError as error:
        raise UsageError(f"{field.name}: {error}") from None
