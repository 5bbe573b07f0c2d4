"""What somebody does to records with the rights that they have: adding, moving, converting them.

Pages, programs and runs over many records all go this way. Each call belongs into the caller's unit of work, which is
undone when the right is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.errors import Forbidden
from crm.access.audit import record_act
from crm.access.rights import Act
from crm.access.rights.repository import reaches, require, require_made
from crm.access.viewer import Viewer
from crm.records.conversions import convert_lead
from crm.records.deals import change_stage
from crm.records.fields.editing import fill_in
from crm.records.lead_moves import move_lead as put_into_stage
from crm.records.leads import name_client as give_to_client
from crm.records.leads import put_aside
from crm.records.outcomes import Conversion, Converted
from crm.records.repository import conversion
from crm.records.repository.merges import kept_records
from crm.records.required_fields import require_of_deal, require_of_lead, require_of_new
from crm.records.teams import OneOfMany
from crm.records.typed_channels import typed_values
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession, WriteSession

_NAMED = ((RecordType.CONTACT, "contact_id"), (RecordType.COMPANY, "company_id"))
_FIELDS = ("emails", "phones", "company_id", "contact_id", "position", "tags", "amount", "currency", "domain", "name")


def add(
    session: WriteSession,
    viewer: Viewer,
    kind: RecordType,
    make: Callable[..., int],
    *,
    responsible_id: int | None = None,
    wanted: Mapping[str, Any] | None = None,
    **values: Any,
) -> int:
    """Add a record by `make(session, responsible_id=…, **values)`, with more fields by key (`wanted`); its id. Whoever may add
    only their own is responsible for it. One that is put into a chosen stage has what that requires.

    Raises `Forbidden`, `NotFound` for a contact or company that the viewer may not know of, and what `make` raises.
    """
    viewer.require_write()
    viewer.require(Act.CREATE, kind)
    values |= typed_values(values)
    values |= _clients(session, viewer, values)
    for key in _FIELDS:
        if values.get(key) and key != _label(kind) and not viewer.may_edit_field(kind, key):
            raise Forbidden(
                f"Your role does not let you fill in {key.removesuffix('_id')} of a {kind.value}: leave it empty."
            )
    record_id = make(session, responsible_id=viewer.responsible_for_new(kind, responsible_id), **values)
    if wanted:
        fill_in(session, viewer, (kind, record_id), wanted)
    if values.get("stage_id") is not None:
        require_of_new(session, (kind, record_id), values["stage_id"])
    require_made(session, viewer, (kind, record_id))
    return record_id


def move_deal(session: WriteSession, viewer: Viewer, deal_id: int, stage_id: int) -> bool:
    """Put a deal into another stage; False when it stands there already. Raises `Forbidden`, `NotFound`, `FieldsMissing`."""
    viewer.require_write()
    deal = (RecordType.DEAL, deal_id)
    require(session, viewer, Act.EDIT, deal)
    require_of_deal(session, deal_id, stage_id)
    moved = change_stage(session, deal_id, stage_id, user_id=viewer.user_id)
    if not reaches(session, viewer, Act.EDIT, deal):
        raise Forbidden("Your role does not let you put deals into that pipeline.")
    return moved


def change_lead(session: WriteSession, viewer: Viewer, lead_id: int, change: Callable[..., Any], *args: Any) -> Any:
    """Put a lead aside or take it up by `change(session, lead_id, *args, user_id=…)`. Raises `Forbidden`, `NotFound`."""
    viewer.require_write()
    require(session, viewer, Act.EDIT, (RecordType.LEAD, lead_id))
    if change is put_aside:
        require_of_lead(session, lead_id, None, LeadState.JUNK)
    return change(session, lead_id, *args, user_id=viewer.user_id)


def name_client(session: WriteSession, viewer: Viewer, lead_id: int, contact_id: int | None) -> None:
    """Make a lead a repeat lead of a contact, or with None of nobody. Raises `Forbidden`, `NotFound`, `Conflict`."""
    viewer.require_write()
    require(session, viewer, Act.EDIT, (RecordType.LEAD, lead_id))
    clients = _clients(session, viewer, {"contact_id": contact_id})
    give_to_client(session, lead_id, clients.get("contact_id"))
    record_act(session, viewer, "lead.name_client", lead_id=lead_id, contact_id=clients.get("contact_id"))


def move_lead(session: WriteSession, viewer: Viewer, lead_id: int, stage_id: int) -> bool:
    """Put a lead into another stage; False when it stands there already.

    Its arrival may convert it: raises as `convert`. Raises `FieldsMissing`.
    """
    viewer.require_write()
    require(session, viewer, Act.EDIT, (RecordType.LEAD, lead_id))
    require_of_lead(session, lead_id, stage_id)
    return put_into_stage(session, lead_id, stage_id, viewer=viewer)


def convert(
    session: WriteSession,
    viewer: Viewer,
    lead_id: int,
    how: Conversion,
    *,
    into: int | None = None,
    one_of: OneOfMany | None = None,
) -> Converted:
    """Turn a lead into a client and a deal, as `convert_lead`; of what it became, those that the viewer may know of.

    A deal that begins in a chosen stage has what that requires, unless it is one of many, of which nobody is asked. Raises
    `FieldsMissing`, `NotFound` for a lead, client or team that is hidden from them (of many the team was asked for before),
    and what `convert_lead` raises.
    """
    viewer.require_write()
    require(session, viewer, Act.EDIT, (RecordType.LEAD, lead_id))
    clients = _clients(session, viewer, {"contact_id": how.contact_id, "company_id": how.company_id})
    how = replace(how, contact_id=clients.get("contact_id"), company_id=clients.get("company_id"))
    require_of_lead(session, lead_id, into, LeadState.CONVERTED)
    converted = convert_lead(session, lead_id, how, into=into, viewer=viewer, one_of=one_of)
    if converted.deal_id is not None and how.stage_id is not None and one_of is None:
        require_of_new(session, (RecordType.DEAL, converted.deal_id), how.stage_id)
    seen = {kind: number for kind, number in converted.records if reaches(session, viewer, Act.SEE, (kind, number))}
    return Converted(
        seen.get(RecordType.DEAL),
        seen.get(RecordType.CONTACT),
        seen.get(RecordType.COMPANY),
        None if viewer.hides(RecordType.LEAD, "responsible_id") else converted.responsible_id,
    )


def _clients(session: WriteSession, viewer: Viewer, values: Mapping[str, Any]) -> dict[str, int]:
    """The contact and company that a new record names, or what they were merged into. Raises `NotFound`."""
    named = [(kind, key) for kind, key in _NAMED if values.get(key) is not None]
    clients = {key: kept_records(session, [(kind, values[key])])[0][1] for kind, key in named}
    _require_clients(session, viewer, clients.get("contact_id"), clients.get("company_id"))
    conversion.require_client(session, clients.get("contact_id"), clients.get("company_id"))
    return clients


def _require_clients(session: ReadSession, viewer: Viewer, contact_id: int | None, company_id: int | None) -> None:
    named = ((RecordType.CONTACT, contact_id), (RecordType.COMPANY, company_id))
    require(session, viewer, Act.SEE, *((kind, record_id) for kind, record_id in named if record_id is not None))


def _label(kind: RecordType) -> str:
    return "name" if kind in (RecordType.CONTACT, RecordType.COMPANY) else "title"
