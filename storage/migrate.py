"""Bring a database to the newest shape. The wheel carries the migrations; they run on SQLite and PostgreSQL alike."""

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.errors import Transient, UsageError
from storage.database import Database
from storage.plain_errors import plain_errors

MIGRATION_LOCK = 7_245_001
"""Advisory lock number, so that two processes that start together migrate one after the other."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply all migrations up to `revision`. Raises `UsageError` when the database cannot be reached or is too new."""
    config = alembic_config()
    try:
        with plain_errors(), database.engine.connect() as connection:
            if not database.embedded:
                connection.execute(text("SET LOCAL lock_timeout = 0"))  # Another's upgrade takes what it takes.
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    except OperationalError as error:
        raise UsageError("The database can not be used: check MAILSYNC_DATABASE_URL and its rights.") from error
    except Transient as error:
        if database.embedded:
            raise
        raise UsageError("The database cannot be reached: check MAILSYNC_DATABASE_URL and that it runs.") from error
    except CommandError:
        raise UsageError("This database was made by a newer Mailsync: use that version, or a newer one.") from None


def alembic_config() -> Config:
    """Alembic's settings, with the migrations that this package carries."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage").joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    return config
