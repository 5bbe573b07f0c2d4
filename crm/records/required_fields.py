"""Fields that a stage requires: whoever puts a record there by hand, by program or with many others fills them in first.

Each stage asks for its own only, whatever the stages before it ask for. What nobody could be asked about goes free: records
made by mail, by an import or by a conversion, and those that stand in a stage already when its list changes.
"""

from collections.abc import Sequence

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.fields.custom import fields_of
from crm.records.fields.editing import current_values
from crm.records.fields.standard import Field, ValueKind
from crm.records.fields.values import Value, is_empty
from crm.records.repository import lead_stages, writing
from crm.records.repository.fields import Record
from storage.models import LeadStage, LeadState, RecordType, Stage
from storage.sessions import ReadSession, WriteSession

SYSTEM = Viewer.system()


class FieldsMissing(UsageError):
    """A stage asks for fields that the record has not."""

    def __init__(self, stage: str, fields: Sequence[Field]) -> None:
        names = [field.name for field in fields]
        listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        super().__init__(f"“{stage}” needs {listed}: fill {'it' if len(names) == 1 else 'them'} in first.")
        self.fields = tuple(fields)


def missing(session: ReadSession, record: Record, required: Sequence[str]) -> tuple[Field, ...]:
    """Those of the fields that are empty; fields that were removed since are asked for no more."""
    if not required:
        return ()
    values = current_values(session, SYSTEM, record)
    fields = [field for field in fields_of(session, SYSTEM, record[0]) if field.key in required]
    return tuple(field for field in fields if _is_missing(field, values[field.key]))


def require_filled(session: ReadSession, record: Record, stage: Stage | LeadStage) -> None:
    """Raises `FieldsMissing`."""
    if found := missing(session, record, stage.required):
        raise FieldsMissing(stage.name, found)


def require_of_deal(session: WriteSession, deal_id: int, stage_id: int) -> None:
    """What `require_filled` promises, unless the deal stands there already. Raises `NotFound` too."""
    stage = writing.stage(session, stage_id)
    if stage.required and writing.stage_of_deal(session, deal_id) != stage_id:
        require_filled(session, (RecordType.DEAL, deal_id), stage)


def require_of_lead(session: ReadSession, lead_id: int, stage_id: int | None, kind: LeadState | None = None) -> None:
    """The same of a lead, for a stage or the first one of a `kind`."""
    stage = lead_stages.stage_meant(session, stage_id, kind)
    if stage is not None and stage.required and lead_stages.stage_of(session, lead_id) != stage.id:
        require_filled(session, (RecordType.LEAD, lead_id), stage)


def require_of_new(session: WriteSession, record: Record, stage_id: int) -> None:
    """The same of a lead or deal that begins in a stage that was chosen."""
    of_lead = record[0] is RecordType.LEAD
    stage = lead_stages.held_stage(session, stage_id) if of_lead else writing.stage(session, stage_id)
    require_filled(session, record, stage)


def known_keys(session: ReadSession, record_type: RecordType, keys: Sequence[str]) -> list[str]:
    """The keys as a stage keeps them, in the order of forms. Raises `UsageError` for one that is no field."""
    fields = [field.key for field in fields_of(session, SYSTEM, record_type)]
    unknown = sorted(set(keys) - set(fields))
    if unknown:
        raise UsageError(f"There is no field {unknown[0]!r} here: choose from the list.")
    return [key for key in fields if key in keys]


def _is_missing(field: Field, value: Value) -> bool:
    return is_empty(value) or (field.kind is ValueKind.MONEY and field.custom_id is None and value == 0)
