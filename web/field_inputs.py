"""The fields of records as forms show them: a value as text in an input, and what was typed as a value."""

from collections.abc import Callable
from datetime import date
from typing import Any

from core.errors import UsageError
from crm.office.formats import Formats
from crm.office.typed import birthday_in, day_in
from crm.records.fields.standard import Field, ValueKind
from parsers.numbers import amount_in, amount_text, number_in, number_text
from web.forms import row_id, tags

LISTS = (ValueKind.EMAILS, ValueKind.PHONES)
CHOSEN = (ValueKind.PERSON, ValueKind.CONTACT, ValueKind.COMPANY)


def write_input(field: Field, value: Any, formats: Formats, currency: str = "") -> str:
    """What an input shows: one address a line, tags between commas, 1200.50 for money in `currency`, or the field's own."""
    if value is None or value == []:
        return ""
    if field.kind in LISTS and isinstance(value, list):
        return "\n".join(map(str, value))
    if field.kind is ValueKind.TAGS and isinstance(value, list):
        return ", ".join(map(str, value))
    if field.kind is ValueKind.MONEY and isinstance(value, int):
        text = amount_text(value, field.currency or currency)
        return formats.typed(text) if value or field.custom_id is not None else ""
    if field.kind is ValueKind.NUMBER and isinstance(value, float):
        return formats.typed(number_text(value))
    if field.kind is ValueKind.DATE and isinstance(value, str):
        return formats.day(date.fromisoformat(value)) if value else ""
    if field.kind is ValueKind.BIRTHDAY:
        return formats.birthday(value) if value else ""
    return str(value)


def read_input(field: Field, text: str, formats: Formats, currency: str = "") -> Any:
    """What was typed, for `edit_record`. Raises `UsageError` with the field's name for what is no amount, number or day."""
    if field.kind in LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.kind is ValueKind.TAGS:
        return list(tags(text))
    if field.kind is ValueKind.MONEY:
        return (
            _read(field, lambda: amount_in(text, field.currency or currency, formats.sure_decimal))
            if text.strip()
            else None
        )
    if field.kind is ValueKind.NUMBER and text.strip():
        return _read(field, lambda: float(number_in(text, formats.sure_decimal)))
    if field.kind is ValueKind.DATE and text.strip():
        return _read(field, lambda: day_in(text, formats).isoformat())
    if field.kind is ValueKind.BIRTHDAY and text.strip():
        return _read(field, lambda: birthday_in(text, formats))
    if field.kind in CHOSEN:
        number = row_id(text.strip())
        return (text.strip() or None) if number is None else number
    return text


def read_whole_units(field: Field, text: str, formats: Formats) -> str:
    """An amount that is typed before its currency is known, as text: `1200.50`. Raises as `read_input`."""
    return number_text(float(_read(field, lambda: number_in(text, formats.sure_decimal))))


def _read(field: Field, value: Callable[[], Any]) -> Any:
    try:
        return value()
    except UsageError as error:
        raise UsageError(f"{field.name}: {error}") from None
