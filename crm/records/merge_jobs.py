"""What a merge, or its undoing, leaves to a job: long timelines, some thousand rows a unit of work.

Each merge moves only when the earlier ones of its records have moved all, and gives back only when the later ones have given
all back: so each gives back exactly what it moved, whenever the jobs run.
"""

from typing import Any

from core.clock import utcnow
from core.logging import get_logger
from crm.access.viewer import Viewer
from crm.records.gone import KEPT_FOR
from crm.records.repository import merges, moving, writing
from crm.records.repository.standing import change_records_alone
from storage.models import Activity, ActivityKind, MergePart, RecordMerge, RecordType
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

LONGEST_TITLE = 300
FORGOTTEN_AT_ONCE = 20
NOT_MOVED = (
    "Not all that stood on the merged records came along: it failed again and again, which is in the log. "
    "Take them apart in Settings, Recycle bin, and merge them again."
)
NOT_GIVEN_BACK = (
    "Not all was given back when a merge was taken apart: it failed again and again, which is in the log. "
    "Take it apart once more in Settings, Recycle bin, for the rest."
)

log = get_logger(__name__)


def finish_in_job(run: JobRun) -> None:
    """The job: what one unit was too short for."""
    finish_merge(run.store, run.args.merge_id)
    with run.completing():
        pass


def leave_in_job(run: JobRun) -> None:
    """The job that is asked for when that one was given up: it is said where merges are listed, and on the survivor."""
    with run.completing() as session:
        row = merges.merge_for_change(session, run.args.merge_id)
        if row is None:
            return
        undone = row.undone_at is not None
        row.stopped = NOT_GIVEN_BACK if undone else NOT_MOVED
        survivor = merges.records_for_change(session, row.record_type, [row.survivor_id]).get(row.survivor_id)
        if survivor is not None:
            tell(session, Viewer.system(), row.record_type, survivor, row.stopped)
        log.warning("records.merge_given_up", merge_id=row.id, undone=undone)


def finish_merge(store: Store, merge_id: int) -> None:
    """Move all that still names one of the others, or give back all that is left. May be done again."""
    more = True
    while more:
        with store.database.unit_of_work(Urgency.BULK) as session:
            more = _finish_some(session, merge_id)


def forget_old_merges(store: Store) -> None:
    """Forget what moved in merges that can not be taken back any more."""
    gone = FORGOTTEN_AT_ONCE
    while gone == FORGOTTEN_AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            gone = merges.forget_merges(session, utcnow() - KEPT_FOR, FORGOTTEN_AT_ONCE)


def _finish_some(session: WriteSession, merge_id: int) -> bool:
    change_records_alone(session)
    row = merges.merge_for_change(session, merge_id)
    if row is None:
        return False
    if row.undone_at is not None:
        return give_some_back(session, row)
    earlier = merges.unfinished(session, row.record_type, [row.survivor_id, *row.others], before=row.id)
    if earlier:
        _finish_some(session, earlier[0])
        return True
    by_id = merges.records_for_change(session, row.record_type, row.others)
    gone = [other for other, found in by_id.items() if found.merged_into_id is not None]
    moving.move_at_once(session, merge_id, row.record_type, gone, row.survivor_id)
    if moving.move_some(session, merge_id, row.record_type, gone, row.survivor_id):
        return True
    row.moved_at, row.stopped = row.moved_at or utcnow(), ""
    # What was put on one of them in the very moment goes on to whoever has the survivor by now.
    further = merges.that_took(session, row)
    return further is not None and _finish_some(session, further)


def give_some_back(session: WriteSession, row: RecordMerge) -> bool:
    """Give back so many rows as one unit may; whether there may be more.

    Who led here and how they are reached goes back at once, the rest behind what later merges of the survivor give back.
    """
    parts = moving.parts_of(session, row.id)
    at_once = [part for part in parts if moving.goes_at_once(part)]
    for part in at_once:
        _give_part_back(session, row, part)
    for later in merges.undone_later(session, row):
        give_some_back(session, later)
        return True
    given = 0
    for part in parts[len(at_once) :]:
        rows = len(part.moved) + len(part.dropped)
        if given and given + rows > moving.AT_ONCE:
            return True
        _give_part_back(session, row, part)
        given += rows
    row.stopped = ""
    return False


def _give_part_back(session: WriteSession, row: RecordMerge, part: MergePart) -> None:
    moving.give_back(session, row.record_type, row.survivor_id, part)
    session.delete(part)
    session.flush()


def tell(session: WriteSession, viewer: Viewer, kind: RecordType, row: Any, title: str) -> None:
    """Put an entry of a merge on a record's timeline."""
    now = utcnow()
    entry = Activity(
        kind=ActivityKind.MERGED,
        title=title[:LONGEST_TITLE],
        at=now,
        created_at=now,
        author_id=viewer.user_id,
        responsible_id=row.responsible_id,
        completed_at=now,
    )
    writing.bind(session, writing.add(session, entry), [(kind, row.id)])
