"""CRM records: contacts, companies, leads, deals, and the addresses by which mail finds them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, TextClause, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, validates

from storage.field_words import field_words
from storage.folding import name_key
from storage.models.base import BigId, Row, SortedText
from storage.types import Word


class RecordType(StrEnum):
    """The kinds of record that mail, tasks and posts can be bound to."""

    CONTACT = "contact"
    COMPANY = "company"
    LEAD = "lead"
    DEAL = "deal"


class StageKind(StrEnum):
    """What a stage means for the deal in it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class LeadState(StrEnum):
    """Active leads take their person's mail; converted ones pass it on; junk takes it, and nobody waits."""

    ACTIVE = "active"
    CONVERTED = "converted"
    JUNK = "junk"


_DELETED = text("deleted_at IS NOT NULL")
_MERGED = text("merged_into_id IS NOT NULL")
_THERE = text("deleted_at IS NULL")
_OF_BOARD = ("pipeline_id", "stage_id", "currency", "responsible_id", "amount")
"""All that the sums of a board are made of: they are read from the index alone."""


def _few(column: str, such: TextClause) -> Index:
    """An index of the few rows that were deleted or merged."""
    return Index(None, column, sqlite_where=such, postgresql_where=such)


def key_of(column: str) -> MappedColumn[str]:
    """`storage.folding.name_key` of another column, made with every insert (`storage.bulk` reads `info`)."""

    def made(context: Any) -> str:
        return name_key(context.get_current_parameters()[column])

    return mapped_column(SortedText, default=made, server_default="", info={"name_key_of": column})


def words_in(*fields: str) -> MappedColumn[str]:
    """`storage.field_words` of other columns, made with every insert and change of a row (`storage.bulk` reads `info`).

    Who changes these columns by a statement of their own has to write it too.
    """

    def made(context: Any) -> str:
        given = context.get_current_parameters()
        return field_words({field: given.get(field) for field in fields})

    return mapped_column(default=made, server_default="", deferred=True, info={"field_words_of": fields})


_LISTED = (("name_key", "id"), ("responsible_id", "id"), ("created_at", "id"))
"""By what lists are sorted and narrowed, page by page; words, tags and sources are in `RecordTerm`."""


ADDRESS = ("street", "postcode", "city", "region", "country")


class Located:
    """A postal address, each part of it a field: people look for customers by town and country."""

    street: Mapped[str] = mapped_column(default="", server_default="")
    postcode: Mapped[str] = mapped_column(default="", server_default="")
    city: Mapped[str] = mapped_column(default="", server_default="")
    region: Mapped[str] = mapped_column(default="", server_default="")
    country: Mapped[str] = mapped_column(default="", server_default="")


class Company(Located, Row):
    """An organisation. `domain` (registrable, never free-mail) lets colleagues of a known contact be recognised."""

    __tablename__ = "company"
    constraints = (
        _few("deleted_at", _DELETED),
        _few("merged_into_id", _MERGED),
        *(Index(None, *columns) for columns in _LISTED),
    )

    name: Mapped[str]
    name_key: Mapped[str] = key_of("name")
    field_words: Mapped[str] = words_in(
        "domain", "tags", "source", "notes", "website", "industry", "employees", *ADDRESS
    )
    domain: Mapped[str | None] = mapped_column(index=True)
    website: Mapped[str] = mapped_column(default="", server_default="")
    industry: Mapped[str] = mapped_column(default="", server_default="")
    employees: Mapped[str] = mapped_column(default="", server_default="")
    """How many work there, as a range: `11–50`."""
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    notes: Mapped[str] = mapped_column(default="", server_default="")
    source: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(BigId)
    merged_into_id: Mapped[int | None] = mapped_column(BigId)
    """Another one that it was the same as: it is deleted, and whoever asks for it is sent there."""

    @validates("name")
    def _make_key(self, _: str, name: str) -> str:
        self.name_key = name_key(name)
        return name


class Contact(Located, Row):
    """A person outside the company, perhaps of a known organisation."""

    __tablename__ = "contact"
    constraints = (
        _few("deleted_at", _DELETED),
        _few("merged_into_id", _MERGED),
        *(Index(None, *columns) for columns in _LISTED),
    )

    name: Mapped[str]
    name_key: Mapped[str] = key_of("name")
    field_words: Mapped[str] = words_in(
        "position", "tags", "source", "notes", "salutation", "first_name", "last_name", "birthday", "website", "messenger",
        *ADDRESS,
    )  # fmt: skip
    salutation: Mapped[str] = mapped_column(default="", server_default="")
    first_name: Mapped[str] = mapped_column(default="", server_default="")
    last_name: Mapped[str] = mapped_column(default="", server_default="")
    birthday: Mapped[str] = mapped_column(default="", server_default="")
    """`1985-03-14`, or `--03-14` where nobody has told the year."""
    website: Mapped[str] = mapped_column(default="", server_default="")
    messenger: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[str] = mapped_column(default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    tags: Mapped[list[str]] = mapped_column(default=list)
    notes: Mapped[str] = mapped_column(default="", server_default="")
    source: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(BigId)
    merged_into_id: Mapped[int | None] = mapped_column(BigId)
    """Another one that it was the same as: it is deleted, and whoever asks for it is sent there."""

    @validates("name")
    def _make_key(self, _: str, name: str) -> str:
        self.name_key = name_key(name)
        return name


class LeadStage(Row):
    """A step that leads go through. `kind` is the state of every lead in it.

    What is moved to a stage of kind converted becomes a client and a deal at once where `on_arrival` says what
    (`crm.records.conversions`); elsewhere somebody is asked.
    """

    __tablename__ = "lead_stage"

    name: Mapped[str]
    position: Mapped[int]
    kind: Mapped[LeadState] = mapped_column(Word(LeadState))
    on_arrival: Mapped[dict[str, Any] | None]
    required: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Keys of the fields that are filled in before somebody puts a lead there."""


class Lead(Located, Row):
    """A possible client (Classic mode). A repeat lead names the known contact or company that wrote again.

    `state` repeats the kind of its stage, so that active leads are found without a join.
    """

    __tablename__ = "lead"
    constraints = (
        _few("deleted_at", _DELETED),
        _few("merged_into_id", _MERGED),
        Index(None, "state", "id"),
        Index(None, "stage_id", "id"),
        Index("ix_lead_board", "stage_id", "responsible_id", sqlite_where=_THERE, postgresql_where=_THERE),
        *(Index(None, *columns) for columns in _LISTED),
        Index(None, "responsible_id", "state"),
    )

    title: Mapped[str]
    name_key: Mapped[str] = key_of("title")
    field_words: Mapped[str] = words_in(
        "name", "tags", "source", "notes", "amount", "currency", "company_name", "position", "website", *ADDRESS
    )
    name: Mapped[str] = mapped_column(default="")
    company_name: Mapped[str] = mapped_column(default="", server_default="")
    """As somebody wrote it: no company of ours yet."""
    position: Mapped[str] = mapped_column(default="", server_default="")
    website: Mapped[str] = mapped_column(default="", server_default="")
    amount: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    currency: Mapped[str] = mapped_column(default="", server_default="")
    """Of the amount; empty where there is none."""
    state: Mapped[LeadState] = mapped_column(Word(LeadState), default=LeadState.ACTIVE)
    stage_id: Mapped[int] = mapped_column(BigId)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    repeat: Mapped[bool] = mapped_column(default=False)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    notes: Mapped[str] = mapped_column(default="", server_default="")
    source: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(BigId)
    merged_into_id: Mapped[int | None] = mapped_column(BigId)
    """Another one that it was the same as: it is deleted, and whoever asks for it is sent there."""
    deal_id: Mapped[int | None] = mapped_column(BigId)
    """The deal that it became."""
    converted_at: Mapped[datetime | None]

    @validates("title")
    def _make_key(self, _: str, title: str) -> str:
        self.name_key = name_key(title)
        return title


class Pipeline(Row):
    """A way of selling: an ordered list of stages."""

    __tablename__ = "pipeline"

    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]


class Stage(Row):
    """A step of a pipeline."""

    __tablename__ = "stage"
    constraints = (UniqueConstraint("pipeline_id", "position"),)

    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    name: Mapped[str]
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(Word(StageKind))
    probability: Mapped[int | None]
    """How many deals of a hundred that stand here are won, as somebody judged; None: nobody did."""
    required: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Keys of the fields that are filled in before somebody puts a deal there."""


class Deal(Row):
    """Something to be sold. `stage_kind` repeats the stage's kind, so that open deals are found without a join.

    `amount` is in the currency's smallest unit (cents).
    """

    __tablename__ = "deal"
    constraints = (
        Index(None, "contact_id", "stage_kind"),
        Index(None, "company_id", "stage_kind"),
        Index(None, "responsible_id", "stage_kind"),
        _few("deleted_at", _DELETED),
        Index(None, "stage_id", "id"),
        *(Index(None, "pipeline_id", column, "id") for column in ("amount", "closes_on", "updated_at")),
        Index("ix_deal_board", *_OF_BOARD, sqlite_where=_THERE, postgresql_where=_THERE),
        *(Index(None, *columns) for columns in _LISTED),
    )

    title: Mapped[str]
    name_key: Mapped[str] = key_of("title")
    field_words: Mapped[str] = words_in("amount", "currency", "closes_on", "tags", "source", "notes")
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    stage_kind: Mapped[StageKind] = mapped_column(Word(StageKind))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    amount: Mapped[int] = mapped_column(BigId, default=0)
    currency: Mapped[str] = mapped_column(default="EUR")
    repeat: Mapped[bool] = mapped_column(default=False)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    notes: Mapped[str] = mapped_column(default="", server_default="")
    source: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closes_on: Mapped[date | None]
    """When it is expected to be won."""
    closed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(BigId)

    @validates("title")
    def _make_key(self, _: str, title: str) -> str:
        self.name_key = name_key(title)
        return title


class Channel(Row):
    """A way to reach a record: `kind` email or phone, `key` as it is looked up, `value` as it was given."""

    __tablename__ = "channel"
    constraints = (
        UniqueConstraint("kind", "key", "record_type", "record_id"),
        Index(None, "record_type", "record_id"),
    )

    kind: Mapped[str]
    key: Mapped[str]
    value: Mapped[str]
    record_type: Mapped[RecordType] = mapped_column(Word(RecordType))
    record_id: Mapped[int] = mapped_column(BigId)


def _keep_words(_: Any, __: Any, row: Any) -> None:
    """Before a row is changed: its words follow the columns that they are made of."""
    parts = inspect(row).attrs
    fields = row.__table__.c.field_words.info["field_words_of"]
    if any(parts[field].history.has_changes() for field in fields):
        row.field_words = field_words({field: getattr(row, field) for field in fields})


for _table in (Contact, Company, Lead, Deal):
    event.listen(_table, "before_update", _keep_words)
