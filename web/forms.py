"""What people type into forms, as values: moments in their own time zone and formats, money, tags, the names of records."""

from datetime import UTC, datetime, time
from typing import Annotated

from pydantic import Field

from core.errors import UsageError
from crm.office import typed
from parsers.numbers import amount_in
from storage.models import RecordType
from web.signed_in import SignedIn, zone_of

YEARS = range(1970, 2200)
OUT_OF_TIME = "That day is too far away: choose one between 1970 and 2199."
MOST_DIGITS = 9
"""Of the number of a row, which fits into 32 bits then."""
RecordKey = tuple[RecordType, int]
RowId = Annotated[int, Field(ge=0, lt=10**MOST_DIGITS)]
"""The number of a row in an address, a form or a document; another number is answered with 422."""
Place = Annotated[int, Field(ge=0, lt=10**MOST_DIGITS)]
"""Which one of some in their order, such as a page of a list or a part of a mail."""


Count = Annotated[int, Field(ge=0, lt=10**MOST_DIGITS)]
"""How many of something."""
Minutes = Annotated[int, Field(ge=0, le=14 * 24 * 60)]
"""How long something lasts, or before it: two weeks at most."""


def moment(text: str, me: SignedIn) -> datetime | None:
    """`31/12/2026 09:30` or `31/12/2026` (then when work ends that day) in the person's zone, as UTC; empty is None.

    Raises `UsageError` for what is no moment in their formats, nor in ISO 8601.
    """
    if not text.strip():
        return None
    try:
        at = typed.moment_in(text, me.formats, me.calendar.closing)
        return at.replace(tzinfo=zone_of(me)).astimezone(UTC)
    except OverflowError:
        raise UsageError(OUT_OF_TIME) from None


def day_in(text: str, me: SignedIn) -> datetime | None:
    """The beginning of a day in the person's zone, as UTC; empty is None. Raises `UsageError` for anything else."""
    if not text.strip():
        return None
    day = typed.day_in(text, me.formats)
    if day.year not in YEARS:
        raise UsageError(OUT_OF_TIME)
    return datetime.combine(day, time(), tzinfo=zone_of(me)).astimezone(UTC)


def iso_day(text: str, me: SignedIn) -> str:
    """The day that was typed as ISO 8601 writes it; what is none, or nothing, as it is."""
    try:
        return typed.day_in(text, me.formats).isoformat()
    except UsageError:
        return text


def amount(text: str, currency: str, me: SignedIn) -> int:
    """An amount (`parsers.numbers`) as the smallest unit; empty is nothing. Raises `UsageError`."""
    return amount_in(text, currency, me.formats.sure_decimal) if text.strip() else 0


def whole(text: str) -> int | None:
    """A number of digits; empty is None. Raises `UsageError`."""
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= MOST_DIGITS):
        raise UsageError("That is not a number: write it in digits.")
    return int(text)


def tags(text: str) -> tuple[str, ...]:
    """Words between commas, without `#`, each once."""
    return tuple(dict.fromkeys(word.strip().lstrip("#") for word in text.split(",") if word.strip().lstrip("#")))


def record_keys(names: list[str]) -> tuple[RecordKey, ...]:
    """`contact:5` and the like. Raises `UsageError` for anything else."""
    keys = []
    for name in names:
        kind, _, number = name.partition(":")
        record_id = row_id(number)
        if kind not in {record_type.value for record_type in RecordType} or record_id is None:
            raise UsageError("That is not a record: choose one from the list.")
        keys.append((RecordType(kind), record_id))
    return tuple(dict.fromkeys(keys))


def row_id(text: str) -> int | None:
    """The number of a row; None for what is none: `²` and a hundred digits are digits, and no number of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
