"""On PostgreSQL two batches that may decide about the same mail, sender or thread go one after the other, and no others.

A batch inserts its keys into a table with a unique key, and deletes them at once: until it has ended, PostgreSQL lets
whoever inserts one of them wait, to see which of both will be there. So there are as many locks as keys, however many batches
have thousands each, and never a row to be seen (docs/decisions/0018-keys-of-batches.md). Keys go in in ascending order, so that
two batches can not wait for each other. SQLite has one writer anyway. Unique keys of what is stored back it all.
"""

from collections.abc import Iterable
from zlib import crc32

from sqlalchemy import text

from storage.sessions import WriteSession

INSERT = text("INSERT INTO intake_key (key) SELECT unnest(CAST(:keys AS bigint[])) ORDER BY 1")
DELETE = text("DELETE FROM intake_key WHERE key = ANY(CAST(:keys AS bigint[]))")


def hold_keys(session: WriteSession, keys: Iterable[str]) -> None:
    """Keep `keys` to ourselves until the unit of work (or the savepoint within it) ends; waits for whoever has one of them.

    May be called again with the same keys. Raises what SQLAlchemy raises when the wait takes longer than `lock_timeout`.
    """
    if not session.on_postgresql:
        return
    numbers = {crc32(key.encode("utf-8", "replace")) for key in keys}
    array = {"keys": f"{{{','.join(map(str, numbers))}}}"}  # As text: of a list the driver takes 2 µs a number.
    session.execute(INSERT, array)
    session.execute(DELETE, array)
