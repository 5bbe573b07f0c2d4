"""Fields that an installation adds to its records, their values, and who changed which field of a record when."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.record import RecordType, key_of
from storage.types import Word


class FieldKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MONEY = "money"
    LINK = "link"


class CustomField(Row):
    """A field of one kind of record. `choices` are the words of a choice, in order; `currency` that of money.

    One that was removed keeps its values until it is restored.
    """

    __tablename__ = "custom_field"
    constraints = (Index(None, "record_type", "position"),)

    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    name: Mapped[str]
    kind: Mapped[FieldKind] = mapped_column(Word(FieldKind))
    choices: Mapped[list[str]] = mapped_column(default=list)
    currency: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class FieldValue(Row):
    """The value of a custom field on one record: `text` in the one form that is compared and sorted (a date is 2026-12-01),
    `number` too where it is a number, or money in the currency's smallest unit; `key` are its words, by which triggers let
    the record be found (`RecordTerm`)."""

    __tablename__ = "field_value"
    constraints = (
        UniqueConstraint("field_id", "record_id"),
        Index(None, "field_id", "text"),
        Index(None, "field_id", "number"),
    )

    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id", ondelete="CASCADE"))
    record_id: Mapped[int] = mapped_column(BigId, index=True)
    text: Mapped[str]
    key: Mapped[str] = key_of("text")
    number: Mapped[float | None]


class RecordChange(Row):
    """One edit of a record: for each field that changed its value before and after. `user_id` None: by itself.

    `bulk_edit_id` names the edit of many records that this is a part of, and `edited_id` the record that it was made on then: a
    merge lets `record_id` name the survivor.
    """

    __tablename__ = "record_change"
    constraints = (Index(None, "record_type", "record_id", "id"),)

    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changes: Mapped[dict[str, Any]]
    bulk_edit_id: Mapped[int | None] = mapped_column(BigId, index=True)
    edited_id: Mapped[int | None] = mapped_column(BigId)


class DeclinedSuggestion(Row):
    """A value that mail told about a contact, and that nobody wants to be asked about again. `key` is what it is compared by."""

    __tablename__ = "declined_suggestion"
    constraints = (UniqueConstraint("contact_id", "field", "key"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    field: Mapped[str]
    key: Mapped[str]
