"""On PostgreSQL two batches that may decide about the same mail, sender or thread go one after the other.

Keys fall into a fixed number of buckets, so that even a large batch holds a bounded number of locks; they are taken in
ascending order, so that two batches can not wait for each other. SQLite has one writer anyway. Unique keys back it all.
"""

from collections.abc import Iterable
from zlib import crc32

from sqlalchemy import text

from storage.sessions import WriteSession

CLASS = 0x4D53
BUCKETS = 512


def hold_keys(session: WriteSession, keys: Iterable[str]) -> None:
    """Keep `keys` to ourselves until the unit of work ends."""
    if not session.on_postgresql:
        return
    buckets = sorted({crc32(key.encode("utf-8", "replace")) % BUCKETS for key in keys})
    statement = text(
        "SELECT count(pg_advisory_xact_lock(:class, bucket)) "
        "FROM (SELECT unnest(CAST(:buckets AS integer[])) AS bucket ORDER BY 1) AS sorted"
    )
    session.execute(statement, {"class": CLASS, "buckets": buckets})
