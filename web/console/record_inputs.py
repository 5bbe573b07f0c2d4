"""The fields of a record as inputs of a form: what stands in them, whom to choose from, and what was typed as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm.access.repository import people
from crm.records.fields.standard import Field, ValueKind
from crm.records.repository import fields as rows
from storage.models import RecordType, User
from storage.sessions import ReadSession
from web.console.choosing import Chooser, belongs_to_chooser, chooser, settled, settled_or_refused
from web.field_inputs import read_input, write_input
from web.forms import row_id
from web.signed_in import SignedIn

RECORDS = {ValueKind.CONTACT: RecordType.CONTACT, ValueKind.COMPANY: RecordType.COMPANY}
"""Fields that name a record, which is found by typing."""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the form, with what is typed in it; `options` are people to choose from, by id; records have a chooser."""

    field: Field
    text: str
    options: tuple[tuple[int, str], ...] = ()
    chooser: Chooser | None = None

    @property
    def asks(self) -> bool:
        """Whether the form has to ask which record is meant."""
        return self.chooser is not None and bool(self.chooser.problem)


def inputs_of(
    session: ReadSession,
    me: SignedIn,
    fields: Sequence[Field],
    values: Mapping[str, Any],
    typed: Mapping[str, str],
) -> list[Input]:
    """The fields with what was typed in them, else with what stands there."""
    return [_input(session, me, field, values, typed) for field in fields]


def typed_in(form: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, str]:
    """What was typed, by key of the field, and what stands beside choosers."""
    typed = {field.key: str(form[field.key]) for field in fields if field.key in form}
    return typed | {name: str(form[name]) for name in form if belongs_to_chooser(name)}


def looked_up(
    session: ReadSession, me: SignedIn, typed: Mapping[str, str], fields: Sequence[Field]
) -> tuple[dict[str, str], bool]:
    """What was typed, with the ids of records whose names were; and whether the form has to ask first whom they mean."""
    return settled(session, me, typed, _choosers(fields))


def values_of(
    me: SignedIn, typed: Mapping[str, str], fields: Sequence[Field], was: Mapping[str, Any]
) -> dict[str, Any]:
    """What was typed as values, by key; `was`: what stood there before. Raises `UsageError`."""
    currency = _currency(me, typed, was)
    return {
        field.key: read_input(field, typed[field.key], me.formats, currency) for field in fields if field.key in typed
    }


def named(kind: RecordType, fields: Sequence[Field]) -> list[Field]:
    """The fields as a form has them that asks for several kinds of records: `deal.source` and the like, none of them required."""
    return [replace(field, key=name_of(kind, field.key), required=False) for field in fields]


def name_of(kind: RecordType, key: str) -> str:
    """What the input of such a form is called."""
    return f"{kind.value}.{key}"


def typed_of(
    session: ReadSession,
    me: SignedIn,
    kind: RecordType,
    fields: Sequence[Field],
    form: Mapping[str, Any],
    was: Mapping[str, Any],
) -> dict[str, Any]:
    """What was typed in such a form for the records of one kind, as `values_of`; what was left blank is left out.

    Raises `UsageError` too where a name that was typed may mean several records, or none.
    """
    inputs = named(kind, fields)
    meant = settled_or_refused(session, me, typed_in(form, inputs), _choosers(inputs))
    typed = {field.key: meant.get(name_of(kind, field.key), "") for field in fields}
    return values_of(me, {key: text for key, text in typed.items() if text.strip()}, fields, was)


def _choosers(fields: Sequence[Field]) -> dict[str, RecordType]:
    return {field.key: RECORDS[field.kind] for field in fields if field.kind in RECORDS}


def _currency(me: SignedIn, typed: Mapping[str, str], was: Mapping[str, Any]) -> str:
    """Of the record: as it is to be by what is typed, else as it was; where that is none, the company's."""
    return str(typed.get("currency", was.get("currency")) or "").strip().upper() or me.currency


def _input(
    session: ReadSession, me: SignedIn, field: Field, values: Mapping[str, Any], typed: Mapping[str, str]
) -> Input:
    text = typed.get(field.key)
    if text is None:
        text = write_input(field, values.get(field.key), me.formats, _currency(me, {}, values))
    if field.kind is ValueKind.PERSON:
        options = [(person.id, person.name) for person in people(session, me.viewer)]
        return Input(field, text, options=_kept(session, me, text, options))
    if field.kind in RECORDS:
        said = {**typed, field.key: text}
        found = chooser(session, me, RECORDS[field.kind], field.key, field.name, said)
        return Input(field, text, chooser=found)
    return Input(field, text)


def _kept(
    session: ReadSession, me: SignedIn, chosen: str, options: Sequence[tuple[int, str]]
) -> tuple[tuple[int, str], ...]:
    """People by name, with the one that is chosen even where they have left."""
    chosen_id = row_id(chosen)
    there = dict(options)
    if chosen_id is not None and chosen_id not in there:
        there |= rows.names(session, me.viewer, User, [chosen_id])
    return tuple(sorted(there.items(), key=lambda option: option[1].casefold()))
