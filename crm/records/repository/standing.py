"""On PostgreSQL, whoever puts something on records and whoever merges or removes records go one after the other.

A batch of mail reads that a contact is there, and binds to it a little later: merged or removed between the two, mail would stand
on nobody. Any number of batches share the lock; a merge has it alone, and takes it before it locks any row, so that it can
not wait for somebody who waits for it. Who stands in line for it is let in before those who come later (PostgreSQL's
advisory locks queue), so mail that keeps coming can not keep a merge out. SQLite has one writer anyway.
"""

from sqlalchemy import text

from storage.sessions import WriteSession

_LOCK = 0x6D73_0002
_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)")
_ALONE = text("SELECT pg_advisory_xact_lock(:key)")


def keep_records(session: WriteSession) -> None:
    """Let nobody merge or remove records until this unit of work ends. To be called before records are looked up."""
    if session.on_postgresql:
        session.execute(_SHARED, {"key": _LOCK})


def change_records_alone(session: WriteSession) -> None:
    """Wait for all who put something on records, and let nobody begin to until this unit of work ends.

    To be called first in it.
    """
    if session.on_postgresql:
        session.execute(_ALONE, {"key": _LOCK})
