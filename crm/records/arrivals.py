"""What a lead becomes that is moved to a stage which converts: checked when somebody chooses it."""

from collections.abc import Mapping
from dataclasses import replace

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.office.settings import read_office
from crm.records.fields.custom import fields_of
from crm.records.fields.standard import Field, ValueKind
from crm.records.fields.values import Value, is_empty, stored_form
from crm.records.lead_values import fields_along
from crm.records.repository import writing
from crm.records.repository.naming import LABELS
from crm.records.teams import require_receiver
from crm.records.views import Arrival
from storage.models import RecordType, StageKind
from storage.sessions import ReadSession, WriteSession

SYSTEM = Viewer.system()
MADE = (RecordType.DEAL, RecordType.CONTACT, RecordType.COMPANY)
_OF_EACH = (
    ValueKind.EMAILS,
    ValueKind.PHONES,
    ValueKind.DOMAIN,
    ValueKind.PERSON,
    ValueKind.CONTACT,
    ValueKind.COMPANY,
)
"""Fields that no two records share, or that the conversion itself fills in."""
_OF_A_PERSON = ("first_name", "last_name", "birthday")


def fixed_fields(session: ReadSession, kind: RecordType) -> list[Field]:
    """The fields of that kind of record that a stage may write the same in all that it makes."""
    fields = fields_of(session, SYSTEM, kind)
    of_each = (LABELS[kind].key, *_OF_A_PERSON)
    return [field for field in fields if field.kind not in _OF_EACH and field.key not in of_each]


def checked(session: WriteSession, arrival: Arrival) -> Arrival:
    """The same in its normal form; its stage is not deleted until this unit ends. Raises `UsageError`, `NotFound`."""
    if arrival.client is None and not arrival.deal:
        raise UsageError("Choose what a lead becomes there: a client, a deal, or both.")
    require_receiver(session, SYSTEM, arrival.responsible_id, arrival.team)
    known = [field.key for field in fields_along(session, SYSTEM)]
    along = None if arrival.along is None else tuple(key for key in known if key in arrival.along)
    if arrival.along is not None and (unknown := sorted(set(arrival.along) - set(known))):
        raise UsageError(f"No field {unknown[0]!r} of leads goes along: choose from the list.")
    return replace(
        arrival,
        pipeline_id=_pipeline(session, arrival),
        along=None if along == tuple(known) else along,
        values=_values(session, arrival.values),
    )


def _pipeline(session: WriteSession, arrival: Arrival) -> int | None:
    """The pipeline of deals, by itself or that of the chosen stage."""
    if arrival.stage_id is not None:
        stage = writing.stage(session, arrival.stage_id)
        if stage.kind is not StageKind.OPEN or arrival.pipeline_id not in (None, stage.pipeline_id):
            raise UsageError("A deal begins in an open stage of its pipeline: choose one of those.")
        return stage.pipeline_id
    if arrival.pipeline_id is not None and writing.first_open_stage(session, arrival.pipeline_id, held=True) is None:
        raise UsageError("There is no such pipeline, or it has no open stage.")
    return arrival.pipeline_id


def _values(session: ReadSession, wanted: Mapping[str, Mapping[str, Value]]) -> dict[str, dict[str, Value]]:
    """Fixed values as they are stored, without empty ones; an amount with its currency, so that it means the same later."""
    stored: dict[str, dict[str, Value]] = {}
    for kind, values in wanted.items():
        if kind not in {made.value for made in MADE}:
            raise UsageError("Values are written on deals, contacts and companies: choose one of these.")
        fields = {field.key: field for field in fixed_fields(session, RecordType(kind))}
        if unknown := sorted(set(values) - set(fields)):
            raise UsageError(
                f"{unknown[0]!r} is no field of a {kind} that can be the same in all: choose from the list."
            )
        found = {key: stored_form(fields[key], value) for key, value in values.items()}
        if found := {key: value for key, value in found.items() if not is_empty(value) and value != 0}:
            stored[kind] = found
            if "amount" in found and "currency" not in found:
                found["currency"] = read_office(session).currency
    return stored


def still_there(session: ReadSession, kind: RecordType, values: Mapping[str, Value]) -> dict[str, Value]:
    """Without fields that were removed since, and words that a choice has no more."""
    fields = {field.key: field for field in fixed_fields(session, kind)}
    return {
        key: value
        for key, value in values.items()
        if key in fields and not (fields[key].choices and value not in fields[key].choices)
    }
