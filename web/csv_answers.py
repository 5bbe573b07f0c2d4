"""Tables as answers: CSV for spreadsheet programs, written as it is sent."""

import csv
import io
from collections.abc import Iterator, Sequence

from starlette.responses import StreamingResponse

from crm.access.viewer import Viewer
from crm.records.exporting.cells import BYTE_ORDER_MARK, defused, undefused
from crm.records.importing.repository import runs
from storage.store import Store

AT_ONCE = 500


def errors_as_csv(store: Store, viewer: Viewer, run_id: int) -> StreamingResponse:
    """The refused rows of an import: number, column, reason, and their cells, so that they can be mended and come again.

    Raises `NotFound`.
    """
    with store.database.reading() as session:
        run = runs.run_view(session, viewer, run_id)
    return StreamingResponse(
        _lines(store, viewer, run_id, run.header),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="import-{run_id}-errors.csv"'},
    )


def _lines(store: Store, viewer: Viewer, run_id: int, header: Sequence[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(["Row", "Column", "Why", *header])
    after = 0
    while True:
        with store.database.reading() as session:
            some = runs.refused_rows(session, viewer, run_id, after=after, limit=AT_ONCE)
        if not some:
            return
        yield "".join(_line([str(row.number), row.refused_column, row.refused_because, *row.cells]) for row in some)
        after = some[-1].number


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([defused(undefused(cell)) for cell in cells])  # Those of a CSV may be defused already.
    return line.getvalue()
