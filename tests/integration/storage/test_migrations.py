"""The migrations build what the models say, on both databases, and can be taken back."""

from alembic import command
from sqlalchemy import inspect

from storage.migrate import alembic_config, upgrade
from storage.models import Base
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
