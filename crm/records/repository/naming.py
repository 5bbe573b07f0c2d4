"""Everything in the database that names a record: what a merge moves, and what goes with one that is removed for ever.

A test walks through all tables and holds it: a new column that names records is added here.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.models import (
    ActivityBinding,
    Channel,
    Company,
    Contact,
    CustomField,
    Deal,
    DealLine,
    DeclinedSuggestion,
    FieldValue,
    Follow,
    ImportRow,
    Lead,
    PolicyRunRecord,
    PostMail,
    Recipient,
    RecordChange,
    RecordTerm,
    RecordType,
    ThreadBinding,
)

TABLES: Mapping[RecordType, type[Any]] = {
    RecordType.CONTACT: Contact,
    RecordType.COMPANY: Company,
    RecordType.LEAD: Lead,
    RecordType.DEAL: Deal,
}
LABELS: Mapping[RecordType, InstrumentedAttribute[str]] = {
    RecordType.CONTACT: Contact.name,
    RecordType.COMPANY: Company.name,
    RecordType.LEAD: Lead.title,
    RecordType.DEAL: Deal.title,
}
BOUND: tuple[type[Any], ...] = (ActivityBinding, Channel, Follow, RecordChange, FieldValue, PostMail, ThreadBinding)
"""Tables that name a record by `record_id` and its type, or a custom field of its type."""
KEPT_BY_THE_DATABASE = (RecordTerm,)
"""Tables that its triggers bring up to date with the records and their channels."""
WITH_CONTACT = (DeclinedSuggestion.contact_id,)
"""Columns of rows that go with the contact they name (ON DELETE CASCADE)."""
WITH_DEAL = (DealLine.deal_id,)
"""The same of deals."""
REMEMBERED = (
    ImportRow.record_id,
    ImportRow.contact_id,
    ImportRow.company_id,
    PolicyRunRecord.record_id,
    RecordChange.edited_id,
)
"""Columns that say what was done to whom at a time: a merge or a removal leaves them, and ids are never used twice."""
NAMED_BY: Mapping[RecordType, tuple[InstrumentedAttribute[int | None], ...]] = {
    RecordType.CONTACT: (Lead.contact_id, Deal.contact_id, Recipient.contact_id),
    RecordType.COMPANY: (Contact.company_id, Lead.company_id, Deal.company_id),
    RecordType.LEAD: (),
    RecordType.DEAL: (Lead.deal_id,),
}
"""Columns that hold the id of a record of that type, or nothing."""
MERGED_INTO: Mapping[RecordType, InstrumentedAttribute[int | None]] = {
    RecordType.CONTACT: Contact.merged_into_id,
    RecordType.COMPANY: Company.merged_into_id,
    RecordType.LEAD: Lead.merged_into_id,
}


CHANNEL_FIELDS: Mapping[str, str] = {"emails": "email", "phones": "phone"}
"""The fields that are channels, by the kind of channel."""


def field_key(field_id: int) -> str:
    """How forms and programs name a custom field."""
    return f"field_{field_id}"


def kind_of(table: Any) -> RecordType:
    """The kind of record that a table holds."""
    return RecordType(table.__tablename__)


def of_kind(table: Any, kind: RecordType) -> ColumnElement[bool]:
    """Whether a row of one of `BOUND` is about records of that kind."""
    if hasattr(table, "record_type"):
        about: ColumnElement[bool] = table.record_type == kind
    else:
        about = table.field_id.in_(select(CustomField.id).where(CustomField.record_type == kind))
    return about
