"""What a page, the API or the command line is given about records: plain frozen values, complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from crm.records.fields.values import Value
from crm.records.modes import Client
from crm.records.teams import Team
from storage.folding import name_key
from storage.models import LeadState, RecordType, StageKind


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague, as a record names them."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A record as another one refers to it."""

    type: RecordType
    id: int
    name: str
    deleted: bool = False
    """Whether it is in the recycle bin: named by a record that stays."""


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A way to reach a record, as it was given."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """A person outside the company."""

    id: int
    name: str
    position: str
    company: Named | None
    responsible: Person | None
    tags: tuple[str, ...]
    source: str
    notes: str
    channels: tuple[ChannelView, ...]
    created_at: datetime
    fields: Mapping[str, Value]
    """Custom fields (`field_12`) and further standard ones (`city`) that are filled in, by key."""


@dataclass(frozen=True, slots=True)
class CompanyView:
    """An organisation."""

    id: int
    name: str
    domain: str | None
    responsible: Person | None
    tags: tuple[str, ...]
    source: str
    notes: str
    channels: tuple[ChannelView, ...]
    created_at: datetime
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a lead becomes as soon as it is moved to a stage: that client (None: no client), a deal in that pipeline (None: the
    first one) and stage (None: the first open one).

    That person, or one of that team, is responsible then; without both whoever was. `along`: keys of the fields of leads that
    are written on it too; None: all. `values` are written on each new record, by its kind (`deal`) and the key of the field.
    """

    client: Client | None = Client.CONTACT
    deal: bool = True
    pipeline_id: int | None = None
    stage_id: int | None = None
    responsible_id: int | None = None
    team: Team | None = None
    along: tuple[str, ...] | None = None
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadStageView:
    """A step that leads go through; all in it are in the state `kind`."""

    id: int
    name: str
    position: int
    kind: LeadState
    on_arrival: Arrival | None
    required: tuple[str, ...] = ()
    """Keys of the fields that are filled in before a lead is put there."""


@dataclass(frozen=True, slots=True)
class LeadView:
    """A possible client (Classic mode)."""

    id: int
    title: str
    name: str
    state: LeadState
    stage: LeadStageView
    contact: Named | None
    company: Named | None
    amount: int
    currency: str
    repeat: bool
    responsible: Person | None
    tags: tuple[str, ...]
    source: str
    notes: str
    channels: tuple[ChannelView, ...]
    created_at: datetime
    deal: Named | None
    """What it became."""
    converted_at: datetime | None
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class StageView:
    """A step of a pipeline."""

    id: int
    pipeline_id: int
    name: str
    position: int
    kind: StageKind
    probability: int | None
    required: tuple[str, ...] = ()
    """Keys of the fields that are filled in before a deal is put there."""


@dataclass(frozen=True, slots=True)
class PipelineView:
    """A way of selling, its stages in order."""

    id: int
    name: str
    stages: tuple[StageView, ...]


@dataclass(frozen=True, slots=True)
class DealView:
    """Something to be sold; `amount` in the currency's smallest unit."""

    id: int
    title: str
    pipeline_id: int
    stage: StageView
    contact: Named | None
    company: Named | None
    amount: int
    currency: str
    repeat: bool
    responsible: Person | None
    tags: tuple[str, ...]
    source: str
    notes: str
    created_at: datetime
    updated_at: datetime
    closes_on: date | None
    """When it is expected to be won."""
    closed_at: datetime | None
    fields: Mapping[str, Value]


class Order(StrEnum):
    """How a list is sorted; `_down` begins with the last or the largest."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    NAME_DOWN = "name_down"
    RESPONSIBLE = "responsible"
    RESPONSIBLE_DOWN = "responsible_down"
    STAGE = "stage"
    STAGE_DOWN = "stage_down"
    AMOUNT = "amount"
    AMOUNT_DOWN = "amount_down"
    CLOSES_ON = "closes_on"
    CLOSES_ON_DOWN = "closes_on_down"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "updated_at_down"

    @property
    def down(self) -> bool:
        """Whether it begins with the last or the largest."""
        return self is Order.NEWEST or self.endswith("_down")

    @property
    def key(self) -> str:
        """The column of records that it goes by."""
        name = self.removesuffix("_down")
        return _KEYS.get(name, name)

    @property
    def of_rows(self) -> bool:
        """Whether each kind of record has an index of it: of ids, or of names."""
        return self.key in ("id", "name_key")

    @property
    def of_groups(self) -> bool:
        """Whether one stage or person stands behind the other, each with its newest records first."""
        return self.key in ("stage_id", "responsible_id")


_KEYS = {"newest": "id", "oldest": "id", "name": "name_key", "responsible": "responsible_id", "stage": "stage_id"}


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """What must stand in a custom field: `equals` (a choice), `contains` (text, without regard to case), or a value from
    `least` to `most` (numbers, money in the smallest unit, dates as 2026-12-01)."""

    field_id: int
    equals: str | None = None
    contains: str | None = None
    least: float | str | None = None
    most: float | str | None = None


@dataclass(frozen=True, slots=True)
class StandardCondition:
    """What a standard field must hold: exactly that (`equals`), words that begin like each of `words`, or a value from `least` to
    `most`; an amount in whole units, whatever the currency."""

    key: str
    words: str = ""
    equals: str = ""
    least: Decimal | date | None = None
    most: Decimal | date | None = None


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records a list shows. `words` look in names and titles; None leaves a condition out.

    A list begins behind the record with id `before`, in its order, and holds at most `limit`. In other orders than of ids
    `before_key` says with which name or value that one stood there: whoever asks knows it, so nothing is told of it, and it may
    be gone by now. `called` is a whole name, whatever its case and accents; `unassigned` are those that nobody is responsible
    for; created from `created_from` to before `created_to`.
    """

    words: str = ""
    called: str = ""
    responsible_id: int | None = None
    contact_id: int | None = None
    company_id: int | None = None
    pipeline_id: int | None = None
    stage_kind: StageKind | None = None
    lead_state: LeadState | None = None
    stage_id: int | None = None
    repeat: bool | None = None
    unassigned: bool = False
    tag: str = ""
    source: str = ""
    created_from: datetime | None = None
    created_to: datetime | None = None
    ids: tuple[int, ...] | None = None
    conditions: tuple[FieldCondition, ...] = ()
    standard: tuple[StandardCondition, ...] = ()
    order: Order = Order.NEWEST
    before: int | None = None
    before_key: str = ""
    limit: int = 100

    def behind(self, last: "ContactView | CompanyView | LeadView | DealView") -> "RecordFilter":
        """The same list from behind one of its records on."""
        return replace(self, before=last.id, before_key=self._key_of(last))

    def _key_of(self, last: "ContactView | CompanyView | LeadView | DealView") -> str:
        if self.order.of_rows:
            return name_key(last.name if isinstance(last, ContactView | CompanyView) else last.title)
        value = getattr(last, self.order.key.removesuffix("_id"), None)
        value = getattr(value, "id", value)
        return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
