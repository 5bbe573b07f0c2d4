"""Keys given out in advance, so that a batch can point its rows at each other before any of them is inserted."""

from sqlalchemy import text

from storage.models import Row
from storage.sessions import WriteSession


def reserve_ids(session: WriteSession, table: type[Row], count: int) -> range | list[int]:
    """`count` fresh ids of `table`, ascending; none of them is ever given out again.

    On SQLite they are taken by the insert that follows in the same unit of work, under the write lock.
    """
    name = table.__tablename__
    if count == 0:
        return []
    if session.on_postgresql:
        statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return sorted(session.execute(statement, {"name": f'"{name}"', "count": count}).scalars())
    last = session.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name}).scalar() or 0
    return range(last + 1, last + 1 + count)
