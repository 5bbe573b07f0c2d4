"""The columns of each kind of record: those of its list first, in its order, then what it takes to import it again.

Headers are such that an import knows them (`crm/records/importing/headings.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.currencies import minor_digits
from crm.office.formats import DateStyle, Formats
from crm.records.channels import EMAIL, PHONE
from crm.records.fields.standard import FURTHER, Field, ValueKind
from crm.records.fields.values import Value
from crm.records.views import ChannelView, CompanyView, ContactView, DealView, LeadView, Named, Person
from parsers.numbers import number_text
from parsers.tables.several import emails_in, joined, phones_in, tags_in
from storage.models import RecordType

ISO = Formats(dates=DateStyle.ISO)
"""For programs."""
Cell = str | int | Decimal
Row = Sequence[Cell]

CONTACT = (
    "Name", "Company", "E-mail", "Responsible", "Tags", "Phone", "Position", "Company domain", "Source", "Notes",
    "Known since", "Mailsync ID",
)  # fmt: skip
COMPANY = ("Name", "Domain", "Responsible", "Known since", "E-mail", "Phone", "Tags", "Source", "Notes", "Mailsync ID")
LEAD = (
    "Lead", "Name", "Stage", "Responsible", "Came", "Lead state", "E-mail", "Phone", "Contact", "Company", "Amount", "Currency",
    "Repeat", "Tags", "Source", "Notes", "Converted", "Mailsync ID", "Contact ID", "Company ID", "Deal ID",
)  # fmt: skip
DEAL = (
    "Deal", "Stage", "Amount", "Currency", "Contact", "Company", "Responsible", "Changed", "Pipeline", "Repeat", "Tags",
    "Source", "Notes", "Created", "Closes on", "Closed", "Mailsync ID", "Contact ID", "Company ID",
)  # fmt: skip


HEADERS: Mapping[RecordType, tuple[str, ...]] = {
    kind: (*own, *(field.name for field in FURTHER[kind]))
    for kind, own in (
        (RecordType.CONTACT, CONTACT),
        (RecordType.COMPANY, COMPANY),
        (RecordType.LEAD, LEAD),
        (RecordType.DEAL, DEAL),
    )
}
"""Those of standard fields, the further ones last. No custom field is called so: in a file nobody could tell the two apart."""


@dataclass(frozen=True, slots=True)
class Names:
    """What views do not tell: addresses of colleagues, domains of companies, names of pipelines; all by id."""

    colleagues: Mapping[int, str]
    domains: Mapping[int, str]
    pipelines: Mapping[int, str]
    formats: Formats = ISO
    """In which days and times are written."""
    printed_in: ZoneInfo | None = None
    """Of moments only the day in this zone."""


def contact_row(contact: ContactView, names: Names) -> Row:
    """The cells of a contact."""
    return (
        contact.name,
        _name(contact.company),
        _emails(contact.channels),
        _colleague(contact.responsible, names),
        joined(contact.tags, tags_in),
        _phones(contact.channels),
        contact.position,
        names.domains.get(contact.company.id, "") if contact.company else "",
        contact.source,
        contact.notes,
        _moment(contact.created_at, names),
        contact.id,
    )


def company_row(company: CompanyView, names: Names) -> Row:
    """The cells of a company."""
    return (
        company.name,
        company.domain or "",
        _colleague(company.responsible, names),
        _moment(company.created_at, names),
        _emails(company.channels),
        _phones(company.channels),
        joined(company.tags, tags_in),
        company.source,
        company.notes,
        company.id,
    )


def lead_row(lead: LeadView, names: Names) -> Row:
    """The cells of a lead."""
    return (
        lead.title,
        lead.name,
        lead.stage.name,
        _colleague(lead.responsible, names),
        _moment(lead.created_at, names),
        lead.state.value,
        _emails(lead.channels),
        _phones(lead.channels),
        _name(lead.contact),
        _name(lead.company),
        _money(lead.amount, lead.currency) if lead.amount else "",
        lead.currency,
        _yes(is_so=lead.repeat),
        joined(lead.tags, tags_in),
        lead.source,
        lead.notes,
        _moment(lead.converted_at, names),
        lead.id,
        _id(lead.contact),
        _id(lead.company),
        _id(lead.deal),
    )


def deal_row(deal: DealView, names: Names) -> Row:
    """The cells of a deal; its amount as a number in whole units of the currency."""
    return (
        deal.title,
        deal.stage.name,
        _money(deal.amount, deal.currency),
        deal.currency,
        _name(deal.contact),
        _name(deal.company),
        _colleague(deal.responsible, names),
        _moment(deal.updated_at, names),
        names.pipelines.get(deal.pipeline_id, ""),
        _yes(is_so=deal.repeat),
        joined(deal.tags, tags_in),
        deal.source,
        deal.notes,
        _moment(deal.created_at, names),
        names.formats.day(deal.closes_on) if deal.closes_on else "",
        _moment(deal.closed_at, names),
        deal.id,
        _id(deal.contact),
        _id(deal.company),
    )


def field_cell(field: Field, value: Value, names: Names) -> Cell:
    """The cell of a further or custom field: money as a number in whole units of its currency."""
    if field.kind is ValueKind.MONEY and isinstance(value, int):
        return _money(value, field.currency)
    if field.kind is ValueKind.DATE and isinstance(value, str) and value:
        return names.formats.day(date.fromisoformat(value))
    if field.kind is ValueKind.BIRTHDAY and isinstance(value, str) and value and names.formats is not ISO:
        return names.formats.birthday(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(number_text(value))
    return value if isinstance(value, str) else ""


def _emails(channels: Iterable[ChannelView]) -> str:
    return joined((channel.value for channel in channels if channel.kind == EMAIL), emails_in)


def _phones(channels: Iterable[ChannelView]) -> str:
    return joined((channel.value for channel in channels if channel.kind == PHONE), phones_in)


def _name(record: Named | None) -> str:
    return record.name if record else ""


def _id(record: Named | None) -> Cell:
    return record.id if record else ""


def _yes(*, is_so: bool) -> str:
    return "yes" if is_so else ""


def _colleague(person: Person | None, names: Names) -> str:
    """By address, which is not another's: an import finds the same colleague by it."""
    return names.colleagues.get(person.id, person.name) if person else ""


def _money(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-minor_digits(currency))


def _moment(at: datetime | None, names: Names) -> str:
    """In UTC, as ISO 8601 has it, which all spreadsheet programs read, or as the reader has chosen; a day where printed."""
    if at is None:
        return ""
    if names.printed_in:
        return names.formats.day(at.astimezone(names.printed_in))
    at = at.astimezone(UTC).replace(tzinfo=None)
    return at.isoformat(" ", "seconds") if names.formats is ISO else names.formats.moment(at)
