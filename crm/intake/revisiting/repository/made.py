"""Which records mail has made."""

from collections.abc import Collection

from sqlalchemy import select

from crm.intake.clients import Key
from crm.intake.steps.new_records import MADE
from storage.among import among
from storage.models import Effect, Lead, RecordType
from storage.sessions import ReadSession


def key_of(target: str) -> Key:
    """The record that an effect names (`contact:5`)."""
    kind, _, record_id = target.partition(":")
    return RecordType(kind), int(record_id)


def made_by(session: ReadSession, message_ids: Collection[int]) -> set[Key]:
    """The records that these mails made, and what their leads became."""
    if not message_ids:
        return set()
    targets = select(Effect.target).where(among(Effect.message_id, message_ids), Effect.kind == MADE)
    made = {key_of(target) for target in session.execute(targets).scalars()}
    leads = {record_id for kind, record_id in made if kind is RecordType.LEAD}
    if leads:
        became = select(Lead.deal_id, Lead.contact_id, Lead.company_id, Lead.repeat).where(
            among(Lead.id, leads), Lead.converted_at.is_not(None)
        )
        for row in session.execute(became):
            made |= {(RecordType.DEAL, row.deal_id)} if row.deal_id else set()
            if not row.repeat:
                made |= {(RecordType.CONTACT, row.contact_id)} if row.contact_id else set()
                made |= {(RecordType.COMPANY, row.company_id)} if row.company_id else set()
    return made
