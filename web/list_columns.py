"""Which columns a list of records shows: the usual ones, or those that its address names as `columns=position.notes.field_7`.

A saved view keeps the address, and so its columns. What somebody may not see is no column for them, whoever chose it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.records.fields.standard import Field
from storage.models import RecordType

PARAMETER = "columns"
BETWEEN = "."
MOST = 20
NAMES: Mapping[RecordType, str] = {
    RecordType.CONTACT: "name",
    RecordType.COMPANY: "name",
    RecordType.LEAD: "title",
    RecordType.DEAL: "title",
}
"""The field that stands first in each line, and leads to the record."""
USUAL: Mapping[RecordType, tuple[str, ...]] = {
    RecordType.CONTACT: ("company_id", "emails", "responsible_id", "tags"),
    RecordType.COMPANY: ("domain", "responsible_id", "created_at"),
    RecordType.LEAD: ("name", "stage", "responsible_id", "created_at"),
    RecordType.DEAL: ("stage", "amount", "client", "responsible_id", "updated_at"),
}
ON_A_PHONE: Mapping[RecordType, tuple[str, ...]] = {
    RecordType.CONTACT: ("company_id", "emails", "phones"),
    RecordType.COMPANY: ("domain", "phones", "responsible_id"),
    RecordType.LEAD: ("stage", "source", "emails"),
    RecordType.DEAL: ("stage", "amount", "client", "responsible_id"),
}
"""What a phone shows below each name unless somebody chose columns: it shows all of those, each with what it is called."""
_MOVES = {"stage": "Stage"}
_TIMES = {"created_at": "Added"}
BESIDES: Mapping[RecordType, Mapping[str, str]] = {
    RecordType.CONTACT: _TIMES,
    RecordType.COMPANY: _TIMES,
    RecordType.LEAD: {**_MOVES, "contact": "Contact", "company": "Company", **_TIMES, "converted_at": "Converted"},
    RecordType.DEAL: {**_MOVES, "client": "Client", **_TIMES, "updated_at": "Changed", "closed_at": "Closed"},
}
"""What a list shows of records besides their fields, and how it is called."""
WITHIN = {"currency": "amount"}
"""Fields that another column shows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `kind` says how its cells are written."""

    key: str
    label: str
    kind: str
    currency: str = ""
    in_fields: bool = False
    """Whether its cells stand in `fields` of a record."""

    @property
    def is_numeric(self) -> bool:
        """Whether its cells stand one under the other by their last digit."""
        return self.kind in ("money", "number")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a list shows, all that it could show, and those that a phone shows."""

    shown: tuple[Column, ...]
    possible: tuple[Column, ...]
    on_a_phone: tuple[Column, ...]
    chosen: bool

    @property
    def on_a_phone_alone(self) -> tuple[Column, ...]:
        """Those for which only a phone has a cell."""
        return tuple(column for column in self.on_a_phone if column not in self.shown)


def columns_of(kind: RecordType, fields: Sequence[Field], asked: Mapping[str, str]) -> Columns:
    """What the address asks for, out of what the viewer may see (`fields`); the usual columns where it names none of these."""
    possible = _possible(kind, fields)
    by_key = {column.key: column for column in possible}
    wanted = dict.fromkeys(asked.get(PARAMETER, "").split(BETWEEN))
    chosen = tuple(by_key[key] for key in wanted if key in by_key)[:MOST]
    usual = tuple(by_key[key] for key in USUAL[kind] if key in by_key)
    on_a_phone = tuple(by_key[key] for key in ON_A_PHONE[kind] if key in by_key)
    return Columns(chosen or usual, possible, chosen or on_a_phone, bool(chosen))


def columns_named(keys: Sequence[str]) -> str:
    """How an address names the columns that were ticked."""
    return BETWEEN.join(dict.fromkeys(keys[:MOST]))


def _possible(kind: RecordType, fields: Sequence[Field]) -> tuple[Column, ...]:
    of_fields = [
        Column(field.key, field.name, field.kind.value, field.currency, field.further or field.custom_id is not None)
        for field in fields
        if field.key != NAMES[kind] and field.key not in WITHIN
    ]
    besides = [
        Column(key, label, key if key in ("stage", "client") else _kind_of(key)) for key, label in BESIDES[kind].items()
    ]
    return (*of_fields, *besides)


def _kind_of(key: str) -> str:
    return "moment" if key.endswith("_at") else "record"
