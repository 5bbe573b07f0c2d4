"""What must always hold of a company's mail and records, asked of the tables themselves and not of the code that fills them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from crm.records.repository.planned import is_planned
from crm_world import World
from storage.models import (
    Activity,
    ActivityBinding,
    Channel,
    Company,
    Contact,
    CustomField,
    Deal,
    FieldValue,
    Follow,
    Lead,
    LeadState,
    Message,
    Place,
    RecordType,
    StageKind,
    Thread,
)

TABLES = {RecordType.CONTACT: Contact, RecordType.COMPANY: Company, RecordType.DEAL: Deal, RecordType.LEAD: Lead}
MERGED = (RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD)
"""What can be merged."""
NAMING: tuple[tuple[RecordType, Any], ...] = (
    *((RecordType.CONTACT, column) for column in (Deal.contact_id, Lead.contact_id, Contact.merged_into_id)),
    *((RecordType.COMPANY, column) for column in (Contact.company_id, Deal.company_id, Lead.company_id)),
    *((RecordType.COMPANY, Company.merged_into_id), (RecordType.LEAD, Lead.merged_into_id)),
)
"""Columns that name a record of this kind."""
Key = tuple[RecordType, int]
Ids = dict[Any, int]


@dataclass(frozen=True)
class Had:
    """What a record has by itself (addresses and phones in order, custom fields by their ids), and what names it: mail that
    it owns, all that stands on it, who follows it, and its deals and leads (of a company its people too)."""

    channels: list[str]
    fields: dict[int, str]
    owned: frozenset[int]
    stands: frozenset[int]
    followers: frozenset[int]
    named_by: frozenset[tuple[str, int]]


class Facts:
    """Questions about what was stored since `first`: the last ids of tables before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.first = self.last_ids()
        self._counts = self._all_counts()

    def last_ids(self) -> Ids:
        tables = (*TABLES.values(), Message, Thread)
        newest = [select(func.coalesce(func.max(table.id), 0)).scalar_subquery() for table in tables]
        with self.world.one_look() as session:
            return dict(zip(tables, session.execute(select(*newest)).one(), strict=True))

    def some(self, table: Any, *where: Any) -> list[Any]:
        """Rows since the beginning that were not deleted."""
        here = (table.id > self.first[table], table.deleted_at.is_(None), *where)
        return self.world.rows(select(table).where(*here).order_by(table.id))

    def row(self, key: Key) -> Any:
        (found,) = self.world.rows(select(TABLES[key[0]]).where(TABLES[key[0]].id == key[1]))
        return found

    def had(self, key: Key) -> Had:
        """What a record has at this moment."""
        with self.world.one_look():
            here = (Channel.record_type == key[0], Channel.record_id == key[1])
            channels = self.world.rows(select(Channel.value).where(*here).order_by(Channel.id))
            fields = select(FieldValue).join(CustomField, CustomField.id == FieldValue.field_id)
            values = self.world.rows(fields.where(CustomField.record_type == key[0], FieldValue.record_id == key[1]))
            bound = select(ActivityBinding).where(
                ActivityBinding.record_type == key[0],
                ActivityBinding.record_id == key[1],
                ActivityBinding.activity_id.in_(select(Activity.id).where(Activity.message_id.is_not(None))),
            )
            bindings = self.world.rows(bound)
            follows = select(Follow.user_id).where(Follow.record_type == key[0], Follow.record_id == key[1])
            naming = [column for kind, column in NAMING if kind is key[0] and column.key != "merged_into_id"]
            return Had(
                channels,
                {row.field_id: row.text for row in values},
                frozenset(row.activity_id for row in bindings if row.owner),
                frozenset(row.activity_id for row in bindings),
                frozenset(self.world.rows(follows)),
                frozenset(
                    (column.class_.__tablename__, row_id)
                    for column in naming
                    for row_id in self.world.rows(select(column.class_.id).where(column == key[1]))
                ),
            )

    def made_since(self, seen: Ids) -> list[Key]:
        """Records that were made since."""
        made = [select(literal(kind.value), table.id).where(table.id > seen[table]) for kind, table in TABLES.items()]
        with self.world.one_look() as session:
            return [(RecordType(kind), row_id) for kind, row_id in session.execute(union_all(*made))]

    def contacts_of(self, address: str) -> list[int]:
        """Contacts with an address."""
        reached = select(Channel.record_id).where(Channel.key == address, Channel.record_type == RecordType.CONTACT)
        return self.world.rows(select(Contact.id).where(Contact.id.in_(reached), Contact.deleted_at.is_(None)))

    def open_items(self, address: str) -> list[Key]:
        """Open deals and active leads of a person: of the contacts with the address, and leads that have it."""
        contacts = self.contacts_of(address)
        has_it = exists().where(
            Channel.record_type == RecordType.LEAD, Channel.record_id == Lead.id, Channel.key == address
        )
        leads = select(Lead.id).where(
            or_(has_it, Lead.contact_id.in_(contacts)), Lead.state == LeadState.ACTIVE, Lead.deleted_at.is_(None)
        )
        deals = select(Deal.id).where(
            Deal.contact_id.in_(contacts), Deal.stage_kind == StageKind.OPEN, Deal.deleted_at.is_(None)
        )
        return [(RecordType.DEAL, each) for each in self.world.rows(deals)] + [
            (RecordType.LEAD, each) for each in self.world.rows(leads)
        ]

    def is_known(self, address: str, before: Ids) -> bool:
        """Whether the address, or its company's domain, was anybody's before."""
        reached = self.world.rows(select(Channel).where(Channel.key == address))
        keys = {(row.record_type, row.record_id) for row in reached}
        domain = address.rpartition("@")[2]
        companies = self.world.rows(select(Company.id).where(Company.domain == domain))
        keys |= {(RecordType.COMPANY, each) for each in companies}
        return any(key[1] <= before[TABLES[key[0]]] for key in keys)

    def thread_of(self, message_id: int) -> list[int]:
        """All messages of its thread."""
        mine = select(Message.thread_id).where(Message.id == message_id).scalar_subquery()
        return self.world.rows(select(Message.id).where(Message.thread_id == mine))

    def open_items_beside(self, message_id: int) -> list[Key]:
        """Open deals and active leads that the other mail of its thread stands on."""
        others = [each for each in self.thread_of(message_id) if each != message_id]
        keys = {key for each in others for key in self.world.bindings(each)}
        return [key for key in keys if getattr(self.row(key), "state", None) is LeadState.ACTIVE or self._is_open(key)]

    def _is_open(self, key: Key) -> bool:
        return key[0] is RecordType.DEAL and self.row(key).stage_kind is StageKind.OPEN

    def look_at_all(self, mails: int, places: int) -> None:
        """Nothing is lost, doubled, without an owner or left behind. `mails` and `places` are how many there must be."""
        with self.world.one_look() as session:
            found = session.execute(self._counts).one()._asdict()
        expected = dict.fromkeys(found, 0) | {"mails": mails, "places": places}
        assert found == expected, {name: number for name, number in found.items() if number != expected[name]}

    def _all_counts(self) -> Any:
        """One statement that counts mails, places, and by its name each thing that must never be."""
        fresh = Message.id > self.first[Message]
        joined = exists().where(Thread.id == Message.thread_id, Thread.merged_into_id.is_not(None))
        of_thread = select(func.count()).where(Message.thread_id == Thread.id).scalar_subquery()
        owners = select(func.count()).where(ActivityBinding.activity_id == Activity.id, ActivityBinding.owner)
        elsewhere = exists().where(Message.id == Activity.message_id, Message.thread_id != Activity.thread_id)
        as_it_is = and_(ActivityBinding.at == Activity.at, ActivityBinding.planned == is_planned())
        counts = {
            "places in a story that say another time": _count(
                ActivityBinding, ~exists().where(Activity.id == ActivityBinding.activity_id, as_it_is)
            ),
            "mails": _count(Message, fresh),
            "places": _count(Place, Place.message_id > self.first[Message]),
            "mail that lies nowhere": _count(Message, fresh, ~exists().where(Place.message_id == Message.id)),
            "mail of a thread that was joined": _count(Message, fresh, joined),
            "threads that count wrong": _count(
                Thread, Thread.id > self.first[Thread], Thread.message_count != of_thread
            ),
            "activities without one owner": _count(
                Activity, Activity.message_id > self.first[Message], owners.scalar_subquery() != 1
            ),
            "activities in another thread than their mail": _count(
                Activity, Activity.message_id > self.first[Message], elsewhere
            ),
            **{f"{column} names what was merged": self._left(column, kind) for kind, column in NAMING},
            **{
                f"{table.__tablename__} of a merged {kind.value}": self._left(
                    table.record_id, kind, table.record_type == kind
                )
                for kind in MERGED
                for table in (ActivityBinding, Follow, Channel)
            },
        }
        return select(*(count.label(name) for name, count in counts.items()))

    def _left(self, column: Any, kind: RecordType, *where: Any) -> Any:
        """How many rows name a record in this column that was merged into another."""
        gone = aliased(TABLES[kind])
        merged = (gone.id == column, gone.id > self.first[TABLES[kind]], gone.merged_into_id.is_not(None))
        return _count(column.class_, *where, exists().where(*merged))


def _count(table: Any, *where: Any) -> Any:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()
