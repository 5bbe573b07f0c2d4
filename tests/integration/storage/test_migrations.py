"""The migrations build what the models say, on both databases, and can be taken back."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from crm_world import World, mail
from storage.migrate import alembic_config, upgrade
from storage.models import Base, FolderRole
from storage.search import Field, forget_message, phrase_of, search_rows
from storage.store import Store


def test_the_models_and_the_migrations_agree(store: Store) -> None:
    config = alembic_config()
    with store.database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_down_to_nothing_and_up_again(store: Store) -> None:
    config = alembic_config()
    with store.database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    left = set(inspect(store.database.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    assert left == set()
    upgrade(store.database)
    assert set(Base.metadata.tables) <= set(inspect(store.database.engine).get_table_names())


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrade(store.database)
    upgrade(store.database)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_search_index_is_made_anew_without_sorting_all_text(store: Store) -> None:
    """A container has little room for temporary files."""
    words = ScriptDirectory.from_config(alembic_config()).get_revision("0010").module.WORDS_BY_DATE
    with store.database.reading() as session:
        plan = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {words}"))]
    assert not any("TEMP B-TREE" in step for step in plan), plan


def test_words_stay_findable_by_field_when_the_search_index_is_made_anew(store: Store) -> None:
    """0010 parts the names that stood in one column, out of the addresses that were stored beside them."""
    world = World(store)
    world.create_nothing()
    carl = world.deliver(
        mail("Żółć Carl <carl@client.example>", "sales@ours.example", "Grüße", Cc="Dora <d@else.example>")
    )
    sent = world.deliver(mail("sales@ours.example", "carl@client.example", "An answer"), role=FolderRole.SENT)

    config = alembic_config()
    with store.database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
        connection.commit()
    upgrade(store.database)

    def found(field: Field | None, words: str) -> set[int]:
        phrase = phrase_of(words, field)
        assert phrase is not None
        with store.database.reading() as session:
            return {row.id for row in session.execute(search_rows(session, [phrase]).statement)}

    assert found(None, "carl") == {carl, sent}
    assert found(Field.SENDER, "zolc") == {carl}
    assert found(Field.RECIPIENTS, "carl@client.example") == {sent}
    assert found(Field.COPIES, "dora") == {carl}
    assert found(Field.SUBJECT, "grusse") == {carl}
    with store.database.unit_of_work() as session:
        forget_message(session, carl)
    assert found(None, "carl") == {sent}, "the new index can be kept like one that was never anything else"
