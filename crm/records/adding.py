"""Records made of what forms and programs fill in, field by field: the same for both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import UsageError
from crm.access.rights import Act
from crm.access.viewer import Viewer
from crm.records import on_behalf
from crm.records.contacts import create_company, create_contact, whole_name
from crm.records.deals import create_deal, require_amount
from crm.records.handing_over import RESPONSIBLE, tell_of_one
from crm.records.leads import create_lead
from crm.records.modes import read_mode
from crm.records.repository import reading
from crm.records.repository.merges import kept_records
from storage.models import RecordType
from storage.sessions import ReadSession, WriteSession

NO_LEADS = "The CRM works in Simple mode, which has no leads: add a deal instead, or have the CRM mode changed."
CONTACT, COMPANY = "contact_id", "company_id"
HAVE_STAGES = (RecordType.LEAD, RecordType.DEAL)


@dataclass(frozen=True, slots=True)
class Making:
    """How a kind of record is made: by which use case, its name, and which fields that takes itself."""

    make: Callable[..., int]
    label: str
    itself: tuple[str, ...] = ()


MAKING: Mapping[RecordType, Making] = {
    RecordType.CONTACT: Making(create_contact, "name", (COMPANY,)),
    RecordType.COMPANY: Making(create_company, "name", ("domain",)),
    RecordType.LEAD: Making(create_lead, "title", (CONTACT, COMPANY)),
    RecordType.DEAL: Making(create_deal, "title", (CONTACT, COMPANY, "currency")),
}


def add_record(
    session: WriteSession,
    viewer: Viewer,
    kind: RecordType,
    values: Mapping[str, Any],
    *,
    responsible_id: int | None = None,
    stage_id: int | None = None,
    source: str,
) -> int:
    """Add a record with `values` by key of the field; its id.

    It is `responsible_id`'s unless they say otherwise; somebody else hears of it. A lead or deal begins in the stage, else in
    the first one; a deal or repeat lead whose company they do not speak of gets its contact's. A contact is called by
    first and last name where they say no other.

    Raises as `on_behalf.add` and `edit_record`, and `UsageError` for a lead in Simple mode.
    """
    viewer.require_write()
    viewer.require(Act.CREATE, kind)
    require_mode(session, kind)
    how = MAKING[kind]
    if kind is RecordType.CONTACT and not values.get(how.label):
        values = {**values, how.label: whole_name(values.get("first_name"), values.get("last_name"))}
    wanted = {key: value for key, value in values.items() if key not in how.itself and key != RESPONSIBLE}
    name = str(values.get(how.label) or "")
    given = {how.label: name, **_taken_itself(session, viewer, kind, values)}
    if stage_id is not None and kind in HAVE_STAGES:
        given["stage_id"] = stage_id
    whose = values.get(RESPONSIBLE, responsible_id)
    if whose not in (responsible_id, viewer.user_id):
        wanted[RESPONSIBLE] = whose
    by_itself = whose if whose == viewer.user_id else responsible_id
    record_id = on_behalf.add(
        session, viewer, kind, how.make, responsible_id=by_itself, wanted=wanted, source=source, **given
    )
    tell_of_one(session, viewer, (kind, record_id), name.strip(), wanted.get(RESPONSIBLE))
    return record_id


def require_mode(session: ReadSession, kind: RecordType) -> None:
    """Raises `UsageError` for leads where there are none."""
    if kind is RecordType.LEAD and not read_mode(session).is_classic:
        raise UsageError(NO_LEADS)


def _taken_itself(session: WriteSession, viewer: Viewer, kind: RecordType, values: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: values[key] for key in MAKING[kind].itself if values.get(key)}
    for key in (CONTACT, COMPANY):
        if not isinstance(given.get(key, 0), int):
            raise UsageError("That is not a record: choose one from the list.")
    if kind is RecordType.DEAL:
        amount = values.get("amount")
        require_amount(amount if isinstance(amount, int) else 0)
    if CONTACT in given and COMPANY not in values:
        [(_, contact_id)] = kept_records(session, [(RecordType.CONTACT, given[CONTACT])])
        company = reading.contact(session, viewer, contact_id).company
        given |= {COMPANY: company.id} if company else {}
    return given
