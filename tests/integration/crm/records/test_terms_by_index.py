"""On PostgreSQL an edit of one record reads that record's search terms alone, however many records there are."""

import pytest
from sqlalchemy import text

from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm_world import World
from integration.conftest import postgres_store
from storage.sessions import WriteSession

SO_MANY_OTHERS = text("""
    INSERT INTO record_term (record_type, term, record_id)
    SELECT kind, 'word' || number % 1000, 1000000 + number
    FROM generate_series(1, 10000) AS number, unnest(ARRAY['contact', 'company', 'deal', 'lead']) AS kind
""")
BLOCKS_OF_THE_INDEX = text(
    "SELECT idx_blks_hit + idx_blks_read FROM pg_statio_user_tables WHERE relname = 'record_term'"
)
TELL_AT_COMMIT = text("SELECT pg_stat_force_next_flush()")
A_FEW_BLOCKS = 60  # A term takes three, some more where one is written; the whole index has several hundred.
EDITS = (
    "UPDATE {table} SET name_key = 'other words'",
    "UPDATE {table} SET tags = '[\"other\"]'",
    "UPDATE {table} SET field_words = 'notes:other notes:words'",
    "DELETE FROM {table}",
)


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path):
    store = postgres_store(request, tmp_path)
    yield World(store)
    store.close()


def test_an_edit_or_removal_walks_through_no_terms_of_others(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        made = _one_of_each(session)
        session.execute(SO_MANY_OTHERS)
        session.execute(text("ANALYZE record_term"))
        session.execute(TELL_AT_COMMIT)

    for table, record in made.items():
        for edit in EDITS:
            before = _blocks(world)
            with world.store.database.unit_of_work() as session:
                session.execute(text(f"{edit.format(table=table)} WHERE id = {record}"))
                session.execute(TELL_AT_COMMIT)
            assert 0 < _blocks(world) - before < A_FEW_BLOCKS, f"{edit} of a {table}"


def _blocks(world: World) -> int:
    """How many blocks of the index were looked at up to now."""
    with world.store.database.reading() as session:
        return session.execute(BLOCKS_OF_THE_INDEX).scalar_one()


def _one_of_each(session: WriteSession) -> dict[str, int]:
    """With a name and a source, but no address: those are in a table of their own."""
    return {
        "deal": create_deal(session, "Roof", source="fair"),
        "lead": create_lead(session, "Question", source="fair"),
        "contact": create_contact(session, "Ann Roof", source="fair"),
        "company": create_company(session, "Roofs", source="fair"),
    }
