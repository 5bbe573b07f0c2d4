"""Undoing an import: row by row from the last to the first, so that each finds its record as it left it.

A record that the import made goes, unless somebody changed or used it since. Of one that it changed each field goes
back for itself, unless somebody changed that field since. What is kept is counted, and named. What was merged into
another since is kept there, and a company or contact that became another one is looked for there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.clock import utcnow
from core.logging import get_logger
from crm.access.viewer import Viewer
from crm.records.channels import EMAIL, PHONE
from crm.records.fields.values import Value, is_empty
from crm.records.importing.clients import COMPANY, CONTACT
from crm.records.importing.kinds import KINDS
from crm.records.importing.repository import knowing, records, runs, undoing
from crm.records.importing.running import Progress
from crm.records.importing.stages import Stages
from crm.records.importing.standing import STAGE, moved_columns, note_move
from crm.records.importing.storing import edit_row
from crm.records.importing.values import ChannelKey
from crm.records.importing.views import ImportView
from crm.records.merge_fields import going_back
from crm.records.repository.fields import RecordRow, custom_values
from crm.records.repository.standing import keep_records
from storage.models import ImportRow, ImportState, RecordType, RowOutcome, Undone
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 40
"""Rows of one unit of work: 50 ms on SQLite."""

SYSTEM = Viewer.system()
NAMES = {COMPANY: RecordType.COMPANY, CONTACT: RecordType.CONTACT}
Became = Mapping[str, Mapping[int, int]]
"""By column: companies or contacts that are there, each as itself or as that one which it was merged into."""
Changes = dict[str, list[Any]]
"""By name of the field: before and after."""

log = get_logger(__name__)


def undo_in_job(run: JobRun) -> None:
    """The job: all rows that are left."""
    undo_all(run.store, run.args.run_id)
    with run.completing():
        pass


def undo_all(store: Store, run_id: int, on_progress: Progress = lambda _: None) -> ImportView:
    """Undo row after row until none is left."""
    while (view := undo_some(store, run_id)).state is ImportState.UNDOING:
        on_progress(view)
    return view


def undo_some(store: Store, run_id: int) -> ImportView:
    """The next rows, if there are any to undo."""
    with store.database.unit_of_work(Urgency.BULK) as session:
        return _step(session, run_id)


@dataclass(slots=True)
class _Standing:
    """A record as it stands now, its channels and custom fields beside it."""

    kind: RecordType
    record: RecordRow
    channels: dict[ChannelKey, str]
    custom: dict[str, Value]
    """Also of fields that were removed: they may be restored."""
    became: Became
    """What became of companies and contacts that the import's rows name."""
    stages: Stages

    def value(self, name: str) -> Any:
        """What stands in a field, a custom one too."""
        if records.field_id_of(name) is not None:
            return self.custom.get(name)
        value = getattr(self.record, name)
        return value.isoformat() if isinstance(value, date) else value

    def stands_as(self, name: str, value: Any) -> bool:
        """Whether that stands in a field; a company or contact as what it became."""
        now = self.value(name)
        return now == value or (value is not None and name in self.became and now == self.became[name].get(value))

    def can_take(self, name: str, value: Any) -> bool:
        """Whether that is still there which stood in a field."""
        return value is None or (name not in self.became and name != STAGE) or self.now(name, value) is not None

    def now(self, name: str, value: Any) -> Any:
        """That which stood in a field, as what it became."""
        if name == STAGE:
            return value if value in self.stages.by_id else None
        return self.became[name].get(value) if name in self.became and value is not None else value

    def put(self, session: WriteSession, name: str, value: Any) -> None:
        """Write a field."""
        if records.field_id_of(name) is None:
            values = {name: records.as_column(name, value)}
            for column, given in (values | moved_columns(self.kind, {name: value}, self.stages, utcnow())).items():
                setattr(self.record, column, given)
            return
        records.put_custom(session, self.record.id, name, value)
        self.custom[name] = value


def _step(session: WriteSession, run_id: int) -> ImportView:
    keep_records(session)
    run = runs.run_for_change(session, run_id)
    if run.state is not ImportState.UNDOING:
        return runs.view_of(run)
    rows = undoing.rows_before(session, run_id, run.position, AT_ONCE)
    _undo_rows(session, run.record_type, rows, run.user_id)
    if rows:
        run.dealt_with += undoing.count_between(session, run_id, rows[-1].number, run.position)
        run.position = rows[-1].number
    else:
        run.counts = {**run.counts, **undoing.counts(session, run)}
        run.state, run.undone_at, run.dealt_with = ImportState.UNDONE, utcnow(), run.rows
        log.info("import.undone", run_id=run_id)
    session.flush()
    return runs.view_of(run)


def _undo_rows(session: WriteSession, kind: RecordType, rows: list[ImportRow], user_id: int | None) -> None:
    ids = {row.record_id for row in rows if row.record_id}
    standing = _standing(session, kind, rows, ids)
    merged = undoing.merged(session, kind, ids - standing.keys())
    new = {row.record_id for row in rows if row.outcome is RowOutcome.NEW and row.record_id}
    used = undoing.used(session, kind, new)
    history: list[dict[str, Any]] = []
    for row in rows:
        record = standing.get(row.record_id or 0)
        if record is None or row.changes is None:  # Somebody else removed or merged it, or the row changed nothing.
            row.undone = Undone.KEPT if row.changes is not None and row.record_id in merged else None
        elif row.outcome is RowOutcome.NEW:
            row.undone = _remove(record, row.changes, is_used=row.record_id in used)
        else:
            row.undone, changes = _put_back(session, record, row.changes)
            if STAGE in changes:
                note_move(session, record.record, changes.pop(STAGE), record.stages, user_id)
            history += [edit_row(kind, record.record.id, changes, user_id)] if changes else []
    session.flush()
    records.add_history(session, history)
    now = utcnow()
    undoing.remove_contacts(session, {row.contact_id for row in rows if row.contact_id}, now)
    undoing.remove_companies(session, {row.company_id for row in rows if row.company_id}, now)


def _standing(
    session: WriteSession, kind: RecordType, rows: Sequence[ImportRow], ids: set[int]
) -> dict[int, _Standing]:
    there = undoing.records_for_change(session, kind, ids)
    channels = undoing.channels_of(session, kind, there)
    custom = custom_values(session, kind, sorted(there), with_removed=True)
    stages = knowing.stages_of(session, SYSTEM, kind)
    columns = KINDS[kind].columns.keys() & {COMPANY, CONTACT}
    became = {name: undoing.what_became_of(session, NAMES[name], _named_in(rows, name)) for name in columns}
    return {
        record_id: _Standing(kind, record, channels.get(record_id, {}), custom.get(record_id, {}), became, stages)
        for record_id, record in there.items()
    }


def _named_in(rows: Sequence[ImportRow], column: str) -> set[int]:
    """Companies or contacts that stood in records before or after."""
    told = (row.changes["fields"].get(column, ()) for row in rows if row.changes is not None)
    return {number for pair in told for number in pair if number is not None}


def _remove(standing: _Standing, made: dict[str, Any], *, is_used: bool) -> Undone:
    """Remove a record that stands as it was made."""
    given = {(kind, key): value for kind, key, value in made["channels"]}
    as_made = all(standing.stands_as(name, after) for name, (_, after) in made["fields"].items())
    filled_in_since = {key for key, value in standing.custom.items() if not is_empty(value)} - made["fields"].keys()
    if is_used or not as_made or filled_in_since or _values(standing.channels) != _values(given):
        return Undone.KEPT
    standing.record.deleted_at = utcnow()
    return Undone.UNDONE


def _values(channels: Mapping[ChannelKey, str]) -> set[tuple[str, str]]:
    """What is written: the key of a phone may have got its country's code since."""
    return {(kind, value) for (kind, _), value in channels.items()}


def _put_back(session: WriteSession, standing: _Standing, done: dict[str, Any]) -> tuple[Undone, Changes]:
    """Put back each field that stands as the import left it, and take away what it gave; how the history tells that."""
    kept, changes = False, Changes()
    back = going_back(done["fields"], lambda name: standing.stands_as(name, done["fields"][name][1]))
    for name, (before, after) in done["fields"].items():
        now = standing.value(name)
        if before != after and name in back:
            if not standing.can_take(name, before):  # It was deleted since.
                kept = True
                continue
            before = standing.now(name, before)
            standing.put(session, name, before)
            changes[name] = [now, before]
        elif not standing.stands_as(name, before) and not (is_empty(now) and is_empty(before)):
            kept = True
    had = dict(standing.channels)
    for kind, key, value in done["channels"]:
        written = {(each, text): (each, now) for (each, now), text in standing.channels.items()}
        if found := written.get((kind, value)):
            undoing.remove_channel(session, standing.kind, standing.record.id, *found)
            del standing.channels[found]
        elif (kind, key) in standing.channels:
            kept = True
    return Undone.KEPT if kept else Undone.UNDONE, changes | _channel_changes(had, standing.channels)


def _channel_changes(before: dict[ChannelKey, str], after: dict[ChannelKey, str]) -> Changes:
    """Addresses and phones as the history of a record tells them."""
    changes = Changes()
    for name, wanted in (("emails", EMAIL), ("phones", PHONE)):
        lists = [[value for (kind, _), value in channels.items() if kind == wanted] for channels in (before, after)]
        if lists[0] != lists[1]:
            changes[name] = lists
    return changes
