"""Rows that were written many at once are the rows that were given, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from traceback import format_exception

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.errors import Transient
from storage.bulk import ROWS_AT_ONCE, WORTH_COPYING, insert_rows, inserting
from storage.database import Database
from storage.ids import reserve_ids
from storage.migrate import upgrade
from storage.models import Activity, ActivityKind, Blob, Contact, Direction
from storage.store import Store

NOON = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("count", [0, 1, WORTH_COPYING, sum(ROWS_AT_ONCE), sum(ROWS_AT_ONCE) + 7])
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
        insert_rows(session, Contact, [row] * WORTH_COPYING)
        session.execute(insert(Contact), [row])
    with store.database.reading() as session:
        columns = select(Contact.name, Contact.position, Contact.tags, Contact.source, Contact.created_at)
        *fast, slow = session.execute(columns.order_by(Contact.id)).all()
    assert fast == [slow] * (1 + WORTH_COPYING)
    assert slow.tags == row["tags"]


def test_bytes_come_back_however_many_rows_there_are(store: Store) -> None:
    contents = [bytes([number, 0, 255, 92]) * 9 for number in range(WORTH_COPYING)]
    row = {"sha256": "0" * 64, "codec": 0, "pack": None, "offset": 2**40, "length": None}
    with store.database.unit_of_work() as session:
        insert_rows(session, Blob, [{**row, "size": len(content), "data": content} for content in contents])
    with store.database.reading() as session:
        found = session.execute(select(Blob.data, Blob.size, Blob.offset).order_by(Blob.id)).all()
    assert found == [(content, 36, 2**40) for content in contents]


def test_naive_moments_and_rows_that_break_a_rule_are_refused(store: Store) -> None:
    row = {"name": "Ada", "position": "", "tags": [], "source": "", "created_at": NOON.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="naive"), store.database.unit_of_work() as session:
        insert_rows(session, Contact, [row])
    orphan = {**row, "created_at": NOON, "company_id": 404}
    for count in (1, WORTH_COPYING):
        with pytest.raises(IntegrityError), store.database.unit_of_work() as session:
            insert_rows(session, Contact, [orphan] * count)


@pytest.mark.parametrize("count", [1, WORTH_COPYING, ROWS_AT_ONCE[0]])
def test_rows_are_inserted_while_other_work_is_done(store: Store, count: int) -> None:
    """Given a block that fails, or rows that break a rule, then nothing is written; else all is, when the block has ended."""
    rows = [{"name": f"Ada {n}", "position": "", "tags": [], "source": "", "created_at": NOON} for n in range(count)]
    with pytest.raises(ZeroDivisionError), store.database.unit_of_work() as session, inserting(session, Contact, rows):
        _ = 1 / 0
    orphans = [row | {"company_id": 404} for row in rows]
    with pytest.raises(IntegrityError), store.database.unit_of_work() as session, inserting(session, Contact, orphans):
        pass
    with store.database.unit_of_work() as session:
        with inserting(session, Contact, rows):
            names = {row["name"] for row in rows}
        assert set(session.execute(select(Contact.name)).scalars()) == names


@pytest.mark.parametrize("count", [1, WORTH_COPYING, ROWS_AT_ONCE[0]])
def test_a_refused_row_is_told_without_its_values(store: Store, count: int) -> None:
    row = {"name": "Ada Lovelace", "position": "", "tags": [], "source": "", "created_at": NOON, "company_id": 404}
    with pytest.raises(IntegrityError) as refused, store.database.unit_of_work() as session:
        insert_rows(session, Contact, [row] * count)
    with pytest.raises(DBAPIError) as misread, store.database.reading() as session:
        session.execute(text("SELECT 1 FROM nowhere WHERE name = :name"), {"name": row["name"]})
    for error in (refused.value, misread.value):
        assert "Lovelace" not in "".join(format_exception(error))


def test_a_refused_row_takes_back_only_what_its_savepoint_began(store: Store) -> None:
    row = {"name": "Ada", "position": "", "tags": [], "source": "", "created_at": NOON, "company_id": None}
    with store.database.unit_of_work() as session:
        insert_rows(session, Contact, [row])
        # SQLite looks at foreign keys after each statement, as PostgreSQL does after COPY.
        with pytest.raises(IntegrityError), session.begin_nested():
            insert_rows(session, Contact, [row, *[{**row, "company_id": 404}] * WORTH_COPYING])
        insert_rows(session, Contact, [row] * WORTH_COPYING)
    with store.database.reading() as session:
        assert session.execute(select(func.count()).select_from(Contact)).scalar_one() == 1 + WORTH_COPYING


def test_a_server_that_goes_away_meanwhile_asks_to_try_again(postgres_url: str) -> None:
    database = Database(postgres_url)
    upgrade(database)
    row = {"name": "Ada", "position": "", "tags": [], "source": "", "created_at": NOON}

    with pytest.raises(Transient), database.unit_of_work() as session:
        own = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.unit_of_work() as other:
            other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
        insert_rows(session, Contact, [row] * WORTH_COPYING)
    with database.unit_of_work() as session:
        insert_rows(session, Contact, [row] * WORTH_COPYING)
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Contact)).scalar_one() == WORTH_COPYING
    database.close()
