"""What must always hold of a company's mail and records, asked of the tables themselves and not of the code that fills them."""

from typing import Any

from sqlalchemy import exists, func, or_, select

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
    Lead,
    LeadState,
    Message,
    Outbox,
    Place,
    RecordType,
    StageKind,
    Thread,
)

TABLES = {RecordType.CONTACT: Contact, RecordType.COMPANY: Company, RecordType.DEAL: Deal, RecordType.LEAD: Lead}
Key = tuple[RecordType, int]
Ids = dict[Any, int]
Said = tuple[list[str], dict[int, str]]


class Facts:
    """Questions about what was stored since `first`: the last ids of tables before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.first = self.last_ids()

    def last_ids(self) -> Ids:
        with self.world.store.database.reading() as session:
            tables = (*TABLES.values(), Message, Outbox)
            return {table: session.execute(select(func.max(table.id))).scalar() or 0 for table in tables}

    def some(self, table: Any, *where: Any) -> list[Any]:
        """Rows since the beginning that were not deleted."""
        return self.world.rows(select(table).where(table.id > self.first[table], table.deleted_at.is_(None), *where))

    def row(self, key: Key) -> Any:
        (found,) = self.world.rows(select(TABLES[key[0]]).where(TABLES[key[0]].id == key[1]))
        return found

    def said_of(self, key: Key) -> Said:
        """What a record has by itself: its addresses and phones in order, and its custom fields by their ids."""
        here = (Channel.record_type == key[0], Channel.record_id == key[1])
        channels = self.world.rows(select(Channel).where(*here).order_by(Channel.id))
        fields = select(FieldValue).join(CustomField, CustomField.id == FieldValue.field_id)
        values = self.world.rows(fields.where(CustomField.record_type == key[0], FieldValue.record_id == key[1]))
        return [row.value for row in channels], {row.field_id: row.text for row in values}

    def made_since(self, seen: Ids) -> list[Key]:
        """Records that were made since."""
        return [
            (record_type, row_id)
            for record_type, table in TABLES.items()
            for row_id in self.world.rows(select(table.id).where(table.id > seen[table]))
        ]

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

    def open_items_of_thread(self, message_id: int) -> list[Key]:
        """Open deals and active leads that mail of its thread stands on."""
        keys = {key for each in self.thread_of(message_id) for key in self.world.bindings(each)}
        return [key for key in keys if getattr(self.row(key), "state", None) is LeadState.ACTIVE or self._is_open(key)]

    def _is_open(self, key: Key) -> bool:
        return key[0] is RecordType.DEAL and self.row(key).stage_kind is StageKind.OPEN

    def look_at_all(self, mails: int, places: int) -> None:
        """Nothing is orphaned, lost, doubled or without an owner. `mails` and `places` are how many there must be."""
        fresh = Message.id > self.first[Message]
        assert self._count(Message, fresh) == mails
        assert self._count(Place, Place.message_id > self.first[Message]) == places
        assert not self.world.rows(select(Message.id).where(fresh, ~exists().where(Place.message_id == Message.id)))
        merged = exists().where(Thread.id == Message.thread_id, Thread.merged_into_id.is_not(None))
        assert not self.world.rows(select(Message.id).where(fresh, merged)), "It is in a thread that was joined."
        of_thread = select(func.count()).where(Message.thread_id == Thread.id).scalar_subquery()
        assert not self.world.rows(select(Thread.id).where(Thread.message_count != of_thread))
        owners = select(func.count()).where(ActivityBinding.activity_id == Activity.id, ActivityBinding.owner)
        on_none = select(Activity.id).where(Activity.message_id > self.first[Message], owners.scalar_subquery() != 1)
        assert not self.world.rows(on_none), "An activity has not exactly one owner."
        elsewhere = exists().where(Message.id == Activity.message_id, Message.thread_id != Activity.thread_id)
        assert not self.world.rows(select(Activity.id).where(elsewhere)), (
            "An activity is in another thread than its mail."
        )
        for record_type, table in TABLES.items():
            nowhere = ActivityBinding.record_id.not_in(select(table.id))
            orphans = select(ActivityBinding.id).where(ActivityBinding.record_type == record_type, nowhere)
            assert not self.world.rows(orphans)
        events = [row.key for row in self.world.rows(select(Outbox).where(Outbox.id > self.first[Outbox]))]
        assert len(events) == len(set(events))

    def _count(self, table: Any, where: Any) -> int:
        return self.world.rows(select(func.count()).select_from(table).where(where))[0]
