"""Deleting records in tests, and looking whether anything names them still."""

from datetime import timedelta

from sqlalchemy import func, select, update

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.paths import record_path
from crm.records.recycling import delete_record, restore_record
from crm.records.repository.naming import BOUND, NAMED_BY, of_kind
from crm.records.repository.recycling import BinFilter, deleted_records
from crm_world import NOW, World, mail
from storage.models import (
    Activity,
    ActivityBinding,
    Campaign,
    CampaignState,
    Contact,
    Deal,
    Notification,
    Recipient,
    RecordType,
    Segment,
    SenderIdentity,
    SendState,
)

SYSTEM = Viewer.system()
CARL = "Carl <carl@client.example>"


def delete(world: World, record: Record, viewer: Viewer = SYSTEM) -> None:
    with world.store.database.unit_of_work() as session:
        delete_record(session, viewer, record)


def restore(world: World, record: Record, viewer: Viewer = SYSTEM) -> None:
    with world.store.database.unit_of_work() as session:
        restore_record(session, viewer, record)


def age(world: World, record: Record, days: int) -> None:
    """As if it had been deleted so many days ago."""
    table = {RecordType.CONTACT: Contact, RecordType.DEAL: Deal}[record[0]]
    with world.store.database.unit_of_work() as session:
        then = utcnow() - timedelta(days=days)
        session.execute(update(table).where(table.id == record[1]).values(deleted_at=then))


def from_carl(world: World, subject: str, number: int, **options: object) -> int:
    return world.deliver(mail(CARL, world.sales.email, subject, message_id=f"m{number}", **options))


def nothing_names(world: World, record: Record) -> bool:
    """Whether no row of any table names it."""
    kind, record_id = record
    counts = []
    with world.store.database.reading() as session:
        for table in BOUND:
            named = select(func.count()).select_from(table)
            counts.append(session.scalar(named.where(of_kind(table, kind), table.record_id == record_id)))
        counts += [session.scalar(select(func.count()).where(column == record_id)) for column in NAMED_BY[kind]]
        counts.append(session.scalar(select(func.count()).where(~bound_at_all())))
        counts.append(session.scalar(select(func.count()).where(Notification.link == record_path(record))))
    return not any(counts)


def bound_at_all() -> object:
    return Activity.id.in_(select(ActivityBinding.activity_id))


def add_recipient(session: object, contact_id: int) -> None:
    segment = Segment(name="All", rules={}, created_at=NOW)
    sender = SenderIdentity(email="a@b.example", email_key="a@b.example", smtp_url="", created_at=NOW)
    session.add_all([segment, sender])
    session.flush()
    campaign = Campaign(
        name="News",
        state=CampaignState.FINISHED,
        segment_id=segment.id,
        sender_id=sender.id,
        subject="",
        html="",
        text="",
        created_at=NOW,
    )
    session.add(campaign)
    session.flush()
    session.add(
        Recipient(
            campaign_id=campaign.id,
            contact_id=contact_id,
            address="carl@client.example",
            key="carl@client.example",
            state=SendState.SENT,
        )
    )


def bin_of(world: World, **wanted: object) -> list[Record]:
    with world.store.database.reading() as session:
        return [(each.type, each.id) for each in deleted_records(session, SYSTEM, BinFilter(**wanted))]
