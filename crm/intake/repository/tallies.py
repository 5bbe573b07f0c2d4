"""What mail of senders has made lately, by hashes: a flood leaves no addresses behind."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from crm.access.notifications import Bell, ring
from crm.intake.batch import Batch
from crm.intake.repository.tables import table_of
from crm.intake.steps.limits import tallied_keys
from crm.intake.tallies import Tally, window_of
from crm.intake.understanding import hashed
from storage.among import among_given
from storage.models import Role, SenderTally, User
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert

_TALLY = table_of(SenderTally).c
_STORED = select(_TALLY.key, _TALLY.began_at, _TALLY.made, _TALLY.waiting, _TALLY.limited).where(
    among_given(_TALLY.key, "keys"), _TALLY.began_at.between(bindparam("first"), bindparam("last"))
)
_COUNTS = ("made", "waiting", "limited")
TITLE = "One sender writes very much: some of their mail makes nothing"


def load_tallies(session: ReadSession, batch: Batch) -> None:
    """Add what is counted for the senders of new mail in the batch. One statement, or none."""
    wanted = {id(item): keys for item in batch.items if (keys := tallied_keys(batch, item))}
    if not wanted:
        return
    names = {hashed(key): key for keys in wanted.values() for key in keys}
    windows = [window_of(item.prepared.internal_date) for item in batch.items if id(item) in wanted]
    given = {"keys": names.keys(), "first": min(windows), "last": max(windows)}
    for key, began_at, made, waiting, limited in session.execute(_STORED, given):
        batch.tallies.stored[(names[key], began_at)] = Tally(made, waiting, limited)


def write_tallies(session: WriteSession, batch: Batch, thread_ids: dict[int, int]) -> None:
    """Add what the batch has counted, and tell of floods that it saw begin. One statement, or none; one more for a flood."""
    rows = [
        {"key": hashed(key), "began_at": began_at, "made": each.made, "waiting": each.waiting, "limited": each.limited}
        for (key, began_at), each in batch.tallies.added.items()
    ]
    if rows:
        statement = upsert(session, SenderTally)
        added = {name: _TALLY[name] + statement.excluded[name] for name in _COUNTS}
        in_order = sorted(rows, key=lambda row: (row["key"], row["began_at"]))
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=["key", "began_at"], set_=added), in_order
        )
    if batch.tallies.floods:
        _tell(session, batch, thread_ids)


def _tell(session: WriteSession, batch: Batch, thread_ids: dict[int, int]) -> None:
    """Administrators, and whose mailbox it is: once a sender and two hours."""
    root = batch.conversations.forest.root
    administrators = session.execute(
        select(User.id).where(User.role == Role.ADMINISTRATOR, User.active.is_(True))
    ).scalars()
    people = sorted({*administrators, *filter(None, [batch.context.owner_id])})
    bells = []
    for (key, began_at), node in batch.tallies.floods.items():
        thread_id = thread_ids.get(root(node), root(node))
        cause = f"flood:{hashed(key)}:{began_at.isoformat()}"
        bells += [Bell(user_id, cause, TITLE, f"/mail/threads/{thread_id}") for user_id in people]
    ring(session, bells)


def forget_tallies(session: WriteSession, before: datetime, limit: int) -> int:
    """Forget some of those whose window began before; how many."""
    some = select(_TALLY.id).where(_TALLY.began_at < before).order_by(_TALLY.began_at).limit(limit)
    ids = list(session.execute(some).scalars())
    if ids:
        statement = delete(SenderTally).where(SenderTally.id.in_(ids))
        session.execute(statement.execution_options(synchronize_session=False))
    return len(ids)
