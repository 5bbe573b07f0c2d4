"""What a list shows as a PDF: read first, since a page's columns are as wide as all that stands in them, then set.

Setting takes a core for some milliseconds a row, in the thread of the request; one document at a time, so that several people who
print do not take the process from everybody else.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from core.errors import Transient, UsageError
from crm.access.viewer import Viewer
from crm.office.formats import Formats
from crm.records.exporting.columns import Row
from crm.records.exporting.pdf_columns import for_pdf
from crm.records.exporting.pdf_file import PdfHead, pdf_document
from crm.records.exporting.rows import begin_export, exported_rows
from crm.records.paths import PLURALS
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.store import Store

MOST_ROWS: Final = 2_000
WAIT_SECONDS = 60.0
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands above the table: the list's name, its filter in words, and for whom it is printed when, in their formats."""

    title: str
    asked: str
    by: str
    at: datetime
    zone: ZoneInfo
    formats: Formats


def printed(store: Store, viewer: Viewer, kind: RecordType, wanted: RecordFilter, sheet: Sheet) -> bytes:
    """The document; the audit log says that it was made.

    Raises `Forbidden` for who may not export, `UsageError` for a list that is too long, `Transient` when others print too much.
    """
    plural = PLURALS[kind]
    rows: list[Row] = []
    for chunk in exported_rows(store, viewer, kind, wanted, sheet.formats, printed_in=sheet.zone):
        rows += chunk
        if len(rows) > MOST_ROWS + 1:
            most = sheet.formats.number(MOST_ROWS)
            raise UsageError(
                f"This list shows more than {most} {plural}, which is the most that a PDF is made of: filter the list, or "
                "export it as CSV or XLSX."
            )
    begin_export(store, viewer, kind, wanted, "pdf")
    header, *found = rows
    count = f"{sheet.formats.number(len(found))} {kind.value if len(found) == 1 else plural}"
    local = sheet.at.astimezone(sheet.zone)
    made = " · ".join(filter(None, (f"{sheet.formats.moment(local)} ({sheet.zone.key})", sheet.by)))
    table = for_pdf(kind, header, found, sheet.formats)
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise Transient("Others are making PDFs at this moment: try again in a minute.")
    try:
        return pdf_document(table, PdfHead(sheet.title, sheet.asked, count, made))
    finally:
        _one_at_a_time.release()
