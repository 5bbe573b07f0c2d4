"""Rows that were written many at once are the rows that were given, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from storage.bulk import ROWS_AT_ONCE, insert_rows
from storage.ids import reserve_ids
from storage.models import Activity, ActivityKind, Contact, Direction
from storage.store import Store

NOON = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("count", [0, 1, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE + 7])
def test_words_moments_and_nothing_come_back(store: Store, count: int) -> None:
    with store.database.unit_of_work() as session:
        ids = reserve_ids(session, Activity, count)
        rows = [
            {
                "id": row_id,
                "kind": ActivityKind.CALL,
                "direction": Direction.OUTGOING if row_id % 2 else None,
                "title": f"żółć '{row_id}' %s ?",
                "text": "",
                "at": (NOON + timedelta(hours=row_id)).astimezone(timezone(timedelta(hours=5))),
                "created_at": NOON,
                "deadline": None,
            }
            for row_id in ids
        ]
        insert_rows(session, Activity, rows)
    with store.database.reading() as session:
        found = session.execute(select(Activity).order_by(Activity.id)).scalars().all()
    assert [{name: getattr(row, name) for name in given} for row, given in zip(found, rows, strict=True)] == rows


def test_lists_are_written_as_the_slow_way_writes_them(store: Store) -> None:
    row = {"name": "Ada", "position": "", "tags": ["a", 'b"'], "source": "", "created_at": NOON}
    with store.database.unit_of_work() as session:
        insert_rows(session, Contact, [row])
        session.execute(insert(Contact), [row])
    with store.database.reading() as session:
        columns = select(Contact.name, Contact.position, Contact.tags, Contact.source, Contact.created_at)
        fast, slow = session.execute(columns).all()
    assert fast == slow
    assert fast.tags == row["tags"]


def test_naive_moments_and_rows_that_break_a_rule_are_refused(store: Store) -> None:
    row = {"name": "Ada", "position": "", "tags": [], "source": "", "created_at": NOON.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="naive"), store.database.unit_of_work() as session:
        insert_rows(session, Contact, [row])
    orphan = {**row, "created_at": NOON, "company_id": 404}
    with pytest.raises(IntegrityError), store.database.unit_of_work() as session:
        insert_rows(session, Contact, [orphan])
