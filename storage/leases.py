"""The right to work on a mailbox or campaign, for a while, with a fencing number.

Time is the database's, so clocks of machines do not matter. Whoever's lease expired must stop: the next holder has a
higher fence, and writes that carry a lower one change nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, text

from storage.database import APPLICATION_NAME, SILENT_FOR
from storage.sessions import ReadSession, WriteSession

_NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now')", "postgresql": "clock_timestamp()"}
_UNTIL = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+' || :seconds || ' seconds')",
    "postgresql": "clock_timestamp() + make_interval(secs => :seconds)",
}

_KEPT = {"sqlite": "", "postgresql": " FOR SHARE"}
"""On SQLite there is one writer at a time."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    """Proof of a lease: `fence` grows with every change of holder."""

    name: str
    holder: str
    fence: int


def acquire(session: WriteSession, name: str, holder: str, duration: timedelta) -> HeldLease | None:
    """Take the lease `name`, or keep it if `holder` has it already; None while somebody else holds it."""
    dialect = session.get_bind().dialect.name
    statement = text(
        f"""
        INSERT INTO lease (name, holder, fence, expires_at) VALUES (:name, :holder, 1, {_UNTIL[dialect]})
        ON CONFLICT (name) DO UPDATE SET
            fence = CASE WHEN lease.holder = excluded.holder AND lease.expires_at > {_NOW[dialect]}
                         THEN lease.fence ELSE lease.fence + 1 END,
            holder = excluded.holder,
            expires_at = excluded.expires_at
        WHERE lease.holder = excluded.holder OR lease.expires_at <= {_NOW[dialect]}
        RETURNING fence
        """
    )
    values = {"name": name, "holder": holder, "seconds": duration.total_seconds()}
    fence = session.execute(statement, values).scalar_one_or_none()
    return None if fence is None else HeldLease(name, holder, fence)


def renew(session: WriteSession, names: Collection[str], holder: str, duration: timedelta) -> dict[str, HeldLease]:
    """Keep those of the leases `names` that `holder` has and that did not run out, by one statement; returns these."""
    dialect = session.get_bind().dialect.name
    statement = text(
        f"UPDATE lease SET expires_at = {_UNTIL[dialect]} WHERE name IN :names AND holder = :holder "
        f"AND expires_at > {_NOW[dialect]} RETURNING name, fence"
    ).bindparams(bindparam("names", expanding=True))
    values = {"names": list(names), "holder": holder, "seconds": duration.total_seconds()}
    return {name: HeldLease(name, holder, fence) for name, fence in session.execute(statement, values)}


def count_others(session: ReadSession, prefix: str, holder: str) -> int:
    """How many leases whose names begin with `prefix` are held by others now."""
    statement = text(
        "SELECT count(*) FROM lease WHERE name LIKE :like AND holder <> :holder "
        f"AND expires_at > {_NOW[session.get_bind().dialect.name]}"
    )
    return int(session.execute(statement, {"like": f"{prefix}%", "holder": holder}).scalar_one())


def forget_expired(session: WriteSession, prefix: str) -> None:
    """Remove leases whose names begin with `prefix` and that nobody has now: of names that never come again."""
    now = _NOW[session.get_bind().dialect.name]
    session.execute(text(f"DELETE FROM lease WHERE name LIKE :like AND expires_at <= {now}"), {"like": f"{prefix}%"})


def end_silent(session: WriteSession) -> int:
    """End units of work in whose middle PostgreSQL waits for the next word of a process of ours for too long; how many.

    It ends by itself what is silent between two statements (`storage.database.SILENT_FOR`), but not what is silent within a
    COPY, or within a group of statements that is sent without waiting for answers.
    """
    if session.get_bind().dialect.name == "sqlite":
        return 0
    statement = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :ours "
        "AND datname = current_database() AND usename = current_user AND state = 'active' AND wait_event = 'ClientRead' "
        "AND xact_start IS NOT NULL AND state_change < clock_timestamp() - make_interval(secs => :seconds)"
    )
    values = {"ours": APPLICATION_NAME, "seconds": SILENT_FOR.total_seconds()}
    return int(session.execute(statement, values).scalar_one())


def held_elsewhere(session: ReadSession, names: Collection[str], holder: str) -> set[str]:
    """Which of the leases somebody else has now: asking for those would only lock their rows in the holder's way."""
    statement = text(
        "SELECT name FROM lease WHERE name IN :names AND holder <> :holder "
        f"AND expires_at > {_NOW[session.get_bind().dialect.name]}"
    ).bindparams(bindparam("names", expanding=True))
    return set(session.execute(statement, {"names": list(names), "holder": holder}).scalars())


def held_fast(session: WriteSession, names: Collection[str]) -> set[str]:
    """Which of the leases units of work hold fast at this moment: to renew one of these would wait for the end of its unit.

    The others are held fast by `session` from now on. On SQLite no other unit of work writes meanwhile: always empty.
    """
    if session.get_bind().dialect.name == "sqlite":
        return set()
    rows = text("SELECT name FROM lease WHERE name IN :names ORDER BY name").bindparams(
        bindparam("names", expanding=True)
    )
    there = set(session.execute(rows, {"names": list(names)}).scalars())
    locking = text(f"{rows.text} FOR UPDATE SKIP LOCKED").bindparams(bindparam("names", expanding=True))
    return there - set(session.execute(locking, {"names": list(names)}).scalars())


def still_held(session: WriteSession, lease: HeldLease, *, margin: timedelta = timedelta(0)) -> bool:
    """Whether the lease is ours for at least `margin` more; then nobody else takes it before this unit of work has ended.

    So a process that is stopped between this question and its commit, for however long, writes nothing late: the next holder
    waits for the end of the unit, and the server ends one that is silent (`storage.database.SILENT_FOR`).
    """
    dialect = session.get_bind().dialect.name
    statement = text(
        "SELECT 1 FROM lease WHERE name = :name AND holder = :holder AND fence = :fence "
        f"AND expires_at > {_UNTIL[dialect]}{_KEPT[dialect]}"
    )
    values = {"name": lease.name, "holder": lease.holder, "fence": lease.fence, "seconds": margin.total_seconds()}
    return session.execute(statement, values).scalar_one_or_none() is not None


def release(session: WriteSession, lease: HeldLease) -> None:
    """Give the lease back before its time; nothing happens when it is not ours any more."""
    statement = text(
        f"UPDATE lease SET expires_at = {_NOW[session.get_bind().dialect.name]} "
        "WHERE name = :name AND holder = :holder AND fence = :fence"
    )
    session.execute(statement, {"name": lease.name, "holder": lease.holder, "fence": lease.fence})


def forget_all(session: WriteSession) -> None:
    """End every lease: for a process that knows itself to be the only one (it holds the data directory's lock)."""
    session.execute(text(f"UPDATE lease SET expires_at = {_NOW[session.get_bind().dialect.name]}"))
