"""What a person chooses about an import: which column is which field, and what becomes of those who are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from core.errors import UsageError
from crm.records.importing.fields import NAMING, BuiltIn, CustomFields, Meaning
from crm.records.importing.headings import SEVERAL

NOBODY_TOLD_APART = "No column holds names or e-mail addresses: choose one, or call the columns Name and E-mail."


class OnKnown(StrEnum):
    """What is done with somebody who is a contact already."""

    SKIP = "skip"
    COMPLETE = "complete"
    OVERWRITE = "overwrite"


@dataclass(frozen=True, slots=True)
class Choices:
    """`fields` has one for each column. `responsible_id` looks after new contacts for whom the file names nobody."""

    fields: tuple[Meaning, ...]
    known: OnKnown = OnKnown.COMPLETE
    responsible_id: int | None = None


def checked(fields: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """The fields of the columns. Raises `UsageError` where nobody could be told apart, or two columns claim one value."""
    if NAMING.isdisjoint(fields):
        raise UsageError(NOBODY_TOLD_APART)
    for field in fields:
        if field != BuiltIn.SKIP and field not in SEVERAL and fields.count(field) > 1:
            raise UsageError(f"Two columns are to give the field {field}: leave one of them out.")
    return tuple(fields)


def remapped(
    header: Sequence[str],
    fields: Sequence[Meaning],
    wishes: Sequence[str],
    custom: CustomFields = MappingProxyType({}),
) -> tuple[Meaning, ...]:
    """The fields with wishes such as `Firma=company` or `Notes=` (left out) met; columns also by number, `3=phone`.

    Raises `UsageError` for a column or a field that there is not.
    """
    changed = list(fields)
    for wish in wishes:
        column, equals, word = wish.rpartition("=")
        if not equals:
            raise UsageError("A column is mapped as COLUMN=FIELD, for example “Firma=company”.")
        place = _place_of(header, column.strip())
        changed[place] = _field(word.strip(), custom)
        for other, field in enumerate(changed):  # What somebody says counts more than what was guessed.
            if other != place and field == changed[place] and field not in SEVERAL:
                changed[other] = BuiltIn.SKIP
    return checked(changed)


def _place_of(header: Sequence[str], column: str) -> int:
    names = [name.casefold() for name in header]
    if column.casefold() in names:
        return names.index(column.casefold())
    if column.isascii() and column.isdigit() and 1 <= int(column[:9]) <= len(header):
        return int(column) - 1
    raise UsageError(f"The file has no column {column!r}; it has: {', '.join(header[:20])}.")


def _field(given: str, custom: CustomFields) -> Meaning:
    """A field by its word; a custom one by its key or name."""
    called = {field.name.casefold(): key for key, field in custom.items()} | {key: key for key in custom}
    word = given.lower()
    known = [field.value for field in BuiltIn if field is not BuiltIn.SKIP]
    if word not in known and given.casefold() in called:
        return called[given.casefold()]
    if word and word not in known:
        near = get_close_matches(word, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
        raise UsageError(f"There is no field {word!r}; {hint}")
    return BuiltIn(word)
