"""People and companies to merge, and merging them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.gone import Record
from crm.records.merge_jobs import finish_merge
from crm.records.merging import merge, undo_merge
from crm_world import World
from storage.models import ActivityBinding, RecordType

SYSTEM = Viewer.system()


def contact(world: World, name: str = "Anna", **fields: Any) -> Record:
    with world.store.database.unit_of_work() as session:
        return RecordType.CONTACT, create_contact(session, name, **fields)


def company(world: World, name: str = "Client", **fields: Any) -> Record:
    with world.store.database.unit_of_work() as session:
        return RecordType.COMPANY, create_company(session, name, **fields)


def merged(world: World, survivor: Record, *others: Record, viewer: Viewer = SYSTEM, **chosen: int) -> int:
    """Merge, and do the job that follows."""
    with world.store.database.unit_of_work() as session:
        merge_id = merge(session, viewer, survivor, [other[1] for other in others], chosen)
    finish_merge(world.store, merge_id)
    return merge_id


def undone(world: World, merge_id: int) -> Record:
    with world.store.database.unit_of_work() as session:
        survivor = undo_merge(session, SYSTEM, merge_id)
    finish_merge(world.store, merge_id)
    return survivor


def standing_on(world: World, record: Record) -> set[int]:
    """Ids of the activities that stand on a record."""
    here = (ActivityBinding.record_type == record[0], ActivityBinding.record_id == record[1])
    return {row.activity_id for row in world.rows(select(ActivityBinding).where(*here))}


def owners_of(world: World, activities: Sequence[int]) -> list[int]:
    """How many owners each activity has."""
    rows = world.rows(select(ActivityBinding).where(ActivityBinding.owner))
    return [sum(row.activity_id == activity for row in rows) for activity in activities]
