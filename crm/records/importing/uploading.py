"""A file becomes an import: its rows are kept as they are, with a first guess which column is which field."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import BinaryIO

from core.clock import utcnow
from core.errors import Conflict, UsageError
from core.logging import get_logger
from crm.access.viewer import Viewer
from crm.records.importing.fields import CustomFields, Meaning
from crm.records.importing.headings import SAMPLE, guess_mapping
from crm.records.importing.kinds import CONTACTS, KINDS, Kind, Missing, OnKnown
from crm.records.importing.repository import knowing, runs
from crm.records.importing.repository.runs import UNDO_FOR
from crm.records.modes import read_mode
from crm.records.pipelines import ensure_defaults
from parsers.tables.model import Table, TableKind, TableRow
from parsers.tables.opening import open_table
from storage import jobs
from storage.jobs import OfImport, enqueue
from storage.models import ImportRun, ImportState, RecordType
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE, BYTES_AT_ONCE = 400, 400_000
"""Rows of one unit of work: 50 ms on SQLite."""
LONGEST_NAME = 200
OF_CARDS = (RecordType.CONTACT, RecordType.LEAD)
NO_CARDS = "vCards hold people: import them as contacts, and {} from a CSV or XLSX file."
LEADS_IN_CLASSIC = "There are no leads in Simple mode: import deals, or switch to Classic in Settings, CRM mode."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Guessed:
    """A table with the fields that its columns seem to give; its rows are all still to be read."""

    table: Table
    fields: tuple[Meaning, ...]
    rows: Iterator[TableRow]


def read_file(file: BinaryIO, sheet: str, custom: CustomFields, kind: Kind = CONTACTS) -> Guessed:
    """Begin to read a file. Raises `UsageError` for one that is no list, and for cards of people who are to be things."""
    table = open_table(file, sheet)
    if table.kind is TableKind.VCARD and kind.type not in OF_CARDS:
        raise UsageError(NO_CARDS.format(kind.words[1]))
    sample = list(islice(table.rows, SAMPLE))
    fields = guess_mapping(table.header, [row.cells for row in sample], custom, kind)
    return Guessed(table, tuple(fields), chain(sample, table.rows))


def upload(
    store: Store,
    viewer: Viewer,
    file: BinaryIO,
    name: str,
    sheet: str = "",
    record_type: RecordType = RecordType.CONTACT,
) -> int:
    """Keep the rows of a file; the id of the import, which is `ready`. Whoever sells is responsible for what they bring.

    Raises `Forbidden` for guests, `Conflict` for leads in Simple mode, and `UsageError` for a file that is no list: nothing is
    kept of it then.
    """
    viewer.require_import(record_type)
    begin(store, record_type)
    with store.database.reading() as session:
        custom = knowing.custom_fields(session, viewer, record_type)
    guessed = read_file(file, sheet, custom, KINDS[record_type])
    with store.database.unit_of_work() as session:
        run_id = runs.add_run(session, _new_run(viewer, record_type, guessed, name))
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


def begin(store: Store, kind: RecordType) -> None:
    """See to it that deals find the pipeline which every installation begins with. Raises `Conflict` as `require_mode`."""
    if kind is RecordType.DEAL:
        with store.database.unit_of_work() as session:
            ensure_defaults(session)
    with store.database.reading() as session:
        require_mode(session, kind)


def require_mode(session: ReadSession, kind: RecordType) -> None:
    """Raises `Conflict` for leads where there are none."""
    if kind is RecordType.LEAD and not read_mode(session).is_classic:
        raise Conflict(LEADS_IN_CLASSIC)


def _new_run(viewer: Viewer, record_type: RecordType, guessed: Guessed, name: str) -> ImportRun:
    return ImportRun(
        record_type=record_type,
        user_id=viewer.user_id,
        file_name=" ".join(PurePath(name.replace("\\", "/")).name.split())[:LONGEST_NAME] or "a file",
        kind=guessed.table.kind.value,
        state=ImportState.READING,
        header=list(guessed.table.header),
        fields=list(guessed.fields),
        known=OnKnown.COMPLETE.value,
        missing=Missing.REFUSE.value,
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
