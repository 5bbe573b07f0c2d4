"""Deals: made, and moved from stage to stage."""

from core.clock import utcnow
from core.errors import UsageError
from crm.office.settings import known_currency
from crm.records.pipelines import ensure_defaults
from crm.records.repository import writing
from crm.records.stage_changes import note_change
from storage.models import Deal, RecordType, StageKind
from storage.sessions import WriteSession

MOST_AMOUNT = 10**12
"""In the currency's smallest unit."""


def require_amount(amount: int) -> None:
    """Raises `UsageError` for what is no amount of a deal."""
    if not 0 <= amount <= MOST_AMOUNT:
        raise UsageError("The amount of a deal is nothing or more, and at most ten billion.")


def create_deal(
    session: WriteSession,
    title: str,
    *,
    stage_id: int | None = None,
    contact_id: int | None = None,
    company_id: int | None = None,
    amount: int = 0,
    currency: str = "",
    repeat: bool = False,
    responsible_id: int | None = None,
    source: str = "",
) -> int:
    """A new deal, in the first stage of the first pipeline unless `stage_id` is given; its id.

    `amount` is in the currency's smallest unit; without a currency it is the company's. Raises `UsageError` without a
    title, or for an amount that nobody sells for.
    """
    if not title.strip():
        raise UsageError("A deal needs a title.")
    require_amount(amount)
    stage = ensure_defaults(session) if stage_id is None else writing.stage(session, stage_id)
    now = utcnow()
    deal = Deal(
        title=title.strip(),
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        stage_kind=stage.kind,
        contact_id=contact_id,
        company_id=company_id,
        amount=amount,
        currency=known_currency(session, currency),
        repeat=repeat,
        responsible_id=responsible_id,
        source=source,
        created_at=now,
        updated_at=now,
        closed_at=None if stage.kind is StageKind.OPEN else now,
    )
    return writing.add(session, deal)


def change_stage(session: WriteSession, deal_id: int, stage_id: int, *, user_id: int | None = None) -> bool:
    """Move a deal, with an entry in its timeline; False when it stands there already. Raises `NotFound`.

    A won or lost deal is closed: it takes no more mail; moved back, it is open again.
    """
    target, deal = writing.stage(session, stage_id), writing.deal_for_change(session, deal_id)
    if deal.stage_id == target.id:
        return False
    before, now = writing.stage_name(session, deal.stage_id), utcnow()
    deal.pipeline_id, deal.stage_id, deal.stage_kind, deal.updated_at = target.pipeline_id, target.id, target.kind, now
    deal.closed_at = None if target.kind is StageKind.OPEN else (deal.closed_at or now)
    parties = [(RecordType.CONTACT, deal.contact_id), (RecordType.COMPANY, deal.company_id)]
    bindings = [
        (RecordType.DEAL, deal_id),
        *((kind, record_id) for kind, record_id in parties if record_id is not None),
    ]
    note_change(session, deal, before, target.name, bindings, user_id=user_id)
    return True
