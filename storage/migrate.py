"""Bring a database to the newest shape. The wheel carries the migrations; they run on SQLite and PostgreSQL alike."""

from importlib import resources

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.errors import UsageError
from storage.database import Database

MIGRATION_LOCK = 7_245_001
"""Advisory lock number, so that two processes that start together migrate one after the other."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply all migrations up to `revision`. Raises `UsageError` when the database cannot be reached."""
    config = alembic_config()
    try:
        with database.engine.connect() as connection:
            if not database.embedded:
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    except OperationalError as error:
        if database.embedded:
            raise
        raise UsageError("The database cannot be reached: check MAILSYNC_DATABASE_URL and that it runs.") from error


def alembic_config() -> Config:
    """Alembic's settings, with the migrations that this package carries."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage").joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    return config
