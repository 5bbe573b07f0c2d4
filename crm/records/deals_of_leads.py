"""The deal that a lead becomes, and what was chosen to stand on new records."""

from collections.abc import Collection

from crm.access.rights import Act
from crm.access.rights.repository import require_made
from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.fields.editing import fill_in
from crm.records.gone import Record
from crm.records.outcomes import Conversion
from storage.models import Lead, RecordType
from storage.sessions import WriteSession


def make_deal(
    session: WriteSession, viewer: Viewer, lead: Lead, how: Conversion, contact_id: int | None, company_id: int | None
) -> int:
    """The deal of that client, which begins with what was chosen, or with the lead's. Raises as `convert_lead`."""
    viewer.require(Act.CREATE, RecordType.DEAL)
    amount, currency = how.amount or 0, how.currency
    if takes_amount(viewer, how):
        amount, currency = lead.amount, lead.currency or currency
    deal_id = create_deal(
        session,
        how.title or lead.title,
        stage_id=how.stage_id,
        contact_id=contact_id,
        company_id=company_id,
        amount=amount,
        currency=currency,
        repeat=lead.repeat,
        responsible_id=lead.responsible_id,
        source=lead.source,
    )
    require_made(session, viewer, (RecordType.DEAL, deal_id))
    return deal_id


def takes_amount(viewer: Viewer, how: Conversion) -> bool:
    """Whether the deal gets the amount that the lead has, and its currency with it: not where another was chosen."""
    if how.amount is not None or "amount" in how.values.get(RecordType.DEAL.value, {}):
        return False
    return not viewer.hides(RecordType.LEAD, "amount") and viewer.may_edit_field(RecordType.DEAL, "amount")


def fill_in_new(
    session: WriteSession, author: Viewer, how: Conversion, made: set[Record], *, of_lead: Collection[str] = ()
) -> None:
    """Write what was chosen for new records; of a deal not what it has `of_lead`. Raises `UsageError`, `Forbidden` for a field
    that the author may not fill in."""
    for record in sorted(made):
        kept = of_lead if record[0] is RecordType.DEAL else ()
        wanted = {key: value for key, value in how.values.get(record[0].value, {}).items() if key not in kept}
        if wanted:
            fill_in(session, author, record, wanted)
