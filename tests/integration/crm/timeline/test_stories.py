"""A record's story is read in its order and no further than is shown, whatever has become of its entries."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import and_, exists, insert, select, update

from core.cursors import Cursor
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.repository.planned import is_planned
from crm.stream.timeline.repository import timeline
from crm_world import NOW, World
from plans import plans_of
from storage.bulk import insert_rows
from storage.models import Activity, ActivityBinding, ActivityKind, RecordType
from storage.store import Store

SYSTEM = Viewer.system()
HOURS = 200


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def contact(world: World) -> int:
    with world.store.database.unit_of_work() as session:
        number = create_contact(session, "Ann Client")
        insert_rows(session, Activity, [_entry(number * 1000 + hour, hour) for hour in range(HOURS)])
        bindings = [
            {"activity_id": number * 1000 + hour, "record_type": RecordType.CONTACT, "record_id": number, "owner": True}
            for hour in range(HOURS)
        ]
        insert_rows(session, ActivityBinding, bindings[:150])
        session.execute(insert(ActivityBinding), bindings[150:])
    return number


def _entry(number: int, hour: int) -> dict[str, Any]:
    """Calls of an hour in no order, every tenth of them still to be made."""
    at = NOW - timedelta(hours=hour * 77 % HOURS)
    kind = ActivityKind.CALL if hour % 10 == 0 else ActivityKind.MEETING
    done = None if hour % 10 == 0 else at
    values = {"id": number, "kind": kind, "title": str(hour), "text": "", "at": at, "created_at": NOW}
    return values | {"deadline": at, "completed_at": done}


def test_what_stands_somewhere_says_when_it_was_and_whether_it_is_planned(world: World, contact: int) -> None:
    """Whoever changes an entry, by whichever statement."""
    first = contact * 1000
    assert _wrong(world) == []
    changes: tuple[dict[str, Any], ...] = (
        {"completed_at": NOW},
        {"completed_at": None},
        {"deadline": None},
        {"at": NOW - timedelta(days=400)},
        {"deleted_at": NOW},
        {"kind": ActivityKind.COMMENT, "deleted_at": None},
    )
    for values in changes:
        with world.store.database.unit_of_work() as session:
            session.execute(update(Activity).where(Activity.id < first + 20).values(**values))
        assert _wrong(world) == [], values


def _wrong(world: World) -> list[int]:
    """Entries that say something else than where they stand does."""
    same = and_(ActivityBinding.at == Activity.at, ActivityBinding.planned == is_planned())
    stands = exists().where(ActivityBinding.activity_id == Activity.id, same)
    with world.store.database.reading() as session:
        return list(
            session.execute(select(Activity.id).where(~stands, Activity.kind != ActivityKind.CREATED)).scalars()
        )


def test_pages_of_a_story_hold_each_entry_once_and_look_at_no_more_than_they_show(world: World, contact: int) -> None:
    seen: list[str] = []
    behind: Cursor | None = None
    while True:
        with world.store.database.reading() as session:
            told = timeline(session, SYSTEM, (RecordType.CONTACT, contact), behind=behind, limit=30)
        if behind is None:
            assert sorted(int(each.title) for each in told.planned) == list(range(0, HOURS, 10))
            assert [each.at for each in told.planned] == sorted(each.at for each in told.planned), (
                "the most urgent first"
            )
        else:
            assert told.planned == ()
        page = told.past
        assert [each.at for each in page.entries] == sorted((each.at for each in page.entries), reverse=True)
        seen += [each.title for each in page.entries]
        if page.next is None:
            break
        behind = page.next
    assert sorted(map(int, filter(str.isdigit, seen))) == [hour for hour in range(HOURS) if hour % 10]

    plan = plans_of(world.store, lambda session: timeline(session, SYSTEM, (RecordType.CONTACT, contact)))
    if world.store.database.embedded:
        assert "ix_activity_binding_story (record_type=? AND record_id=? AND planned=?)" in plan
        assert "ix_post_mail_outgoing_id" in plan, "a mail asks for its post, not for all posts on the record"
    else:
        assert "ix_activity_binding_story" in plan
