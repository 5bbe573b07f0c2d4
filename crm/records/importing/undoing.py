"""Undoing an import: row by row from the last to the first, so that each finds its contact as it left it.

A contact that the import made goes, unless somebody changed or used it since. Of one that it changed each field goes
back for itself, unless somebody changed that field since. What is kept is counted, and named.
"""

from typing import Any

from core.clock import utcnow
from core.logging import get_logger
from crm.records.channels import EMAIL, PHONE
from crm.records.importing.repository import people, runs, undoing
from crm.records.importing.running import Progress
from crm.records.importing.storing import edit_row
from crm.records.importing.views import ImportView
from storage.models import Contact, ImportRow, ImportState, RowOutcome, Undone
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 40
"""Rows of one unit of work: 50 ms on SQLite."""

log = get_logger(__name__)


def undo_in_job(run: JobRun) -> None:
    """The job: all rows that are left."""
    undo_all(run.store, run.args.run_id)
    with run.completing():
        pass


def undo_all(store: Store, run_id: int, on_progress: Progress = lambda _: None) -> ImportView:
    """Undo row after row until none is left."""
    while True:
        with store.database.unit_of_work(Urgency.BULK) as session:
            view = _step(session, run_id)
        if view.state is not ImportState.UNDOING:
            return view
        on_progress(view)


def _step(session: WriteSession, run_id: int) -> ImportView:
    run = runs.run_for_change(session, run_id)
    if run.state is not ImportState.UNDOING:
        return runs.view_of(run)
    rows = undoing.rows_before(session, run_id, run.position, AT_ONCE)
    contacts = undoing.contacts_for_change(session, {row.contact_id for row in rows if row.contact_id})
    channels = undoing.channels_of(session, contacts)
    used = undoing.used(session, {row.contact_id for row in rows if row.outcome is RowOutcome.NEW and row.contact_id})
    history: list[dict[str, Any]] = []
    for row in rows:
        before = dict(channels.get(row.contact_id or 0, {}))
        contact = contacts.get(row.contact_id or 0)
        changes = _undo(session, row, contact, channels, is_used=row.contact_id in used)
        changes |= _channel_changes(before, channels.get(row.contact_id or 0, {}))
        if contact is not None and changes:
            history.append(edit_row(contact.id, changes, run.user_id))
    session.flush()
    people.add_history(session, history)
    undoing.remove_companies(session, {row.company_id for row in rows if row.company_id}, utcnow())
    if rows:
        run.dealt_with += undoing.count_between(session, run_id, rows[-1].number, run.position)
        run.position = rows[-1].number
    else:
        run.counts = {**run.counts, **undoing.counts(session, run_id)}
        run.state, run.undone_at, run.dealt_with = ImportState.UNDONE, utcnow(), run.rows
        log.info("import.undone", run_id=run_id)
    session.flush()
    return runs.view_of(run)


Changes = dict[str, list[Any]]
Channels = dict[int, dict[tuple[str, str], str]]


def _undo(
    session: WriteSession, row: ImportRow, contact: Contact | None, channels: Channels, *, is_used: bool
) -> Changes:
    """Take back what one row did; which fields it put back. A contact that is gone already needs nothing."""
    if contact is None or row.changes is None:
        row.undone = None if row.changes is None else Undone.UNDONE
    elif row.outcome is RowOutcome.NEW:
        row.undone = _remove(contact, row.changes, channels.get(contact.id, {}), is_used=is_used)
    else:
        fields = _fields_to_put_back(contact, row.changes)
        row.undone = _put_back(session, contact, row.changes, channels.setdefault(contact.id, {}))
        return fields
    return {}


def _remove(contact: Contact, made: dict[str, Any], channels: dict[tuple[str, str], str], *, is_used: bool) -> Undone:
    given = {(kind, key): value for kind, key, value in made["channels"]}
    as_made = all(getattr(contact, name) == after for name, (_, after) in made["fields"].items())
    if is_used or not as_made or channels != given:
        return Undone.KEPT
    contact.deleted_at = utcnow()
    return Undone.UNDONE


def _fields_to_put_back(contact: Contact, changes: dict[str, Any]) -> Changes:
    """Those that stand as the import left them."""
    return {
        name: [after, before]
        for name, (before, after) in changes["fields"].items()
        if getattr(contact, name) == after != before
    }


def _channel_changes(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> Changes:
    """Addresses and phones as the history of a contact tells them."""
    changes: Changes = {}
    for name, wanted in (("emails", EMAIL), ("phones", PHONE)):
        lists = [[value for (kind, _), value in channels.items() if kind == wanted] for channels in (before, after)]
        if lists[0] != lists[1]:
            changes[name] = lists
    return changes


def _put_back(
    session: WriteSession, contact: Contact, changes: dict[str, Any], channels: dict[tuple[str, str], str]
) -> Undone:
    kept = False
    for name, (before, after) in changes["fields"].items():
        if getattr(contact, name) == after:
            setattr(contact, name, before)
        elif getattr(contact, name) != before:
            kept = True
    for kind, key, value in changes["channels"]:
        if channels.get((kind, key)) == value:
            undoing.remove_channel(session, contact.id, kind, key)
            del channels[kind, key]
        elif (kind, key) in channels:
            kept = True
    return Undone.KEPT if kept else Undone.UNDONE
