"""What people type into forms, as values: moments in their own time zone, money, tags, the names of records."""

from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from core.errors import UsageError
from parsers.numbers import cents_in
from storage.models import RecordType

END_OF_DAY = time(18, 0)
YEARS = range(1970, 2200)
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


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """`2026-12-01T09:30` or `2026-12-01` (then the end of that working day) in `zone`, as UTC; empty is None."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2026-12-01"):
            at = datetime.combine(at, END_OF_DAY)
        return at.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError("That is not a date: write it as 2026-12-01 09:30.") from None


def day_in(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day such as `2026-12-01` in `zone`, as UTC; empty is None. Raises `UsageError` for anything else."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        raise UsageError("That is not a day: write it as 2026-12-01.")
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def cents(text: str) -> int:
    """An amount (`parsers.numbers`) as the smallest unit; empty is nothing. Raises `UsageError`."""
    return cents_in(text) if text.strip() else 0


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
