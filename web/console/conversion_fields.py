"""What the form of a conversion asks for beside clients and deal: fields that the stages of lead and deal require."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from crm.records.fields.custom import editable_fields
from crm.records.fields.standard import Field
from crm.records.lead_values import filled_by_lead
from crm.records.repository import lead_stages
from crm.records.required_fields import missing
from crm.records.views import LeadView, PipelineView, StageView
from storage.models import LeadState, RecordType, StageKind
from storage.sessions import ReadSession
from web.console.record_inputs import Input, inputs_of, named, typed_of
from web.signed_in import SignedIn

FILLED_IN = frozenset({"title", "amount", "currency", "contact_id", "company_id", "responsible_id"})
"""Fields of a deal that the form asks for anyway, or that the conversion fills in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is missing: inputs for it, and what the viewer's role may not fill in."""

    of_lead: tuple[Input, ...]
    of_deal: tuple[Input, ...]
    not_theirs: tuple[Field, ...]


def open_stages(pipelines: Sequence[PipelineView]) -> list[tuple[PipelineView, list[StageView]]]:
    """Where deals can begin."""
    found = [(one, [stage for stage in one.stages if stage.kind is StageKind.OPEN]) for one in pipelines]
    return [(one, stages) for one, stages in found if stages]


def chosen_stage(stages: Sequence[tuple[PipelineView, list[StageView]]], stage_id: int | None) -> StageView | None:
    """The stage that is chosen, else the first one; None where there is none yet."""
    each = [stage for _, some in stages for stage in some]
    return next((stage for stage in each if stage.id == stage_id), each[0] if each else None)


def asked_for(
    session: ReadSession,
    me: SignedIn,
    lead: LeadView,
    into: int | None,
    stage: StageView | None,
    typed: Mapping[str, str],
) -> Asked:
    """What the lead's stage requires of it and is missing, and what the deal's requires that the lead does not bring along."""
    target = lead_stages.stage_meant(session, into, LeadState.CONVERTED)
    left = missing(session, (RecordType.LEAD, lead.id), target.required) if target else ()
    may = {field.key for field in editable_fields(session, me.viewer, RecordType.LEAD)}
    of_lead = [field for field in left if field.key in may]
    known = filled_by_lead(session, me.viewer, lead.id, RecordType.DEAL, of_lead) | FILLED_IN
    known |= {"source"} if lead.source else set()
    required = [key for key in stage.required if key not in known] if stage else []
    of_deal = [one for one in editable_fields(session, me.viewer, RecordType.DEAL) if one.key in required]
    return Asked(
        tuple(inputs_of(session, me, named(RecordType.LEAD, of_lead), {}, typed)),
        tuple(inputs_of(session, me, named(RecordType.DEAL, of_deal), {}, typed)),
        tuple(field for field in left if field.key not in may),
    )


def typed_values(session: ReadSession, me: SignedIn, kind: RecordType, form: FormData, currency: str) -> dict[str, Any]:
    """What was typed for records of a kind, by key; amounts in the currency unless another is typed. Raises `UsageError`."""
    return typed_of(session, me, kind, editable_fields(session, me.viewer, kind), form, {"currency": currency})
