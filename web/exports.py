"""Records as files: the answer that is written while they are read."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.office.formats import Formats
from crm.records.exporting.columns import ISO
from crm.records.exporting.csv_file import csv_pieces
from crm.records.exporting.printing import Sheet, printed
from crm.records.exporting.rows import begin_export, exported_rows
from crm.records.exporting.xlsx_file import xlsx_pieces
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.store import Store
from web.filter_words import in_words


class FileForm(StrEnum):
    """The form of an exported file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


TYPES = {
    FileForm.CSV: "text/csv; charset=utf-8",
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileForm.PDF: "application/pdf",
}
NAMES = {
    RecordType.CONTACT: "Contacts",
    RecordType.COMPANY: "Companies",
    RecordType.LEAD: "Leads",
    RecordType.DEAL: "Deals",
}

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a list is written: their name and time zone, what they call the list, and how they write days and numbers."""

    name: str = ""
    zone: ZoneInfo = UTC
    title: str = ""
    formats: Formats = ISO


def export(
    store: Store, viewer: Viewer, kind: RecordType, form: FileForm, wanted: RecordFilter, reader: Reader | None = None
) -> Response:
    """All records that the filter shows, as a file; the audit log says so. Raises `Forbidden` for guests.

    It is written for `reader`, or for a program. A PDF is made as a whole: raises as `crm.records.exporting.printing.printed`.
    """
    name = f"{NAMES[kind].lower()}-{utcnow():%Y-%m-%d}.{form.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    reader = reader or Reader()
    if form is FileForm.PDF:
        content = printed(store, viewer, kind, wanted, _sheet(store, viewer, kind, wanted, reader))
        return Response(content, media_type=TYPES[form], headers=headers)
    begin_export(store, viewer, kind, wanted, form.value)
    rows = exported_rows(store, viewer, kind, wanted, reader.formats)
    pieces = csv_pieces(rows, reader.formats.decimal) if form is FileForm.CSV else xlsx_pieces(rows, NAMES[kind])
    return StreamingResponse(pieces, media_type=TYPES[form], headers=headers)


def _sheet(store: Store, viewer: Viewer, kind: RecordType, wanted: RecordFilter, reader: Reader) -> Sheet:
    with store.database.reading() as session:
        asked = in_words(session, viewer, kind, wanted, reader.zone, reader.formats)
    return Sheet(reader.title or NAMES[kind], asked, reader.name, utcnow(), reader.zone, reader.formats)
