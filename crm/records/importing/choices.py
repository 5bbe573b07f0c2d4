"""What a person chooses about an import: which column is which field, and what becomes of what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from core.errors import UsageError
from crm.records.importing.fields import BuiltIn, CustomFields, Meaning
from crm.records.importing.headings import SEVERAL
from crm.records.importing.kinds import CONTACTS, Kind, Missing, OnKnown


@dataclass(frozen=True, slots=True)
class Choices:
    """`fields` has one for each column. `responsible_id` looks after new records for which the file names nobody."""

    fields: tuple[Meaning, ...]
    known: OnKnown = OnKnown.COMPLETE
    responsible_id: int | None = None
    missing: Missing = Missing.REFUSE


NO_ADDING = "Contacts are not added twice: choose what is done with those who are here."


def require_possible(kind: Kind, known: OnKnown) -> None:
    """Raises `UsageError` for what can not be done with known records of that kind."""
    if known is OnKnown.ADD and not kind.may_add:
        raise UsageError(NO_ADDING)


def checked(fields: Sequence[Meaning], kind: Kind) -> tuple[Meaning, ...]:
    """The fields of the columns. Raises `UsageError` where no record could be told from another, for one that such records do
    not have, and where two columns claim one value."""
    if kind.naming.isdisjoint(fields):
        raise UsageError(kind.nobody)
    for field in fields:
        if field in set(BuiltIn) and field not in kind.labels:
            raise UsageError(f"{kind.words[1].capitalize()} have no field {field}: leave that column out.")
        if field != BuiltIn.SKIP and field not in SEVERAL and fields.count(field) > 1:
            raise UsageError(f"Two columns are to give the field {field}: leave one of them out.")
    return tuple(fields)


def remapped(
    header: Sequence[str],
    fields: Sequence[Meaning],
    wishes: Sequence[str],
    custom: CustomFields = MappingProxyType({}),
    kind: Kind = CONTACTS,
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
        changed[place] = _field(word.strip(), custom, kind)
        for other, field in enumerate(changed):  # What somebody says counts more than what was guessed.
            if other != place and field == changed[place] and field not in SEVERAL:
                changed[other] = BuiltIn.SKIP
    return checked(changed, kind)


def _place_of(header: Sequence[str], column: str) -> int:
    names = [name.casefold() for name in header]
    if column.casefold() in names:
        return names.index(column.casefold())
    if column.isascii() and column.isdigit() and 1 <= int(column[:9]) <= len(header):
        return int(column) - 1
    raise UsageError(f"The file has no column {column!r}; it has: {', '.join(header[:20])}.")


def _field(given: str, custom: CustomFields, kind: Kind) -> Meaning:
    """A field by its word; a custom one by its key or name."""
    called = {field.name.casefold(): key for key, field in custom.items()} | {key: key for key in custom}
    word = given.lower()
    known = [field.value for field in kind.labels if field is not BuiltIn.SKIP]
    if word not in known and given.casefold() in called:
        return called[given.casefold()]
    if word and word not in known:
        near = get_close_matches(word, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
        raise UsageError(f"There is no field {word!r}; {hint}")
    return BuiltIn(word)
