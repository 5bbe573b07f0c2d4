"""Rights as conditions of queries: the one place that decides which records somebody reaches.

Whoever reaches all of a kind gets no condition, and pays nothing. The others' conditions lie on `responsible_id` and
`pipeline_id`, which are indexed, and records are looked for by their primary key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from core.errors import Forbidden, NotFound
from crm.access.rights.model import Act, Scope
from crm.access.viewer import Viewer
from storage.models import ActivityBinding, Company, Contact, Deal, Lead, RecordType
from storage.sessions import ReadSession

Record = tuple[RecordType, int]
Conditions = list[ColumnElement[bool]]
NOT_THERE = "There is no such record, or it was deleted."
_TABLES: Mapping[RecordType, Any] = {
    RecordType.CONTACT: Contact,
    RecordType.COMPANY: Company,
    RecordType.LEAD: Lead,
    RecordType.DEAL: Deal,
}
_WORDS = {
    Act.CREATE: "add this {kind}: be responsible for it yourself, or ask an administrator",
    Act.EDIT: "change this {kind}: ask who is responsible for it, or an administrator",
    Act.DELETE: "delete or restore this {kind}: ask who is responsible for it, or an administrator",
    Act.EXPORT: "export this {kind}",
}


def within(viewer: Viewer, kind: RecordType, act: Act = Act.SEE, table: Any = None) -> Conditions:
    """Conditions on records of a kind (or an alias of their `table`) for those to which the viewer may do `act`; none for all."""
    if viewer.reaches_all(kind, act):
        return []
    row = _TABLES[kind] if table is None else table
    pipelines = viewer.rights.pipelines if kind is RecordType.DEAL else {}
    elsewhere = _in_scope(viewer, row, viewer.rights.scope(kind, act))
    if not pipelines:
        return elsewhere
    by_scope: dict[Scope, list[int]] = {}
    for pipeline_id in sorted(pipelines):
        by_scope.setdefault(viewer.rights.scope(kind, act, pipeline_id), []).append(pipeline_id)
    ways = [and_(row.pipeline_id.not_in(sorted(pipelines)), *elsewhere)]
    ways += [
        and_(row.pipeline_id.in_(ids), *_in_scope(viewer, row, scope))
        for scope, ids in by_scope.items()
        if scope is not Scope.NONE
    ]
    return [or_(*ways)]


def on_seen_record(viewer: Viewer, binding: Any = ActivityBinding) -> Conditions:
    """Conditions on rows with `record_type` and `record_id` for those that name a record which the viewer may know of."""
    if viewer.sees_all_records:
        return []
    ways = []
    for kind, table in _TABLES.items():
        of_kind = binding.record_type == kind
        conditions = within(viewer, kind)
        if viewer.rights.scopes(kind, Act.SEE) == {Scope.NONE}:
            continue
        ways.append(
            and_(of_kind, exists().where(table.id == binding.record_id, *conditions)) if conditions else of_kind
        )
    return [or_(false(), *ways)]


def stands_on_seen(viewer: Viewer, activity_id: Any) -> ColumnElement[bool]:
    """Whether an activity stands on a record that the viewer may know of."""
    return exists().where(ActivityBinding.activity_id == activity_id, *on_seen_record(viewer))


def sees_every_task(viewer: Viewer) -> bool:
    """Whether tasks of all colleagues are open to them: they oversee people, and no record is kept from them."""
    return viewer.may_oversee and viewer.sees_all_records


def seen_of(session: ReadSession, viewer: Viewer, kind: RecordType, ids: Sequence[int]) -> set[int]:
    """Those of the records, deleted ones too, that the viewer may know of."""
    return _reached(session, viewer, Act.SEE, kind, ids)


def require(session: ReadSession, viewer: Viewer, act: Act, *records: Record) -> None:
    """Raises `NotFound` for a record that the viewer may not know of, `Forbidden` for one that they see but may not do that to.

    Whether a record is there at all is asked by who changes it.
    """
    for kind in RecordType:
        ids = sorted({record_id for of_kind, record_id in records if of_kind is kind})
        if not ids or viewer.reaches_all(kind, act):
            continue
        if len(_reached(session, viewer, Act.SEE, kind, ids)) < len(ids):
            raise NotFound(NOT_THERE)
        if act is not Act.SEE and len(_reached(session, viewer, act, kind, ids)) < len(ids):
            raise Forbidden(f"Your role does not let you {_WORDS[act].format(kind=kind.value)}.")


def reaches(session: ReadSession, viewer: Viewer, act: Act, record: Record) -> bool:
    """Whether the viewer may do that to a record that is there."""
    return bool(_reached(session, viewer, act, record[0], [record[1]]))


def acts_on(session: ReadSession, viewer: Viewer, record: Record) -> frozenset[Act]:
    """What the viewer may do to one record, for the buttons of its page."""
    return frozenset(
        act for act in Act if (viewer.may_write or act is Act.EXPORT) and reaches(session, viewer, act, record)
    )


def require_made(session: ReadSession, viewer: Viewer, record: Record) -> None:
    """Raises `Forbidden` for a record that was just made, and that the viewer may not add: their unit of work is undone."""
    kind, record_id = record
    if not _reached(session, viewer, Act.CREATE, kind, [record_id]):
        raise Forbidden(f"Your role does not let you {_WORDS[Act.CREATE].format(kind=kind.value)}.")


def _reached(session: ReadSession, viewer: Viewer, act: Act, kind: RecordType, ids: Sequence[int]) -> set[int]:
    if viewer.reaches_all(kind, act):
        return set(ids)
    table = _TABLES[kind]
    return set(session.execute(select(table.id).where(table.id.in_(ids), *within(viewer, kind, act))).scalars())


def _in_scope(viewer: Viewer, row: Any, scope: Scope) -> Conditions:
    if scope is Scope.ALL:
        return []
    if scope is Scope.NONE:
        return [false()]
    if scope is Scope.OWN or len(viewer.colleagues) <= 1:
        return [row.responsible_id == viewer.user_id]
    return [row.responsible_id.in_(sorted(viewer.colleagues))]
