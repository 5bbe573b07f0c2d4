"""A file becomes an import: its rows are kept as they are, with a first guess which column is which field."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import BinaryIO

from core.clock import utcnow
from core.logging import get_logger
from crm.access.viewer import Viewer
from crm.records.importing.choices import OnKnown
from crm.records.importing.fields import CustomFields, Meaning
from crm.records.importing.headings import SAMPLE, guess_mapping
from crm.records.importing.repository import people, runs
from crm.records.importing.repository.runs import UNDO_FOR
from parsers.tables.model import Table, TableRow
from parsers.tables.opening import open_table
from storage import jobs
from storage.jobs import OfImport, enqueue
from storage.models import ImportRun, ImportState
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE, BYTES_AT_ONCE = 400, 400_000
"""Rows of one unit of work: 50 ms on SQLite."""
LONGEST_NAME = 200

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Guessed:
    """A table with the fields that its columns seem to give; its rows are all still to be read."""

    table: Table
    fields: tuple[Meaning, ...]
    rows: Iterator[TableRow]


def read_file(file: BinaryIO, sheet: str, custom: CustomFields) -> Guessed:
    """Begin to read a file. Raises `UsageError` for one that is no list of people."""
    table = open_table(file, sheet)
    sample = list(islice(table.rows, SAMPLE))
    fields = guess_mapping(table.header, [row.cells for row in sample], custom)
    return Guessed(table, tuple(fields), chain(sample, table.rows))


def upload(store: Store, viewer: Viewer, file: BinaryIO, name: str, sheet: str = "") -> int:
    """Keep the rows of a file; the id of the import, which is `ready`. Whoever sells is responsible for whom they bring.

    Raises `Forbidden` for guests, `UsageError` for a file that is no list of people: nothing is kept of it then.
    """
    viewer.require_import()
    with store.database.reading() as session:
        custom = people.custom_fields(session, viewer)
    guessed = read_file(file, sheet, custom)
    with store.database.unit_of_work() as session:
        run_id = runs.add_run(session, _new_run(viewer, guessed, name))
        due = utcnow() + UNDO_FOR
        enqueue(session, jobs.FORGET_IMPORT, OfImport(run_id), key=f"forget-import:{run_id}", due=due)
    try:
        rows = _keep(store, run_id, guessed.rows)
    except BaseException:
        forget(store, run_id)
        raise
    with store.database.unit_of_work() as session:
        run = runs.run_for_change(session, run_id)
        run.rows, run.state = rows, ImportState.READY
    log.info("import.uploaded", run_id=run_id, rows=rows, kind=guessed.table.kind.value)
    return run_id


def forget(store: Store, run_id: int, *, whole: bool = True) -> None:
    """Delete the rows of an import, and itself where it is to go as a `whole`."""
    deleted = AT_ONCE
    while deleted == AT_ONCE:
        with store.database.unit_of_work(Urgency.BULK) as session:
            deleted = runs.forget_rows(session, run_id, AT_ONCE)
            if whole and deleted < AT_ONCE:
                runs.forget_run(session, run_id)


def _new_run(viewer: Viewer, guessed: Guessed, name: str) -> ImportRun:
    return ImportRun(
        user_id=viewer.user_id,
        file_name=" ".join(PurePath(name.replace("\\", "/")).name.split())[:LONGEST_NAME] or "a file",
        kind=guessed.table.kind.value,
        state=ImportState.READING,
        header=list(guessed.table.header),
        fields=list(guessed.fields),
        known=OnKnown.COMPLETE.value,
        responsible_id=None if viewer.may_oversee else viewer.user_id,
        rows=0,
        position=0,
        dealt_with=0,
        counts={},
        created_at=utcnow(),
    )


def _keep(store: Store, run_id: int, rows: Iterator[TableRow]) -> int:
    kept = 0
    for some in _portions(rows):
        with store.database.unit_of_work(Urgency.BULK) as session:
            runs.add_rows(session, run_id, some)
        kept += len(some)
    return kept


def _portions(rows: Iterator[TableRow]) -> Iterator[list[TableRow]]:
    some: list[TableRow] = []
    size = 0
    for row in rows:
        some.append(row)
        size += sum(map(len, row.cells))
        if len(some) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some
