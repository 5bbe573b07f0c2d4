"""A change of where entries stand, taken back as a difference: what others have changed since stays. Pure."""

from collections.abc import Callable, Collection
from typing import Any

from crm.conversations.arranging.repository.entries import Standing
from crm.intake.clients import OWNERSHIP
from storage.models import RecordType

Record = tuple[str, int]
Records = dict[Record, bool]


def taken_back(now: Records, before: Records, after: Records, kept: set[Record]) -> Records:
    """Where an entry stands when the change from `before` to `after` is taken back, other than of records that are `kept`.

    It belongs to the record that somebody chose since, else to the one of before.
    """
    added, removed = after.keys() - before.keys() - kept, before.keys() - after.keys()
    left = (now.keys() - added) | removed
    chosen_since = _owners(now) - _owners(after)
    owner = (chosen_since & left) or (_owners(before) & left)
    return in_order(left, first=owner, above_kind=True)


def in_order(records: Collection[Record], *, first: Collection[Record], above_kind: bool = False) -> Records:
    """The records of an entry; the first one is its owner: deal, lead, contact, company, of one kind one of `first`.

    With `above_kind` one of `first` is the owner whatever its kind.
    """

    def rank(key: Record) -> tuple[bool, int, bool, int]:
        return (above_kind and key not in first, OWNERSHIP.index(RecordType(key[0])), key not in first, key[1])

    return {key: not position for position, key in enumerate(sorted(records, key=rank))}


def as_rows(standing: Standing) -> list[list[Any]]:
    """As JSON holds it."""
    return [[entry, kind, number, owner] for entry, keys in standing.items() for (kind, number), owner in keys.items()]


def of_rows(rows: list[list[Any]], living: Callable[[Record], Record | None]) -> Standing:
    """The same back, with the records that those of then have become."""
    standing: Standing = {}
    for entry, kind, number, owner in rows:
        if (record := living((kind, number))) is not None:
            records = standing.setdefault(entry, {})
            records[record] = owner or records.get(record, False)
    return standing


def _owners(records: Records) -> set[Record]:
    return {key for key, owner in records.items() if owner}
