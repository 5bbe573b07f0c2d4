"""Changing a record field by field. What somebody else changed meanwhile is never overwritten unseen.

Whoever fills in a form says what stood in it (`was`): only what differs from that is a change, and one to a field that
stands otherwise by now is refused. Programs say instead which `version` of the record they read, or overwrite. Each edit
leaves its before and after in the history, from which it can be taken back.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from core.versions import version_of
from crm.access.rights import Act
from crm.access.rights.repository import reaches, require
from crm.access.viewer import Viewer
from crm.office.settings import read_office
from crm.records.channels import EMAIL, PHONE, email_key, phone_key
from crm.records.fields.custom import fields_of
from crm.records.fields.following import (
    AMOUNT,
    CURRENCY,
    Changes,
    amount_in_new_currency,
    in_its_currency,
    name_of_parts,
    with_its_currency,
)
from crm.records.fields.standard import Field, ValueKind
from crm.records.fields.values import EMPTY, Value, canonical, is_empty, stored_form
from crm.records.handing_over import RESPONSIBLE, tell_of_one
from crm.records.merge_fields import MONEY, going_back
from crm.records.repository import fields as rows
from crm.records.repository import writing
from crm.records.repository.fields import Record, RecordRow
from crm.records.repository.naming import LABELS
from crm.records.repository.products import has_lines
from crm.records.repository.standing import keep_records
from crm.records.typed_channels import require_addresses, require_phones
from storage.models import Contact, Deal, Lead, RecordChange, RecordType
from storage.sessions import ReadSession, WriteSession

SYSTEM = Viewer.system()
_CHANNELS = {ValueKind.EMAILS: EMAIL, ValueKind.PHONES: PHONE}


def current_values(session: ReadSession, viewer: Viewer, record: Record) -> dict[str, Value]:
    """What stands in each field of a record, by key. Raises `NotFound`."""
    row = rows.record_row(session, viewer, record)
    return _values(session, record, row, fields_of(session, viewer, record[0]))


def version_of_record(session: ReadSession, viewer: Viewer, record: Record) -> str:
    """A word that is another one when any field that the viewer sees is changed. Raises `NotFound`."""
    return version_of(current_values(session, viewer, record))


def held_values(session: WriteSession, viewer: Viewer, record: Record) -> dict[str, Value]:
    """The same of a record that nobody else changes until this unit ends: for a new value that is made of the old one."""
    row = rows.record_for_change(session, viewer, record)
    return _values(session, record, row, fields_of(session, viewer, record[0]))


def put_back(
    session: WriteSession,
    viewer: Viewer,
    record: Record,
    changes: Mapping[str, Sequence[Value]],
    *,
    since: int,
    also_gone: bool = False,
) -> int:
    """Take an edit back, `changes` by key before and after, where its fields stand as it left them; how many do not. `since`:
    the edit's id in the history.

    Whoever gave the record away by that edit may take it back: the right is asked of what it is before or after. An amount
    that followed a currency goes back with it, also where they may not write it, and so does a currency. `also_gone`: to
    whoever it belonged, also when they have left. Raises as `edit_record`.
    """
    viewer.require_write()
    row = rows.record_for_change(session, SYSTEM, record)
    now = _values(session, record, row, fields_of(session, SYSTEM, record[0]))
    left = _as_left(session, record, changes, since)
    back = going_back(left, lambda key: key in now and now[key] == left[key]).intersection(changes)
    theirs = {key for key in back if viewer.may_edit_field(record[0], key)}
    along = back.intersection(MONEY) - theirs if theirs.intersection(MONEY) else set()
    back -= viewer.hidden_fields(record[0]) - along
    along |= back & {RESPONSIBLE} if also_gone else set()
    is_theirs = reaches(session, viewer, Act.EDIT, record)
    wanted, follows = ({key: changes[key][0] for key in some} for some in (back - along, along))
    _edit(session, viewer, record, row, wanted, follows=follows)
    if not is_theirs:
        session.flush()
        require(session, viewer, Act.EDIT, record)
    return len(changes) - len(back)


def _as_left(
    session: ReadSession, record: Record, changes: Mapping[str, Sequence[Value]], since: int
) -> dict[str, Value]:
    """What an edit left in its fields, and in the other half of amount and currency where that was changed since."""
    left = {key: after for key, (_, after) in changes.items()}
    for key in set(MONEY) - left.keys() if left.keys() & set(MONEY) else ():
        first = rows.first_change_since(session, record, since, key)
        left |= {key: first[0]} if first else {}
    return left


def edit_record(
    session: WriteSession,
    viewer: Viewer,
    record: Record,
    wanted: Mapping[str, Any],
    *,
    was: Mapping[str, Any] | None = None,
    version: str | None = None,
    bulk_edit_id: int | None = None,
) -> Changes:
    """Change the fields named in `wanted`, all or none; what was changed as far as the viewer sees it, perhaps nothing. A new
    responsible hears of it.

    An amount is in the smallest unit of its currency; as a `Decimal`, in whole ones of the currency that the record has then.
    Raises `Forbidden` for guests, `NotFound`, `UsageError` for a value that can not stand in its field or a field that
    there is not, and `Conflict` where a field of `was` stands otherwise by now, or the record is not of that `version` any more
    (`version_of_record`).
    """
    viewer.require_write()
    keep_records(session)  # It may name a contact or a company.
    require(session, viewer, Act.EDIT, record)
    row = rows.record_for_change(session, viewer, record)
    if version is not None:
        _demand_version(record, _values(session, record, row, fields_of(session, viewer, record[0])), version)
    changes = _edit(session, viewer, record, row, wanted, was=was, bulk_edit_id=bulk_edit_id)
    if RESPONSIBLE in changes and bulk_edit_id is None:
        tell_of_one(session, viewer, record, getattr(row, LABELS[record[0]].key), changes[RESPONSIBLE][1])
    return changes


def fill_in(session: WriteSession, viewer: Viewer, record: Record, wanted: Mapping[str, Any]) -> None:
    """Fill in fields of a record that this unit has added: its history begins behind that. Raises as `edit_record`."""
    _edit(session, viewer, record, rows.record_for_change(session, SYSTEM, record), wanted, noted=False)


def _edit(
    session: WriteSession,
    viewer: Viewer,
    record: Record,
    row: RecordRow,
    wanted: Mapping[str, Any],
    *,
    was: Mapping[str, Any] | None = None,
    bulk_edit_id: int | None = None,
    follows: Mapping[str, Value] = MappingProxyType({}),
    noted: bool = True,
) -> Changes:
    fields = {
        field.key: field for field in fields_of(session, SYSTEM, record[0])
    }  # A hidden one may follow from another.
    hidden = viewer.hidden_fields(record[0])
    unknown = sorted(set(wanted) - (set(fields) - hidden))
    if unknown:
        raise UsageError(f"There is no field {unknown[0]!r} here.")
    wanted = in_its_currency(session, row, wanted)
    asked = [fields[key] for key in wanted if was is None or key not in was or was[key] != wanted[key]]
    before = _values(session, record, row, asked)
    changes: Changes = {}
    for field in asked:
        after = stored_form(field, wanted[field.key])
        if after == before[field.key]:
            continue
        if was is not None and field.key in was:
            if after == was[field.key]:
                continue  # Only written in another way.
            _demand_unchanged(field, before[field.key], was[field.key])
        if not viewer.may_edit_field(record[0], field.key):
            raise Forbidden(f"Your role may read {field.name}, but not change it.")
        _demand_there(session, viewer, field, after)
        _demand_reachable(field, before[field.key], after)
        _demand_own_amount(session, record, field)
        changes[field.key] = (before[field.key], after)
    if isinstance(row, Lead):
        changes = with_its_currency(session, row, changes)
    if isinstance(row, Deal | Lead) and CURRENCY in changes and AMOUNT not in changes:
        changes |= amount_in_new_currency(session, row, *changes[CURRENCY])
    for key, value in follows.items():
        _demand_own_amount(session, record, fields[key])
        changes[key] = (getattr(row, key), value)
    if isinstance(row, Contact) and "name" not in changes and viewer.may_edit_field(record[0], "name"):
        changes |= name_of_parts(row, changes)
    for key, (old, new) in changes.items():
        _write(session, record, row, fields[key], old, new)
    if changes and noted:
        _note(session, viewer, record, row, changes, bulk_edit_id)
    return {key: change for key, change in changes.items() if key not in hidden}


def _demand_unchanged(field: Field, now: Value, seen: Any) -> None:
    """Whoever wrote what was `seen` may overwrite only that."""
    if now != seen and not (is_empty(now) and is_empty(seen)):
        raise Conflict(f"{field.name} was changed by somebody else meanwhile: look at it again, then write yours.")


def _demand_version(record: Record, now: Mapping[str, Value], seen: str) -> None:
    if version_of(now) != seen:
        raise Conflict(f"Somebody else changed this {record[0].value} meanwhile: read it again, then send yours.")


def _demand_there(session: ReadSession, viewer: Viewer, field: Field, value: Value) -> None:
    table = rows.NAMED.get(field.kind)
    if table is not None and isinstance(value, int) and not rows.is_there(session, viewer, table, value):
        raise UsageError(f"{field.name}: choose one from the list.")


def _demand_reachable(field: Field, old: Value, new: Value) -> None:
    """Of addresses and phones those that are new here; what mail brought stays, however odd."""
    if field.kind in _CHANNELS:
        fresh = [value for value in _words(new) if value not in _words(old)]
        (require_phones if field.kind is ValueKind.PHONES else require_addresses)(fresh)


def _demand_own_amount(session: ReadSession, record: Record, field: Field) -> None:
    if record[0] is RecordType.DEAL and field.key == AMOUNT and has_lines(session, record[1]):
        raise UsageError("The amount is the sum of this deal's products: change those, or take them away first.")


def _values(session: ReadSession, record: Record, row: RecordRow, fields: Sequence[Field]) -> dict[str, Value]:
    custom: Mapping[str, Value] = {}
    channels: Sequence[Mapping[str, str]] = ()
    if any(field.custom_id for field in fields):
        custom = rows.custom_values(session, record[0], [record[1]]).get(record[1], {})
    if any(field.kind in _CHANNELS for field in fields):
        channels = writing.channels_of(session, *record)
    return {field.key: _value(row, field, custom, channels) for field in fields}


def _value(row: RecordRow, field: Field, custom: Mapping[str, Value], channels: Sequence[Mapping[str, str]]) -> Value:
    if field.custom_id is not None:
        return custom.get(field.key, EMPTY.get(field.kind))
    if field.kind in _CHANNELS:
        kind = _CHANNELS[field.kind]
        return [channel["value"] for channel in channels if channel["kind"] == kind]
    value: Value | date = getattr(row, field.key)
    return value.isoformat() if isinstance(value, date) else value


def _write(session: WriteSession, record: Record, row: RecordRow, field: Field, old: Value, new: Value) -> None:
    if field.custom_id is not None:
        if is_empty(new):
            rows.remove_value(session, field.custom_id, record[1])
        else:
            number = float(new) if isinstance(new, int | float) else None
            rows.put_value(session, field.custom_id, record[1], canonical(new), number)
    elif field.kind in _CHANNELS:
        _write_channels(session, record, field, old, new)
    elif field.kind is ValueKind.DATE:
        setattr(row, field.key, date.fromisoformat(new) if isinstance(new, str) else None)
    else:
        setattr(row, field.key, new)


def _write_channels(session: WriteSession, record: Record, field: Field, old: Value, new: Value) -> None:
    """All anew, so that they stand in the order that was asked for: the first one is written to. What stood there before
    keeps its key: a number that was noted as one of another country stays that number."""
    kind = _CHANNELS[field.kind]
    country = read_office(session).phone_country if kind == PHONE else ""
    stood = {one["value"]: one["key"] for one in writing.channels_of(session, *record) if one["kind"] == kind}
    rows.remove_channels(session, record, kind, [stood[value] for value in _words(old) if value in stood])
    keys = {
        value: stood.get(value) or (phone_key(value, country) if kind == PHONE else email_key(value))
        for value in _words(new)
    }
    writing.add_channels(
        session, record[0], record[1], [{"kind": kind, "key": key, "value": value} for value, key in keys.items()]
    )


def _words(value: Value) -> list[str]:
    return value if isinstance(value, list) else []


def _note(
    session: WriteSession,
    viewer: Viewer,
    record: Record,
    row: RecordRow,
    changes: Changes,
    bulk_edit_id: int | None,
) -> None:
    now = utcnow()
    if isinstance(row, Deal):
        row.updated_at = now
    rows.add_change(
        session,
        RecordChange(
            record_type=record[0],
            record_id=record[1],
            at=now,
            user_id=viewer.user_id,
            changes={key: [old, new] for key, (old, new) in changes.items()},
            bulk_edit_id=bulk_edit_id,
            edited_id=record[1] if bulk_edit_id else None,
        ),
    )
    session.flush()
