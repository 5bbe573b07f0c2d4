"""Thread rows: held while a batch joins them, merged, counted; and which of their mail was answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from crm.intake.batch import CORRESPONDENCE, Batch, Letter
from crm.intake.repository.tables import insert_rows, table_of, update_rows
from crm.intake.steps.answers import Answer, Waiting, completed_by
from crm.intake.threads import Forest
from storage.among import among
from storage.models import Activity, Direction, Message, MessageAddress, Row, Thread, ThreadBinding, ThreadCut
from storage.sessions import WriteSession

_NAMED_BY: tuple[tuple[type[Row], str], ...] = (
    (ThreadCut, "one_id"),
    (ThreadCut, "other_id"),
    (ThreadBinding, "thread_id"),
)
"""What was decided by hand about a thread goes on for the one that it was joined into."""


@dataclass(slots=True)
class _Sum:
    """What a thread row says."""

    subject: str
    first_at: datetime
    last_at: datetime
    count: int

    def add(self, subject: str, first_at: datetime, last_at: datetime, count: int) -> None:
        """Count further messages; the earliest one gives the subject."""
        if first_at < self.first_at:
            self.subject, self.first_at = subject, first_at
        self.last_at = max(self.last_at, last_at)
        self.count += count


def hold_threads(session: WriteSession, forest: Forest, thread_ids: Collection[int]) -> set[int]:
    """On PostgreSQL keep these threads to ourselves; one that was just joined into another is followed there.

    Returns them all, with those followed.
    """
    waiting = set(thread_ids) if session.on_postgresql else set()
    held: set[int] = set()
    while waiting:
        columns = select(Thread.id, Thread.merged_into_id).where(among(Thread.id, waiting))
        rows = session.execute(columns.order_by(Thread.id).with_for_update()).all()
        held |= waiting
        for thread_id, merged_into_id in rows:
            if merged_into_id is not None:
                forest.join(thread_id, merged_into_id)
        waiting = {merged for _, merged in rows if merged is not None} - held
    return held | set(thread_ids)


def load_cuts(session: WriteSession, forest: Forest, thread_ids: Collection[int]) -> None:
    """Keep apart what somebody has split, of the threads that this batch may join."""
    if not thread_ids:
        return
    either = or_(among(ThreadCut.one_id, thread_ids), among(ThreadCut.other_id, thread_ids))
    for one_id, other_id in session.execute(select(ThreadCut.one_id, ThreadCut.other_id).where(either)):
        forest.keep_apart(one_id, other_id)


def write_threads(session: WriteSession, batch: Batch) -> dict[int, int]:
    """Make new threads, merge joined ones, keep counts right. Root node to thread id, for all roots of this batch."""
    forest = batch.conversations.forest
    fresh: dict[int, list[Letter]] = {}
    for letter in batch.letters.values():
        if letter.fresh:
            fresh.setdefault(forest.root(letter.voice.node), []).append(letter)
    absorbed = {root: [node for node in nodes if node > 0] for root, nodes in forest.members().items()}
    touched = {root for root in (*fresh, *(root for root, nodes in absorbed.items() if nodes)) if root > 0}
    stored = _sums(session, touched | {node for nodes in absorbed.values() for node in nodes})
    thread_ids: dict[int, int] = {}
    rows = []
    for root, letters in fresh.items():
        if root < 0:
            thread_ids[root] = batch.ids.next(Thread)
            rows.append({"id": thread_ids[root], "merged_into_id": None, **_row(_summed(None, letters, []))})
    insert_rows(session, Thread, rows)
    changes = []
    for root in sorted(touched & stored.keys()):
        gone = [stored[node] for node in absorbed.get(root, ()) if node in stored]
        changes.append({"key": root, **_row(_summed(stored[root], fresh.get(root, []), gone))})
    update_rows(session, Thread, changes)
    _merge(session, {node: root for root, nodes in absorbed.items() if root > 0 for node in nodes})
    return thread_ids


def complete_answered(session: WriteSession, batch: Batch, thread_ids: dict[int, int]) -> None:
    """Complete waiting mail of the threads that this batch changed, where a mail of ours came after it.

    What is completed already may turn out to have been answered earlier: mail of ours does not come in the order of its dates.
    """
    threads = _perhaps_answered(batch, thread_ids)
    if not threads:
        return
    mails = select(Activity.id, Activity.message_id, Activity.thread_id, Activity.at, Activity.completed_at).where(
        among(Activity.thread_id, threads), Activity.direction == Direction.INCOMING, Activity.deadline.is_not(None)
    )
    waiting = session.execute(mails).all()
    if not waiting:
        return
    ours = select(Message.id, Message.thread_id, Message.date).where(
        among(Message.thread_id, {mail.thread_id for mail in waiting}),
        Message.direction == Direction.OUTGOING,
        Message.kind.in_([kind.value for kind in CORRESPONDENCE]),
    )
    answers = session.execute(ours).all()
    if not answers:
        return
    people = _people(session, batch, {mail.message_id for mail in waiting} | {answer.id for answer in answers})
    completed = completed_by(
        [Waiting(mail.id, mail.thread_id, mail.at, mail.completed_at, people[mail.message_id]) for mail in waiting],
        [Answer(answer.thread_id, answer.date, people[answer.id]) for answer in answers],
    )
    update_rows(session, Activity, [{"key": key, "completed_at": at} for key, at in completed.items()])


def _people(session: WriteSession, batch: Batch, message_ids: set[int]) -> dict[int, frozenset[str]]:
    """Addresses and organisations outside that take part in these messages."""
    found: dict[int, set[str]] = {message_id: set() for message_id in message_ids}
    named = select(MessageAddress.message_id, MessageAddress.key).where(among(MessageAddress.message_id, message_ids))
    for message_id, key in session.execute(named):
        if not batch.context.is_ours(key):
            found[message_id].update(filter(None, (key, batch.context.organisation(key))))
    return {message_id: frozenset(people) for message_id, people in found.items()}


def _perhaps_answered(batch: Batch, thread_ids: dict[int, int]) -> set[int]:
    """Threads with new waiting mail and an answer that may be stored, or the other way round."""
    forest = batch.conversations.forest
    waiting = {forest.root(entry.letter.voice.node) for entry in batch.entries if entry.deadline is not None}
    waiting |= {forest.root(item.letter.voice.node) for item in batch.items if item.letter.id in batch.late_deadlines}
    answers = {
        forest.root(item.letter.voice.node)
        for item in batch.items
        if item.letter.direction is Direction.OUTGOING and not item.kept_out
    }
    joined = {root for root, nodes in forest.members().items() if any(node > 0 for node in nodes)}
    stored = {root for root in waiting | answers | joined if root > 0}
    return stored | {thread_ids[root] for root in waiting & answers if root in thread_ids}


def _sums(session: WriteSession, thread_ids: Collection[int]) -> dict[int, _Sum]:
    if not thread_ids:
        return {}
    columns = (Thread.id, Thread.subject, Thread.first_at, Thread.last_at, Thread.message_count)
    rows = session.execute(select(*columns).where(among(Thread.id, thread_ids)))
    return {row.id: _Sum(row.subject, row.first_at, row.last_at, row.message_count) for row in rows}


def _summed(base: _Sum | None, letters: Iterable[Letter], others: Iterable[_Sum]) -> _Sum:
    total = base
    parts = [_Sum(letter.subject, letter.voice.date, letter.voice.date, 1) for letter in letters]
    for part in (*parts, *others):
        if total is None:
            total = part
        else:
            total.add(part.subject, part.first_at, part.last_at, part.count)
    if total is None:
        raise AssertionError("A thread has messages.")
    return total


def _row(total: _Sum) -> dict[str, Any]:
    return {
        "subject": total.subject,
        "first_at": total.first_at,
        "last_at": total.last_at,
        "message_count": total.count,
    }


def _merge(session: WriteSession, merged: dict[int, int]) -> None:
    """Move messages and activities to the surviving threads; the others stay as signposts to them."""
    rows = [{"gone": gone, "kept": kept} for gone, kept in sorted(merged.items())]
    if not rows:
        return
    connection = session.connection()
    for table in (table_of(Message), table_of(Activity)):
        statement = table.update().where(table.c.thread_id == bindparam("gone")).values(thread_id=bindparam("kept"))
        connection.execute(statement, rows)
    for naming, name in _NAMED_BY:
        column = table_of(naming).c[name]
        renamed = column.table.update().where(column == bindparam("gone")).values({name: bindparam("kept")})
        connection.execute(renamed, rows)
    table = table_of(Thread)
    pointing = (
        table.update().where(table.c.merged_into_id == bindparam("gone")).values(merged_into_id=bindparam("kept"))
    )
    connection.execute(pointing, rows)
    gone = table.update().where(table.c.id == bindparam("gone"))
    connection.execute(gone.values(merged_into_id=bindparam("kept"), message_count=0), rows)
