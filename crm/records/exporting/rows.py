"""The rows of an export, some hundred at a time: each time a session of its own, so that a slow reader holds nothing open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm.access.audit import record_act
from crm.access.repository import people
from crm.access.viewer import Viewer
from crm.office.formats import Formats
from crm.records.exporting import columns
from crm.records.exporting.columns import HEADERS, ISO, Names, Row, field_cell
from crm.records.exporting.repository import domains_of
from crm.records.fields.custom import fields_of
from crm.records.fields.standard import FURTHER
from crm.records.repository import reading
from crm.records.views import ContactView, RecordFilter
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of record is read and written."""

    read: Callable[[ReadSession, Viewer, RecordFilter], Sequence[Any]]
    row: Callable[[Any, Names], Row]


KINDS: Final[dict[RecordType, Kind]] = {
    RecordType.CONTACT: Kind(reading.contacts, columns.contact_row),
    RecordType.COMPANY: Kind(reading.companies, columns.company_row),
    RecordType.LEAD: Kind(reading.leads, columns.lead_row),
    RecordType.DEAL: Kind(reading.deals, columns.deal_row),
}


def begin_export(store: Store, viewer: Viewer, kind: RecordType, wanted: RecordFilter, form: str) -> None:
    """Note in the audit log that somebody takes records away. Raises `Forbidden` for guests."""
    viewer.exporting(kind)
    with store.database.unit_of_work(Urgency.PERSON) as session:
        chosen = {"words": wanted.words} if wanted.words else {}
        record_act(session, viewer, "records.export", record_type=kind.value, format=form, **chosen)


def exported_rows(
    store: Store,
    viewer: Viewer,
    kind: RecordType,
    wanted: RecordFilter,
    formats: Formats = ISO,
    *,
    printed_in: ZoneInfo | None = None,
) -> Iterator[list[Row]]:
    """The header, then all that the filter shows, in its order; custom fields come last. Raises `Forbidden` for guests.

    Colleagues are told by their address, which an import finds them by; where it is printed, by name, and of moments only
    the day in that zone.
    """
    viewer = viewer.exporting(kind)
    how = KINDS[kind]
    with store.database.reading() as session:
        fields = fields_of(session, viewer, kind)
    custom = [field for field in fields if field.custom_id is not None]
    yield [(*HEADERS[kind], *(field.name for field in custom))]
    wanted = replace(wanted, limit=AT_ONCE)
    while True:
        with store.database.reading() as session:
            records = how.read(session, viewer, wanted)
            names = _names(session, viewer, records, formats, printed_in)
        if records:
            yield [
                (
                    *how.row(record, names),
                    *(field_cell(field, record.fields.get(field.key), names) for field in (*FURTHER[kind], *custom)),
                )
                for record in records
            ]
        if len(records) < AT_ONCE:
            return
        wanted = wanted.behind(records[-1])


def _names(
    session: ReadSession, viewer: Viewer, records: Sequence[Any], formats: Formats, printed_in: ZoneInfo | None
) -> Names:
    companies = {each.company.id for each in records if isinstance(each, ContactView) and each.company}
    return Names(
        colleagues={
            person.id: person.name if printed_in else person.email
            for person in people(session, viewer, with_inactive=True)
        },
        domains=domains_of(session, viewer, companies),
        pipelines={pipeline.id: pipeline.name for pipeline in reading.pipelines(session, viewer)},
        formats=formats,
        printed_in=printed_in,
    )
