"""Undoing an import: row by row from the last to the first, so that each finds its contact as it left it.

A contact that the import made goes, unless somebody changed or used it since. Of one that it changed each field goes
back for itself, unless somebody changed that field since. What is kept is counted, and named. Somebody who was merged into
another since is kept there, and a company that became another one is looked for there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.clock import utcnow
from core.logging import get_logger
from crm.records.channels import EMAIL, PHONE
from crm.records.fields.values import Value, is_empty
from crm.records.importing.repository import people, runs, undoing
from crm.records.importing.running import Progress
from crm.records.importing.storing import edit_row
from crm.records.importing.values import ChannelKey
from crm.records.importing.views import ImportView
from crm.records.repository.fields import custom_values
from crm.records.repository.standing import keep_records
from storage.models import Contact, ImportRow, ImportState, RecordType, RowOutcome, Undone
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 40
"""Rows of one unit of work: 50 ms on SQLite."""

COMPANY = "company_id"
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
    """A contact as it stands now, its channels and custom fields beside it."""

    contact: Contact
    channels: dict[ChannelKey, str]
    custom: dict[str, Value]
    """Also of fields that were removed: they may be restored."""
    companies: Mapping[int, int]
    """What became of companies that the import's rows name (`repository.undoing.what_became_of`)."""

    def value(self, name: str) -> Any:
        """What stands in a field, a custom one too."""
        return self.custom.get(name) if people.field_id_of(name) is not None else getattr(self.contact, name)

    def stands_as(self, name: str, value: Any) -> bool:
        """Whether that stands in a field; a company as what it became."""
        now = self.value(name)
        return now == value or (name == COMPANY and value is not None and now == self.companies.get(value))

    def put(self, session: WriteSession, name: str, value: Any) -> None:
        """Write a field."""
        if people.field_id_of(name) is None:
            setattr(self.contact, name, value)
            return
        people.put_custom(session, self.contact.id, name, value)
        self.custom[name] = value


def _step(session: WriteSession, run_id: int) -> ImportView:
    keep_records(session)
    run = runs.run_for_change(session, run_id)
    if run.state is not ImportState.UNDOING:
        return runs.view_of(run)
    rows = undoing.rows_before(session, run_id, run.position, AT_ONCE)
    _undo_rows(session, rows, run.user_id)
    if rows:
        run.dealt_with += undoing.count_between(session, run_id, rows[-1].number, run.position)
        run.position = rows[-1].number
    else:
        run.counts = {**run.counts, **undoing.counts(session, run_id)}
        run.state, run.undone_at, run.dealt_with = ImportState.UNDONE, utcnow(), run.rows
        log.info("import.undone", run_id=run_id)
    session.flush()
    return runs.view_of(run)


def _undo_rows(session: WriteSession, rows: list[ImportRow], user_id: int | None) -> None:
    contacts = undoing.contacts_for_change(session, {row.contact_id for row in rows if row.contact_id})
    channels = undoing.channels_of(session, contacts)
    custom = custom_values(session, RecordType.CONTACT, sorted(contacts), with_removed=True)
    companies = undoing.what_became_of(session, _companies_in(rows))
    standing = {
        contact_id: _Standing(contact, channels.get(contact_id, {}), custom.get(contact_id, {}), companies)
        for contact_id, contact in contacts.items()
    }
    merged = undoing.merged(session, {row.contact_id for row in rows if row.contact_id} - standing.keys())
    used = undoing.used(session, {row.contact_id for row in rows if row.outcome is RowOutcome.NEW and row.contact_id})
    history: list[dict[str, Any]] = []
    for row in rows:
        contact = standing.get(row.contact_id or 0)
        if contact is None or row.changes is None:  # Somebody else removed or merged it, or the row changed nothing.
            row.undone = Undone.KEPT if row.changes is not None and row.contact_id in merged else None
        elif row.outcome is RowOutcome.NEW:
            row.undone = _remove(contact, row.changes, is_used=row.contact_id in used)
        else:
            row.undone, changes = _put_back(session, contact, row.changes)
            history += [edit_row(contact.contact.id, changes, user_id)] if changes else []
    session.flush()
    people.add_history(session, history)
    undoing.remove_companies(session, {row.company_id for row in rows if row.company_id}, utcnow())


def _companies_in(rows: Sequence[ImportRow]) -> set[int]:
    """Those that stood in contacts before or after."""
    told = (row.changes["fields"].get(COMPANY, ()) for row in rows if row.changes is not None)
    return {company_id for pair in told for company_id in pair if company_id is not None}


def _remove(standing: _Standing, made: dict[str, Any], *, is_used: bool) -> Undone:
    """Remove a contact that stands as it was made."""
    given = {(kind, key): value for kind, key, value in made["channels"]}
    as_made = all(standing.stands_as(name, after) for name, (_, after) in made["fields"].items())
    filled_in_since = {key for key, value in standing.custom.items() if not is_empty(value)} - made["fields"].keys()
    if is_used or not as_made or filled_in_since or standing.channels != given:
        return Undone.KEPT
    standing.contact.deleted_at = utcnow()
    return Undone.UNDONE


def _put_back(session: WriteSession, standing: _Standing, done: dict[str, Any]) -> tuple[Undone, Changes]:
    """Put back each field that stands as the import left it, and take away what it gave; how the history tells that."""
    kept, changes = False, Changes()
    for name, (before, after) in done["fields"].items():
        now = standing.value(name)
        if before != after and standing.stands_as(name, after):
            if name == COMPANY and before is not None:
                if before not in standing.companies:  # It was deleted since.
                    kept = True
                    continue
                before = standing.companies[before]
            standing.put(session, name, before)
            changes[name] = [now, before]
        elif not standing.stands_as(name, before) and not (is_empty(now) and is_empty(before)):
            kept = True
    had = dict(standing.channels)
    for kind, key, value in done["channels"]:
        if standing.channels.get((kind, key)) == value:
            undoing.remove_channel(session, standing.contact.id, kind, key)
            del standing.channels[kind, key]
        elif (kind, key) in standing.channels:
            kept = True
    return Undone.KEPT if kept else Undone.UNDONE, changes | _channel_changes(had, standing.channels)


def _channel_changes(before: dict[ChannelKey, str], after: dict[ChannelKey, str]) -> Changes:
    """Addresses and phones as the history of a contact tells them."""
    changes = Changes()
    for name, wanted in (("emails", EMAIL), ("phones", PHONE)):
        lists = [[value for (kind, _), value in channels.items() if kind == wanted] for channels in (before, after)]
        if lists[0] != lists[1]:
            changes[name] = lists
    return changes
