"""What follows from the stage in which a lead or deal stands, and the line in its timeline when an import moves it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crm.records.importing.stages import Stages
from crm.records.repository.fields import RecordRow
from crm.records.stage_changes import note_change
from storage.models import Deal, Lead, RecordType, StageKind
from storage.sessions import WriteSession

STAGE = "stage_id"


def columns_of(kind: RecordType, values: Mapping[str, Any], stages: Stages, now: datetime) -> dict[str, Any]:
    """The columns of a new record that repeat what others say."""
    if STAGE not in values:
        return {}
    stage = stages.by_id[values[STAGE]]
    if kind is RecordType.LEAD:
        known = values["contact_id"] is not None or values["company_id"] is not None
        return {"state": stage.kind, "repeat": known}
    closed_at = None if stage.kind is StageKind.OPEN else now
    return {**_of_pipeline(stages, stage.id), "updated_at": now, "repeat": False, "closed_at": closed_at}


def moved_columns(kind: RecordType, values: Mapping[str, Any], stages: Stages, now: datetime) -> dict[str, Any]:
    """The same of a record of which `values` were changed. A lead keeps its state: no import changes that."""
    if kind is not RecordType.DEAL or not values:
        return {}
    if STAGE not in values:
        return {"updated_at": now}
    stage = stages.by_id[values[STAGE]]
    closed_at = None if stage.kind is StageKind.OPEN else now
    return {**_of_pipeline(stages, stage.id), "updated_at": now, "closed_at": closed_at}


def note_move(
    session: WriteSession, record: RecordRow, move: Sequence[int], stages: Stages, user_id: int | None
) -> None:
    """An entry about a `move`, from stage to stage, on the record and, of a deal, on its clients."""
    if not isinstance(record, Deal | Lead):
        return
    kind = RecordType.DEAL if isinstance(record, Deal) else RecordType.LEAD
    parties = [(RecordType.CONTACT, record.contact_id), (RecordType.COMPANY, record.company_id)]
    theirs = [(party, number) for party, number in parties if number is not None and kind is RecordType.DEAL]
    before, after = (stages.by_id[stage_id].name if stage_id in stages.by_id else "…" for stage_id in move)
    note_change(session, record, before, after, [(kind, record.id), *theirs], user_id=user_id)


def _of_pipeline(stages: Stages, stage_id: int) -> dict[str, Any]:
    stage = stages.by_id[stage_id]
    return {"pipeline_id": stage.pipeline_id, "stage_kind": stage.kind}
