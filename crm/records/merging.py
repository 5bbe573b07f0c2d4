"""Merging records that are the same: one survives and has everything, the others lead to it; and taking that back.

    merge ── one unit of work: the fields, who leads where, and so much of the timelines as one unit may move
      └─▶ job ── the rest of long timelines, and what was put on one of the others in the very moment of the merge
    undo  ── the same way back, for thirty days: what moved goes back, what came since stays with the survivor

A merge of a record that another merge is still busy with moves its timeline behind that one, so that each gives back exactly
what it moved.

The others are deleted and name the survivor; whoever asks for them is sent there. A further merge lets them name the last
survivor, so there is never a chain to follow. Merges go one after the other, and none while a batch of mail is put
on records (`repository.standing`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.audit import record_act
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR, Record
from crm.records.merge_fields import FIELDS, MONEY, going_back, values_of_survivor
from crm.records.merge_jobs import give_some_back, tell
from crm.records.repository import lead_stages, merges, moving
from crm.records.repository.duplicates import carry_dismissed
from crm.records.repository.naming import LABELS
from crm.records.repository.standing import change_records_alone
from storage import jobs
from storage.jobs import OfMerge, enqueue
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession, WriteSession

MOST_AT_ONCE = 20
CHANGED_MEANWHILE = "One of these records was merged or deleted meanwhile: look at them again."
NOT_ACTIVE = "Only active leads can be merged: take this one up again first, or merge what it became."
NAMES: Mapping[str, RecordType] = {"company_id": RecordType.COMPANY, "contact_id": RecordType.CONTACT}
"""Columns that hold the id of another record."""


def merge(
    session: WriteSession, viewer: Viewer, survivor: Record, others: Sequence[int], chosen: Mapping[str, int]
) -> int:
    """Let one record have all that stands on `others`, which are of its kind; the id of the merge.

    To be called first in its unit. `chosen` names by field the record of which the value stays; else it is the survivor's, or
    the first that there is.
    Raises `Forbidden` for guests, `UsageError` for what can not be merged, `Conflict` when one of them is not there any more.
    """
    viewer.require_write()
    kind, ids = survivor[0], _distinct(survivor, others)
    change_records_alone(session)
    if kind is RecordType.LEAD:
        lead_stages.hold_stages(session)
    _require_rights(session, viewer, kind, ids)
    by_id = merges.records_for_change(session, kind, ids)
    if len(by_id) < len(ids) or any(row.deleted_at is not None for row in by_id.values()):
        raise Conflict(CHANGED_MEANWHILE)
    rows = [by_id[record_id] for record_id in ids]
    if kind is RecordType.LEAD and any(row.state is not LeadState.ACTIVE for row in rows):
        raise Conflict(NOT_ACTIVE)
    now = utcnow()
    changed = _change_fields(rows[0], values_of_survivor(kind, rows, chosen))
    values = {"record_type": kind, "survivor_id": rows[0].id, "others": ids[1:], "fields": changed}
    merge_id = merges.insert_merge(session, **values, user_id=viewer.user_id, at=now)
    for row in rows[1:]:
        row.deleted_at, row.deleted_by_id, row.merged_into_id = now, viewer.user_id, rows[0].id
    session.flush()
    moving.move_at_once(session, merge_id, kind, ids[1:], rows[0].id)
    more = merges.unfinished(session, kind, ids, before=merge_id) or moving.move_some(
        session, merge_id, kind, ids[1:], rows[0].id
    )
    for other in ids[1:]:
        carry_dismissed(session, kind, other, rows[0].id)
    tell(session, viewer, kind, rows[0], "Merged with " + ", ".join(_name(kind, row) for row in rows[1:]))
    record_act(session, viewer, "record.merge", type=kind.value, id=rows[0].id, others=[str(each) for each in ids[1:]])
    if not more:
        merges.mark_moved(session, merge_id, now)
    if more or session.on_postgresql:
        enqueue(session, jobs.FINISH_MERGE, OfMerge(merge_id), key=f"finish-merge:{merge_id}")
    return merge_id


def undo_merge(session: WriteSession, viewer: Viewer, merge_id: int) -> Record:
    """Take a merge apart; the survivor. To be called first in its unit.

    What it moved goes back, and fields that nobody changed since get their value of before; what came since stays where it is.
    Raises `Forbidden` for who could not have made it, `NotFound` when it is too old, `Conflict` when it can not be taken back.
    """
    viewer.require_write()
    change_records_alone(session)
    row = merges.merge_for_change(session, merge_id)
    if row is None or row.at < utcnow() - KEPT_FOR:
        raise NotFound("A merge can be taken back for 30 days, and this one can not any more.")
    kind = row.record_type
    if row.undone_at is not None and not row.stopped:
        raise Conflict("This merge was taken back already.")
    if row.undone_at is not None:
        _require_rights(session, viewer, kind, [row.survivor_id, *row.others])
        row.stopped = ""
        enqueue(session, jobs.FINISH_MERGE, OfMerge(merge_id))
        return kind, row.survivor_id
    if kind is RecordType.LEAD:
        lead_stages.hold_stages(session)
    _require_rights(session, viewer, kind, [row.survivor_id, *row.others])
    by_id = merges.records_for_change(session, kind, [row.survivor_id, *row.others])
    survivor = by_id.get(row.survivor_id)
    if survivor is None or survivor.deleted_at is not None:
        raise Conflict("The record that was left was deleted or merged further: take that back first.")
    if not merges.is_last_merge(session, row):
        raise Conflict("Other records were merged into this one since: take that back first.")
    others = [by_id.get(other) for other in row.others]
    row.undone_at, row.stopped = utcnow(), ""
    for other in others:
        if other is None or other.merged_into_id != survivor.id:
            raise Conflict("One of these records is not there any more: the merge can not be taken back.")
        other.deleted_at, other.deleted_by_id, other.merged_into_id = None, None, None
    _restore_fields(session, survivor, row.fields)
    session.flush()
    for told in (survivor, *others):
        tell(session, viewer, kind, told, "The merge was taken back")
    record_act(session, viewer, "record.unmerge", type=kind.value, id=survivor.id)
    if give_some_back(session, row):
        enqueue(session, jobs.FINISH_MERGE, OfMerge(merge_id), key=f"undo-merge:{merge_id}")
    return kind, survivor.id


def _require_rights(session: ReadSession, viewer: Viewer, kind: RecordType, ids: Sequence[int]) -> None:
    """A merge changes all of them and deletes all but the first; taking it back does the same the other way round.

    It writes every field, also what stands in those that somebody may not see: it is for who may change them all.
    """
    require(session, viewer, Act.EDIT, *((kind, each) for each in ids))
    require(session, viewer, Act.DELETE, *((kind, each) for each in ids[1:]))
    if not viewer.may_administer and viewer.rights.fields.get(kind):
        raise Forbidden(
            f"Your role does not let you change every field of a {kind.value}: ask a manager to merge these."
        )


def _distinct(survivor: Record, others: Sequence[int]) -> list[int]:
    kind, survivor_id = survivor
    ids = [survivor_id, *dict.fromkeys(other for other in others if other != survivor_id)]
    if kind not in FIELDS:
        raise UsageError("Contacts, companies and leads can be merged; deals can not.")
    if len(ids) < 2:
        raise UsageError("Choose at least two different records to merge.")
    if len(ids) > MOST_AT_ONCE:
        raise UsageError(f"At most {MOST_AT_ONCE} records are merged at once: merge some, then the rest.")
    return ids


def _change_fields(survivor: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give the survivor its values; before and after of those that changed, as JSON holds them. Of amount and
    currency both are told."""
    before = {name: getattr(survivor, name) for name in values}
    changed = {name for name, value in values.items() if before[name] != value}
    for name in changed:
        setattr(survivor, name, values[name])
    if changed.intersection(MONEY):
        changed.update(MONEY)
    return {name: [_plain(before[name]), _plain(values[name])] for name in values if name in changed}


def _restore_fields(session: WriteSession, survivor: Any, changed: Mapping[str, Any]) -> None:
    """Give the survivor its values of before, where they stand as the merge left them and can stand there still."""
    for name in going_back(changed, lambda name: _plain(getattr(survivor, name)) == changed[name][1]):
        setattr(survivor, name, _former(session, name, *changed[name]))


def _former(session: WriteSession, name: str, before: Any, after: Any) -> Any:
    """A value of before, or what it has become: a company may be merged or gone, a stage may be deleted."""
    if name == "created_at":
        return datetime.fromisoformat(before)
    if name in NAMES and before is not None:
        there = merges.living(session, NAMES[name], before)
        return after if there is None else there
    if name == "stage_id" and not lead_stages.is_kind(session, before, LeadState.ACTIVE):
        return lead_stages.first_stage(session, LeadState.ACTIVE).id
    return before


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _name(kind: RecordType, row: Any) -> str:
    return str(getattr(row, LABELS[kind].key))
