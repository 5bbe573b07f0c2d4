"""Addresses and custom fields of a record that is merged into another one, and back.

They are remembered by what they say and not by the ids of their rows, for whoever edits a record writes them anew. Those of
the other one come behind the survivor's own: the first address of a record is the one that is written to.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, or_, select

from crm.records.repository.naming import of_kind
from storage.models import Channel, FieldValue, RecordType
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

LIKE: Mapping[type[Any], tuple[str, ...]] = {Channel: ("kind", "key"), FieldValue: ("field_id",)}
"""Of what a record has one only."""
SAYS: Mapping[type[Any], tuple[str, ...]] = {
    Channel: ("kind", "key", "value"),
    FieldValue: ("field_id", "text", "number"),
}
_AS_MOVED: Mapping[type[Any], tuple[str, ...]] = {Channel: ("kind", "key"), FieldValue: ("field_id", "text", "number")}
"""In what a row of the survivor must be as it was moved to go back."""
Said = dict[str, Any]


def move_values(session: WriteSession, table: type[Any], kind: RecordType, from_id: int, to_id: int) -> list[Said]:
    """Give the survivor what it has not the like of; all that the other one had, in its order, and whether it `moved`."""
    theirs = _said(session, table, kind, from_id)
    mine = {_like(table, said) for said in _said(session, table, kind, to_id)}
    session.execute(delete(table).where(_of(table, kind, from_id)))
    noted = [{**said, "moved": _like(table, said) not in mine} for said in theirs]
    _insert(session, table, kind, to_id, [said for said in noted if said["moved"]])
    return noted


def give_values_back(
    session: WriteSession, table: type[Any], kind: RecordType, survivor_id: int, record_id: int, noted: Sequence[Said]
) -> None:
    """Let a record have what it had before, and the survivor keep what somebody has written since."""
    for said in noted:
        if said.get("moved"):
            same = [getattr(table, name) == said[name] for name in _AS_MOVED[table]]
            if table is Channel:  # The key of a phone may have got its country's code since.
                same = [Channel.kind == said["kind"], or_(Channel.key == said["key"], Channel.value == said["value"])]
            session.execute(delete(table).where(_of(table, kind, survivor_id), *same))
    has = {_like(table, said) for said in _said(session, table, kind, record_id)}
    _insert(session, table, kind, record_id, [said for said in noted if _like(table, said) not in has])


def _said(session: ReadSession, table: type[Any], kind: RecordType, record_id: int) -> list[Said]:
    columns = [getattr(table, name) for name in SAYS[table]]
    rows = session.execute(select(*columns).where(_of(table, kind, record_id)).order_by(table.id))
    return [dict(zip(SAYS[table], row, strict=True)) for row in rows]


def _insert(session: WriteSession, table: type[Any], kind: RecordType, record_id: int, said: Sequence[Said]) -> None:
    """What somebody else writes in this very moment stays (the job that ends a merge does not hold the survivor)."""
    whose: Said = {"record_id": record_id}
    if hasattr(table, "record_type"):
        whose["record_type"] = kind
    if said:
        session.execute(
            upsert(session, table).on_conflict_do_nothing(),
            [{**whose, **{name: each[name] for name in SAYS[table]}} for each in said],
        )


def _of(table: type[Any], kind: RecordType, record_id: int) -> Any:
    return and_(of_kind(table, kind), table.record_id == record_id)


def _like(table: type[Any], said: Said) -> tuple[Any, ...]:
    return tuple(said[name] for name in LIKE[table])
