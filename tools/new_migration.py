"""Write a migration: what the models have and the newest migrations do not, as `make migration name="…"` asks."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from core.errors import UsageError
from storage.database import Database
from storage.migrate import alembic_config, upgrade


def write_migration(name: str) -> None:
    """Compare the models with an empty database that has all migrations, and write the difference as a new one."""
    config = alembic_config()
    with tempfile.TemporaryDirectory() as folder:
        database = Database.in_folder(Path(folder))
        upgrade(database)
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=name, autogenerate=True)
        database.close()


def main() -> int:
    """The one argument is the new migration's name in words."""
    name = " ".join(sys.argv[1:]).strip()
    if not name:
        sys.stderr.write('Say what changes: make migration name="deals get a stage"\n')
        return 2
    try:
        write_migration(name)
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
