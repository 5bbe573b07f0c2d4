"""Keys given out in advance, so that a batch can point its rows at each other before any of them is inserted."""

from sqlalchemy import text

from storage.models import Row
from storage.sessions import WriteSession

_NEXT = text(
    "SELECT string_agg(CAST(nextval(sequence) AS text), ',') FROM generate_series(1, :count), "
    "(SELECT CAST(pg_get_serial_sequence(:name, 'id') AS regclass) AS sequence OFFSET 0) AS of_table"
)
"""The sequence is looked up once, not for each of its numbers; these come as one value: rows cost ten times as much."""
_LAST = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def reserve_ids(session: WriteSession, table: type[Row], count: int) -> range | list[int]:
    """`count` fresh ids of `table`, ascending; none of them is ever given out again.

    On SQLite they are taken by the insert that follows in the same unit of work, under the write lock.
    """
    name = table.__tablename__
    if count == 0:
        return []
    if session.on_postgresql:
        numbers = session.execute(_NEXT, {"name": f'"{name}"', "count": count}).scalar_one()
        return sorted(map(int, numbers.split(",")))
    last = session.execute(_LAST, {"name": name}).scalar() or 0
    return range(last + 1, last + 1 + count)
