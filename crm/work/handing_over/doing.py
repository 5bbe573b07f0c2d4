"""Handing over what is a person's, some of it in each unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.clock import utcnow
from core.logging import get_logger
from crm.access.repository import person
from crm.access.viewer import Viewer
from crm.records.bulk import repository as bulk
from crm.records.bulk.editing import AT_ONCE, MOST_TOLD, attempt, tell_of_end
from crm.records.fields.editing import edit_record
from crm.records.handing_over import RESPONSIBLE
from crm.records.repository.standing import keep_records
from crm.records.teams import OneOfMany, read_team
from crm.work.handing_over import repository
from crm.work.handing_over.asking import IN_TURN, Belonging
from crm.work.handing_over.places import hand_over_queues, hand_over_views
from storage.models import BulkEdit, RecordType
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

TASKS_AT_ONCE = 50
NO_RECEIVER = "Who was to get it is not here any more: hand the rest to somebody else."
NO_RIGHT = "Who asked for this does not administer people any more: hand the rest over anew."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What one unit did: how much it looked at, of which so much `changed`, behind which id the next one goes on, and what could
    not be changed; `handed` is how much whom (by id) has to hear of."""

    looked_at: int
    changed: int
    after: int
    refused: tuple[dict[str, Any], ...] = ()
    handed: Mapping[str, int] | None = None


def hand_over_in_job(run: JobRun) -> None:
    """The job: all that is left of it."""
    hand_over_all(run.store, run.args.bulk_edit_id)
    with run.completing():
        pass


def hand_over_all(store: Store, bulk_edit_id: int) -> None:
    """Hand over until nothing is left."""
    _count(store, bulk_edit_id)
    ended = False
    while not ended:
        with store.database.unit_of_work(Urgency.BULK) as session:
            ended = _hand_over_some(session, bulk_edit_id)


def _count(store: Store, bulk_edit_id: int) -> None:
    """How much there is, for the progress that is shown: not in the unit of who asks, for of many it takes a while."""
    with store.database.reading() as session:
        row = session.get(BulkEdit, bulk_edit_id)
        if row is None or row.total:
            return
        counts = repository.count_theirs(session, Viewer.system(), row.wanted["from"])
        total = sum(counts[kind] for kind in row.wanted["left"])
    with store.database.unit_of_work(Urgency.BULK) as session:
        held = bulk.held(session, bulk_edit_id)
        if held is not None:
            held.total = total


def _hand_over_some(session: WriteSession, bulk_edit_id: int) -> bool:
    row = bulk.held(session, bulk_edit_id)
    if row is None or row.ended_at is not None:
        return True
    viewer = bulk.viewer_of(session, row)
    row.stopped = _why_not(session, viewer, row)
    left = row.wanted["left"]
    if left and not row.stopped:
        _note_step(row, _step(session, viewer, row, Belonging(left[0])))
    else:
        row.ended_at = utcnow()
        tell_of_end(session, viewer, row)
        log.info("people.handed_over", bulk_edit_id=row.id, changed=row.changed, refused=row.refused_count)
    return row.ended_at is not None


def _why_not(session: WriteSession, viewer: Viewer, row: BulkEdit) -> str:
    if not (viewer.may_administer and viewer.may_write):
        return NO_RIGHT
    if row.wanted["to"] is None:
        return ""
    receiver = person(session, viewer, row.wanted["to"])
    return "" if receiver is not None and receiver.active else NO_RECEIVER


def _step(session: WriteSession, viewer: Viewer, row: BulkEdit, kind: Belonging) -> Step | None:
    """The next unit of a kind; None where that has come to its end."""
    if kind is Belonging.TASK:
        return _tasks(session, row)
    if kind in (Belonging.QUEUE, Belonging.VIEW):
        hand_over = hand_over_queues if kind is Belonging.QUEUE else hand_over_views
        number = hand_over(session, row) if not row.wanted["after"] else 0
        return Step(number, number, 1) if number else None
    return _records(session, viewer, row, RecordType(kind))


def _records(session: WriteSession, viewer: Viewer, row: BulkEdit, kind: RecordType) -> Step | None:
    wanted, giver = row.wanted, row.wanted["from"]
    keep_records(session)  # Before the records are held, as `edit_record` has it.
    in_turn = wanted["team"] if Belonging(kind) in IN_TURN else None
    many = OneOfMany(session, read_team(in_turn), without=giver)
    some = repository.next_ids(session, kind, giver, wanted["after"], AT_ONCE)
    refused = []
    for record_id in some:

        def do(record_id: int = record_id) -> bool:
            to = many.turn() if in_turn else wanted["to"]
            made = edit_record(session, viewer, (kind, record_id), {RESPONSIBLE: to}, bulk_edit_id=row.id)
            many.done(to)
            return bool(made)

        outcome = attempt(session, row, record_id, do)
        if isinstance(outcome, str):
            many.give_back()
            refused.append({"kind": kind.value, "id": record_id, "why": outcome})
    many.write()
    return Step(len(some), len(some) - len(refused), some[-1], tuple(refused), many.handed) if some else None


def _tasks(session: WriteSession, row: BulkEdit) -> Step | None:
    wanted = row.wanted
    some = repository.next_ids(session, Belonging.TASK, wanted["from"], wanted["after"], TASKS_AT_ONCE)
    if not some:
        return None
    repository.give_tasks(session, some, wanted["to"])
    repository.note(session, row, some, [{"kind": Belonging.TASK.value}])
    return Step(len(some), len(some), some[-1], handed={str(wanted["to"]): len(some)})


def _note_step(row: BulkEdit, step: Step | None) -> None:
    kind = row.wanted["left"][0]
    if step is None:
        row.wanted = {**row.wanted, "left": row.wanted["left"][1:], "after": 0}
        return
    handed = dict(row.wanted["handed"])
    for user_id, number in (step.handed or {}).items():
        so_far = handed.get(user_id, {})
        handed[user_id] = {**so_far, kind: so_far.get(kind, 0) + number}
    row.wanted = {**row.wanted, "after": step.after, "handed": handed}
    row.done += step.looked_at
    row.total = max(row.total, row.done)
    row.changed += step.changed
    row.refused = [*row.refused, *step.refused][:MOST_TOLD]
    row.refused_count += len(step.refused)
