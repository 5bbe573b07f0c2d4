"""Bring a database to the newest shape. The wheel carries the migrations; they run on SQLite and PostgreSQL alike."""

from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import Transient, UsageError
from storage.database import Database
from storage.plain_errors import DEADLOCK_SQLSTATE, LOCKED_SQLSTATE, plain_errors

MIGRATION_LOCK = 7_245_001
"""Advisory lock number, so that two processes that start together migrate one after the other."""
TRIES = 10
"""To have all tables to itself; each takes PostgreSQL's `deadlock_timeout`, one second, at least."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply all migrations up to `revision`. Raises `UsageError` when the database cannot be reached, is at
    work for others, or is too new."""
    config = alembic_config()
    try:
        with plain_errors(), database.engine.connect() as connection:
            if revision == "head" and _here(connection) == _newest():
                return
            if not database.embedded:
                connection.execute(text("SET LOCAL lock_timeout = 0"))  # Another's upgrade takes what it takes.
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
                _hold_tables(connection, config)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    except OperationalError as error:
        raise UsageError("The database can not be used: check MAILSYNC_DATABASE_URL and its rights.") from error
    except Transient as error:
        if database.embedded:
            raise
        raise UsageError(_why(error)) from error
    except CommandError:
        raise UsageError("This database was made by a newer Mailsync: use that version, or a newer one.") from None


def _here(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str:
    """The last revision by the names of the files: each start asks, and reading them all takes longer than all else it does."""
    files = (Path(each.name) for each in resources.files("storage").joinpath("migrations", "versions").iterdir())
    return max(file.stem.partition("_")[0] for file in files if file.suffix == ".py")


def _hold_tables(connection: Connection, config: Config) -> None:
    """Have all tables before anything is changed, so that no other process can hold one and want another of them.

    Every order is somebody's wrong one: where that ends in a deadlock nothing was done yet, and it is tried again.
    """
    here = _here(connection)
    if here is None or here == ScriptDirectory.from_config(config).get_current_head():
        return
    quote = connection.dialect.identifier_preparer.quote
    tables = ", ".join(quote(name) for name in sorted(inspect(connection).get_table_names()))
    for tries_left in reversed(range(TRIES)):
        try:
            with connection.begin_nested():
                connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
            return
        except DBAPIError as error:
            if not tries_left or _sqlstate(error) != DEADLOCK_SQLSTATE:
                raise


def _why(error: Transient) -> str:
    if _sqlstate(error.__cause__) in (DEADLOCK_SQLSTATE, LOCKED_SQLSTATE):
        return "The database is in use: stop every process of Mailsync, on all machines, then upgrade again."
    return "The database cannot be reached: check MAILSYNC_DATABASE_URL and that it runs."


def _sqlstate(error: BaseException | None) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None


def alembic_config() -> Config:
    """Alembic's settings, with the migrations that this package carries."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage").joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    return config
