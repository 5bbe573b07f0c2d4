"""The filter of a list in words, for whoever reads the list on paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.currencies import minor_digits
from crm.access.repository import Person, people
from crm.access.viewer import Viewer
from crm.office.formats import Formats
from crm.records.fields.custom import fields_of
from crm.records.fields.standard import Field, ValueKind
from crm.records.repository.lead_stages import lead_stages
from crm.records.repository.reading import names_of, pipelines
from crm.records.views import FieldCondition, RecordFilter, StandardCondition
from parsers.numbers import number_text
from storage.models import RecordType
from storage.sessions import ReadSession
from web.list_orders import LABELS


@dataclass(frozen=True, slots=True)
class _Known:
    """What it takes to say a filter in words."""

    fields: Sequence[Field]
    colleagues: Sequence[Person]
    zone: ZoneInfo
    formats: Formats


def in_words(
    session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter, zone: ZoneInfo, formats: Formats
) -> str:
    """One line: what the filter leaves in, and in which order."""
    known = _Known(fields_of(session, viewer, kind), people(session, viewer, with_inactive=True), zone, formats)
    parts = [*_where(session, viewer, kind, wanted), *_of_everybody(wanted, known)]
    parts += [_condition(one, known) for one in wanted.conditions]
    parts += [_standard(one, known) for one in wanted.standard]
    said = ", ".join(parts) or "without a filter"
    return f"{said[0].upper()}{said[1:]}; {LABELS[wanted.order]}"


def _where(session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter) -> Iterator[str]:
    """Where they stand: pipeline, stage, state, client."""
    if wanted.pipeline_id is not None:
        name = next((each.name for each in pipelines(session, viewer) if each.id == wanted.pipeline_id), "")
        yield f"pipeline {name}"
    if wanted.stage_id is not None:
        yield f"stage {_stages(session, viewer, kind).get(wanted.stage_id, 'that is gone')}"
    if wanted.lead_state is not None:
        yield f"{wanted.lead_state.value} leads"
    for client, number in ((RecordType.CONTACT, wanted.contact_id), (RecordType.COMPANY, wanted.company_id)):
        if number is not None:
            named = names_of(session, viewer, [(client, number)])
            yield f"of {named[0].name if named else f'a {client.value} that is gone'}"


def _stages(session: ReadSession, viewer: Viewer, kind: RecordType) -> Mapping[int, str]:
    if kind is RecordType.LEAD:
        return {stage.id: stage.name for stage in lead_stages(session, viewer)}
    return {stage.id: stage.name for each in pipelines(session, viewer) for stage in each.stages}


def _of_everybody(wanted: RecordFilter, known: _Known) -> Iterator[str]:
    """What lists of all kinds are filtered by."""
    if wanted.words:
        yield f"found by “{wanted.words}”"
    if wanted.responsible_id is not None:
        name = next((one.name for one in known.colleagues if one.id == wanted.responsible_id), "somebody who is gone")
        yield f"responsible {name}"
    if wanted.unassigned:
        yield "nobody responsible yet"
    if wanted.tag:
        yield f"tag {wanted.tag}"
    if wanted.source:
        yield f"came by {wanted.source}"
    if wanted.created_from is not None:
        yield f"added from {known.formats.day(wanted.created_from.astimezone(known.zone))}"
    if wanted.created_to is not None:
        yield f"added until {known.formats.day(wanted.created_to.astimezone(known.zone) - timedelta(days=1))}"
    if wanted.repeat is not None:
        yield "from known clients" if wanted.repeat else "not from known clients"
    if wanted.ids is not None:
        yield f"{len(wanted.ids)} that {'was' if len(wanted.ids) == 1 else 'were'} ticked"


def _condition(condition: FieldCondition, known: _Known) -> str:
    field = next(each for each in known.fields if each.custom_id == condition.field_id)
    if condition.equals is not None:
        return f"{field.name} is {condition.equals}"
    if condition.contains is not None:
        return f"{field.name} has “{condition.contains}”"
    ends = (("from", condition.least), ("to", condition.most))
    told = (f"{word} {_bound(field, value, known.formats)}" for word, value in ends if value is not None)
    return " ".join([field.name, *told])


def _standard(condition: StandardCondition, known: _Known) -> str:
    field = next(each for each in known.fields if each.key == condition.key)
    if condition.equals:
        return f"{field.name} is {condition.equals}"
    if condition.words:
        return f"{field.name} has “{condition.words}”"
    ends = (("from", condition.least), ("to", condition.most))
    told = (f"{word} {_end(value, known.formats)}" for word, value in ends if value is not None)
    return " ".join([field.name, *told])


def _end(value: Decimal | date, formats: Formats) -> str:
    return formats.day(value) if isinstance(value, date) else formats.number(value)


def _bound(field: Field, value: float | str, formats: Formats) -> str:
    if isinstance(value, str):
        return formats.day(date.fromisoformat(value)) if field.kind is ValueKind.DATE else value
    if field.kind is not ValueKind.MONEY:
        return formats.typed(number_text(value))
    digits = minor_digits(field.currency)
    return formats.number(Decimal(round(value)).scaleb(-digits), digits)
