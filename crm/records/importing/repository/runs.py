"""Imports and the rows of their files."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices
from crm.records.importing.kinds import Missing, OnKnown
from crm.records.importing.views import Counts, ImportView, RowError, UndoCounts
from parsers.tables.model import TableRow
from storage.bulk import insert_rows
from storage.models import ImportRow, ImportRun, ImportState, RecordType, RowOutcome
from storage.sessions import ReadSession, WriteSession

UNDO_FOR = timedelta(days=30)
"""Rows are kept for so long after an import, and so long it can be undone."""
NOT_THERE = "There is no such import, or it is somebody else's."


def add_run(session: WriteSession, run: ImportRun) -> int:
    """Insert an import; its id."""
    session.add(run)
    session.flush()
    return run.id


def add_rows(session: WriteSession, run_id: int, rows: Sequence[TableRow]) -> None:
    """Keep rows of a file."""
    blank = {"run_id": run_id, "refused_column": "", "refused_because": ""}
    insert_rows(session, ImportRow, [{**blank, "number": row.number, "cells": list(row.cells)} for row in rows])


def run_for_change(session: WriteSession, run_id: int) -> ImportRun:
    """An import that nobody else changes until this unit ends. Raises `NotFound`."""
    held = select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def own_for_change(session: WriteSession, viewer: Viewer, run_id: int) -> ImportRun:
    """The same, for who made it or may oversee. Raises `NotFound`."""
    row = run_for_change(session, run_id)
    if not may_see(viewer, row):
        raise NotFound(NOT_THERE)
    return row


def run_row(session: ReadSession, run_id: int) -> ImportRun | None:
    """An import, for whoever goes on with it."""
    return session.get(ImportRun, run_id)


def run_view(session: ReadSession, viewer: Viewer, run_id: int) -> ImportView:
    """An import that the viewer made, or may oversee. Raises `NotFound`."""
    return view_of(_shown_to(session, viewer, run_id))


def may_see(viewer: Viewer, run: ImportRun) -> bool:
    """Whether it is the viewer's own import; managers and administrators see all."""
    return viewer.may_import_all(run.record_type) and (
        viewer.may_oversee or (viewer.may_write and run.user_id == viewer.user_id)
    )


def run_views(session: ReadSession, viewer: Viewer, limit: int = 20) -> list[ImportView]:
    """The last imports that the viewer may see, newest first."""
    shown = select(ImportRun).where(ImportRun.state != ImportState.READING)
    if not viewer.may_oversee:
        shown = shown.where(ImportRun.user_id == viewer.user_id)
    kinds = [kind for kind in RecordType if viewer.may_import_all(kind)]
    shown = shown.where(ImportRun.record_type.in_(kinds)).order_by(ImportRun.id.desc()).limit(limit)
    return [view_of(row) for row in session.execute(shown).scalars()]


def rows_after(session: ReadSession, viewer: Viewer, run_id: int, number: int, limit: int) -> list[ImportRow]:
    """Rows behind that one, in their order. Raises `NotFound`."""
    _shown_to(session, viewer, run_id)
    statement = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.number > number)
    return list(session.execute(statement.order_by(ImportRow.number).limit(limit)).scalars())


def change_rows(session: WriteSession, changes: list[dict[str, Any]]) -> None:
    """Change rows: each a dict with `id` and the same columns."""
    if changes:
        session.execute(update(ImportRow), changes)


def errors(session: ReadSession, viewer: Viewer, run_id: int, *, after: int = 0, limit: int = 100) -> list[RowError]:
    """Rows that are refused, by number. Raises `NotFound`."""
    run = _shown_to(session, viewer, run_id)
    statement = (
        select(ImportRow.number, ImportRow.refused_column, ImportRow.refused_because)
        .where(*_refused(run), ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(limit)
    )
    return [RowError(*row) for row in session.execute(statement)]


def refused_rows(session: ReadSession, viewer: Viewer, run_id: int, *, after: int, limit: int) -> list[ImportRow]:
    """Rows that are refused, behind that one. Raises `NotFound`."""
    statement = select(ImportRow).where(*_refused(_shown_to(session, viewer, run_id)), ImportRow.number > after)
    return list(session.execute(statement.order_by(ImportRow.number).limit(limit)).scalars())


def _refused(run: ImportRun) -> list[ColumnElement[bool]]:
    """Rows that are refused; of a run that was stopped only those that it came to: the others are the trial's."""
    refused = [ImportRow.run_id == run.id, ImportRow.outcome == RowOutcome.REFUSED]
    return [*refused, ImportRow.number <= run.position] if run.unfinished else refused


def forget_rows(session: WriteSession, run_id: int, limit: int) -> int:
    """Delete some rows; how many."""
    chosen = select(ImportRow.id).where(ImportRow.run_id == run_id).limit(limit)
    statement = delete(ImportRow).where(ImportRow.id.in_(chosen.scalar_subquery())).returning(ImportRow.id)
    return len(session.execute(statement.execution_options(synchronize_session=False)).all())


def forget_run(session: WriteSession, run_id: int) -> None:
    """Delete an import without rows."""
    session.execute(delete(ImportRun).where(ImportRun.id == run_id))


def table_rows(rows: Iterable[ImportRow]) -> list[TableRow]:
    """As they were read of the file."""
    return [TableRow(row.number, tuple(row.cells)) for row in rows]


def _shown_to(session: ReadSession, viewer: Viewer, run_id: int) -> ImportRun:
    row = session.get(ImportRun, run_id)
    if row is None or not may_see(viewer, row):
        raise NotFound(NOT_THERE)
    return row


def view_of(row: ImportRun) -> ImportView:
    """An import as it is shown."""
    undo = {name: row.counts.get(name, 0) for name in UndoCounts.__slots__}
    return ImportView(
        id=row.id,
        record_type=row.record_type,
        file_name=row.file_name,
        kind=row.kind,
        state=row.state,
        user_id=row.user_id,
        header=tuple(row.header),
        fields=tuple(row.fields),
        known=OnKnown(row.known),
        missing=Missing(row.missing),
        responsible_id=row.responsible_id,
        rows=row.rows,
        dealt_with=row.dealt_with,
        counts=counts_of(row.counts),
        trial=None if row.trial is None else counts_of(row.trial),
        undo=UndoCounts(**undo),
        created_at=row.created_at,
        began_at=row.began_at,
        ended_at=row.ended_at,
        undone_at=row.undone_at,
        stopped=row.stopped,
        unfinished=row.unfinished,
        undo_until=row.ended_at + UNDO_FOR if row.ended_at and row.state is ImportState.DONE else None,
    )


def choices_of(row: ImportRun) -> Choices:
    """What was chosen about an import."""
    return Choices(tuple(row.fields), OnKnown(row.known), row.responsible_id, Missing(row.missing))


def counts_of(kept: dict[str, Any]) -> Counts:
    """Numbers as a row keeps them."""
    return Counts(**{name: kept.get(name, 0) for name in Counts.__slots__})
