"""Records as files: the answer that is written while they are read."""

from enum import StrEnum

from starlette.responses import StreamingResponse

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.records.exporting.csv_file import csv_pieces
from crm.records.exporting.rows import begin_export, exported_rows
from crm.records.exporting.xlsx_file import xlsx_pieces
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.store import Store


class FileForm(StrEnum):
    """The form of an exported file."""

    CSV = "csv"
    XLSX = "xlsx"


TYPES = {
    FileForm.CSV: "text/csv; charset=utf-8",
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NAMES = {
    RecordType.CONTACT: "Contacts",
    RecordType.COMPANY: "Companies",
    RecordType.LEAD: "Leads",
    RecordType.DEAL: "Deals",
}


def export(store: Store, viewer: Viewer, kind: RecordType, form: FileForm, wanted: RecordFilter) -> StreamingResponse:
    """All records that the filter shows, as a file; the audit log says so. Raises `Forbidden` for guests."""
    begin_export(store, viewer, kind, wanted, form.value)
    rows = exported_rows(store, viewer, kind, wanted)
    pieces = csv_pieces(rows) if form is FileForm.CSV else xlsx_pieces(rows, NAMES[kind])
    name = f"{NAMES[kind].lower()}-{utcnow():%Y-%m-%d}.{form.value}"
    return StreamingResponse(
        pieces, media_type=TYPES[form], headers={"content-disposition": f'attachment; filename="{name}"'}
    )
