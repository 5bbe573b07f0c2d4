"""Many records into the recycle bin, or into another stage: asking for it, doing it to one of them, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.audit import record_act
from crm.access.rights import Act
from crm.access.rights.repository import reaches, require
from crm.access.viewer import Viewer
from crm.records import on_behalf
from crm.records.bulk import repository
from crm.records.deals import change_stage
from crm.records.lead_moves import move_lead
from crm.records.recycling import delete_record, restore_record
from crm.records.repository import lead_stages, recycling, writing
from crm.records.repository.fields import Record
from storage import jobs
from storage.jobs import OfBulkEdit, enqueue
from storage.models import BulkAct, BulkEdit, LeadState, RecordType
from storage.sessions import WriteSession

MOST_RECORDS = 100_000
CHOOSE_FIRST = "Tick the records that are to be changed first."
NO_STAGES = "Contacts and companies have no stages: deals and leads are moved."
ONLY_ACTIVE = "Many leads are moved to stages of active leads: convert them, or call them junk, by the buttons beside."
Made = dict[str, Any]


def ask_for_deletion(session: WriteSession, viewer: Viewer, record_type: RecordType, record_ids: Sequence[int]) -> int:
    """Have all those records put into the recycle bin; the id of the act. Raises `Forbidden`, and `UsageError` for none."""
    viewer.require_write()
    viewer.require(Act.DELETE, record_type)
    row = BulkEdit(act=BulkAct.DELETE, user_id=viewer.user_id, record_type=record_type, wanted={})
    return ask_for(session, viewer, row, record_ids)


def ask_for_move(
    session: WriteSession, viewer: Viewer, record_type: RecordType, record_ids: Sequence[int], stage_id: int
) -> int:
    """Have all those deals or leads put into a stage; the id of the act. One that lacks what the stage requires stays.

    Raises `Forbidden`, `NotFound` for an unknown stage, and `UsageError` for one that leads are not moved to together.
    """
    viewer.require_write()
    viewer.require(Act.EDIT, record_type)
    if record_type is RecordType.DEAL:
        writing.stage(session, stage_id)
    elif record_type is not RecordType.LEAD:
        raise UsageError(NO_STAGES)
    elif lead_stages.held_stage(session, stage_id).kind is not LeadState.ACTIVE:
        raise UsageError(ONLY_ACTIVE)
    row = BulkEdit(act=BulkAct.MOVE, user_id=viewer.user_id, record_type=record_type, wanted={"stage_id": stage_id})
    return ask_for(session, viewer, row, record_ids)


def ask_for(session: WriteSession, viewer: Viewer, row: BulkEdit, record_ids: Sequence[int]) -> int:
    """Keep what is asked for, and have the daemon do it; its id. Raises `UsageError` for no or too many records."""
    ids = sorted(set(record_ids))
    require_as_many(ids)
    row.at, row.total = utcnow(), len(ids)
    repository.add(session, row, ids)
    record_act(session, viewer, f"records.{row.act.value}_many", bulk_edit_id=row.id, records=len(ids))
    enqueue(session, jobs.EDIT_MANY, OfBulkEdit(row.id), key=f"edit-many:{row.id}")
    return row.id


def require_as_many(ids: Sequence[int]) -> None:
    """Raises `UsageError` for none, and for more than are changed at once."""
    if not ids:
        raise UsageError(CHOOSE_FIRST)
    if len(ids) > MOST_RECORDS:
        raise UsageError(f"At most {MOST_RECORDS:,} records are changed at once: narrow the list down.")


def do_to(session: WriteSession, viewer: Viewer, row: BulkEdit, record_id: int) -> Made | None:
    """Do it to one record: what undoing needs of it; None where it stood so already. Raises what keeps it as it is."""
    record: Record = (row.record_type, record_id)
    if row.act is BulkAct.DELETE:
        delete_record(session, viewer, record)
        at = recycling.record_for_change(session, record).deleted_at
        return {"id": record_id, "at": at.isoformat()}
    stage_id = row.wanted["stage_id"]
    if row.record_type is RecordType.LEAD:
        require(session, viewer, Act.EDIT, record)
        if not lead_stages.is_kind(session, stage_id, LeadState.ACTIVE):
            raise Conflict(ONLY_ACTIVE)
        before = writing.lead_for_change(session, record_id).stage_id
        return {"id": record_id, "stage": before} if on_behalf.move_lead(session, viewer, record_id, stage_id) else None
    writing.stage(session, stage_id)  # Before the deal, as `writing.stage` says.
    deal = writing.deal_for_change(session, record_id)
    was = {"id": record_id, "stage": deal.stage_id, "closed": deal.closed_at and deal.closed_at.isoformat()}
    return was if on_behalf.move_deal(session, viewer, record_id, stage_id) else None


def hold_stages(session: WriteSession, row: BulkEdit, some: Sequence[Made]) -> None:
    """Nobody deletes the stages that deals go back to until this unit ends: all who need both hold stages before deals."""
    if row.act is BulkAct.MOVE and row.record_type is RecordType.DEAL:
        repository.hold_deal_stages(session, {made["stage"] for made in some})


def take_back(session: WriteSession, viewer: Viewer, row: BulkEdit, made: Made) -> None:
    """Put one record back. Raises `Conflict` or `Forbidden` where somebody changed it since or it is not theirs to change,
    `NotFound` where it, or what it goes back to, is gone."""
    record: Record = (row.record_type, made["id"])
    if row.act is BulkAct.DELETE:
        found = recycling.record_for_change(session, record)
        if found is None or found.deleted_at != datetime.fromisoformat(made["at"]):
            raise Conflict("Somebody restored it since, or deleted it anew.")
        restore_record(session, viewer, record)
        return
    require(session, viewer, Act.EDIT, record)
    if row.record_type is RecordType.LEAD:
        _stands_there(writing.lead_for_change(session, made["id"]).stage_id, row)
        move_lead(session, made["id"], made["stage"], viewer=viewer)
        return
    deal = writing.deal_for_change(session, made["id"])
    _stands_there(deal.stage_id, row)
    change_stage(session, made["id"], made["stage"], user_id=viewer.user_id)
    deal.closed_at = datetime.fromisoformat(made["closed"]) if made["closed"] else None
    session.flush()
    if not reaches(session, viewer, Act.EDIT, record):
        raise Forbidden("Your role does not let you put deals into that pipeline.")


def _stands_there(stage_id: int, row: BulkEdit) -> None:
    if stage_id != row.wanted["stage_id"]:
        raise Conflict("Somebody moved it since.")
