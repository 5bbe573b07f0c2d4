"""What stands behind the `?` of a list of records, as the filter that it means."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.currencies import smallest_units
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.office.formats import Formats
from crm.office.typed import birthday_in, day_in
from crm.records.fields.standard import Field, ValueKind
from crm.records.repository.reading import pipelines
from crm.records.views import FieldCondition, Order, PipelineView, RecordFilter, StandardCondition
from parsers.numbers import number_in, number_text
from storage.folding import LONGEST_NAME_KEY
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession
from web.forms import row_id

FROM_TO = (ValueKind.NUMBER, ValueKind.MONEY, ValueKind.DATE)
BY_WORDS = frozenset({"position", "domain", "name", "notes"})
"""Standard fields besides the further ones whose words a list is filtered by; a lead's `name` is who it is about."""
BY_SPAN = frozenset({"amount", "closes_on"})
NOBODY = "nobody"
NAMED = "."
"""Between the id and the name of the record that a page begins behind."""


def read_filter(
    query: Mapping[str, str], fields: Sequence[Field], *, me: int, zone: ZoneInfo, limit: int
) -> RecordFilter:
    """The filter of a list by its `fields` (`filters_of`).

    Raises `UsageError` for what is no date or number; what is unknown is left out.
    """
    responsible = query.get("responsible", "")
    before, _, before_key = query.get("before", "").partition(NAMED)
    return RecordFilter(
        words=query.get("words", ""),
        responsible_id=me if _said(query.get("mine", "")) else row_id(responsible),
        contact_id=row_id(query.get("contact", "")),
        company_id=row_id(query.get("company", "")),
        pipeline_id=row_id(query.get("pipeline", "")),
        unassigned=responsible == NOBODY,
        tag=query.get("tag", "").strip().lstrip("#"),
        source=query.get("source", "").strip(),
        created_from=_day(query.get("from", ""), zone),
        created_to=_day(query.get("to", ""), zone, later=1),
        conditions=tuple(
            condition for field in fields if field.custom_id is not None and (condition := _condition(field, query))
        ),
        standard=tuple(held for field in fields if _is_standard(field) and (held := _standard(field, query))),
        order=Order(query["order"]) if query.get("order") in set(Order) else Order.NEWEST,
        repeat=_said(query["repeat"]) if query.get("repeat") else None,
        lead_state=LeadState(query["state"]) if query.get("state") in set(LeadState) else None,
        stage_id=row_id(query.get("stage", "")),
        before=row_id(before),
        before_key=before_key.replace("\0", "")[:LONGEST_NAME_KEY],
        limit=limit,
    )


def canonical(query: Mapping[str, str], fields: Sequence[Field], formats: Formats) -> dict[str, str]:
    """The same with days as 2026-12-01 and numbers as 1200.5, however they were typed: a kept list is opened by others too.

    Raises `UsageError` for what is no day or number.
    """
    birthdays = [field.key for field in fields if field.kind is ValueKind.BIRTHDAY]
    query = {**query, **{key: _birthday(query[key], formats) for key in birthdays if query.get(key, "").strip()}}
    kinds = {f"{field.key}_{end}": field for field in fields if field.kind in FROM_TO for end in ("from", "to")}
    return {name: _canonical(name, text, kinds.get(name), formats) for name, text in query.items()}


def _birthday(text: str, formats: Formats) -> str:
    """A day as it is stored; what is none is looked for as it was typed, such as a year."""
    try:
        return birthday_in(text, formats)
    except UsageError:
        return text


def _canonical(name: str, text: str, field: Field | None, formats: Formats) -> str:
    if not text.strip() or (field is None and name not in ("from", "to")):
        return text
    try:
        if field is None or field.kind is ValueKind.DATE:
            return day_in(text, formats).isoformat()
        return number_text(float(number_in(text, formats.sure_decimal)))
    except UsageError as error:
        raise UsageError(f"{field.name}: {error}" if field else str(error)) from None


def next_page(wanted: RecordFilter, last: Any) -> str:
    """What `before` is for the page that begins behind the record `last`."""
    behind = wanted.behind(last)
    return str(behind.before) if wanted.order.key == "id" else f"{behind.before}{NAMED}{behind.before_key}"


def shown_leads(wanted: RecordFilter, *, board: bool = False) -> RecordFilter:
    """What the list of leads shows: of a stage all, else one state, active ones unless another is chosen. A board shows all."""
    if board or wanted.stage_id is not None:
        return replace(wanted, lead_state=None)
    return replace(wanted, lead_state=wanted.lead_state or LeadState.ACTIVE)


def is_filtered(wanted: RecordFilter) -> bool:
    """Whether the list leaves anything out, apart from what its tabs choose."""
    return bool(
        wanted.words
        or wanted.responsible_id
        or wanted.unassigned
        or wanted.tag
        or wanted.source
        or wanted.created_from
        or wanted.created_to
        or wanted.conditions
        or wanted.standard
        or wanted.repeat is not None
        or wanted.contact_id
        or wanted.company_id
    )


def shown_pipeline(session: ReadSession, viewer: Viewer, pipeline_id: int | None) -> int | None:
    """The pipeline of a board or list of deals: the one that is asked for, else the first; None where there is none."""
    opened = opened_of(pipelines(session, viewer), pipeline_id)
    return opened.id if opened else None


def opened_of(there: Sequence[PipelineView], pipeline_id: int | None) -> PipelineView | None:
    """The one with that id, else the first."""
    return next((one for one in there if one.id == pipeline_id), there[0] if there else None)


def _said(word: str) -> bool:
    """Whether a yes-or-no is yes: anything but nothing and the usual words for no."""
    return word.strip().lower() not in ("", "0", "false", "no", "off", "n", "f")


def _condition(field: Field, query: Mapping[str, str]) -> FieldCondition | None:
    key, field_id = field.key, field.custom_id or 0
    if field.kind in FROM_TO:
        least, most = (_stored(field, _bound(field, query.get(f"{key}_{end}", ""))) for end in ("from", "to"))
        return None if least is None and most is None else FieldCondition(field_id, least=least, most=most)
    word = query.get(key, "").strip()
    if not word:
        return None
    return (
        FieldCondition(field_id, equals=word)
        if field.kind is ValueKind.CHOICE
        else FieldCondition(field_id, contains=word)
    )


def _stored(field: Field, bound: Decimal | date | None) -> float | str | None:
    """A bound as custom fields hold it: money in the smallest unit of the field's currency."""
    if isinstance(bound, Decimal):
        return float(smallest_units(bound, field.currency) if field.kind is ValueKind.MONEY else bound)
    return bound.isoformat() if bound else None


def filters_of(kind: RecordType, fields: Sequence[Field]) -> tuple[Field, ...]:
    """Those of the fields for which a list's filter has a place of its own."""
    by = {field.key: field for field in fields if field.custom_id is not None or _is_standard(field)}
    if kind is not RecordType.LEAD:
        by.pop("name", None)  # It is what is typed above the list.
    return tuple(by.values())


def _is_standard(field: Field) -> bool:
    return field.further or field.key in BY_WORDS | BY_SPAN


def _standard(field: Field, query: Mapping[str, str]) -> StandardCondition | None:
    if field.key not in BY_SPAN:
        words = query.get(field.key, "").strip()
        if words and field.kind is ValueKind.CHOICE:
            return StandardCondition(field.key, equals=words)
        return StandardCondition(field.key, words) if words else None
    least, most = (_bound(field, query.get(f"{field.key}_{end}", "")) for end in ("from", "to"))
    return None if least is None and most is None else StandardCondition(field.key, least=least, most=most)


def _bound(field: Field, text: str) -> Decimal | date | None:
    """A number, an amount in whole units, or a day."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).date() if field.kind is ValueKind.DATE else number_in(text)
    except UsageError as error:
        raise UsageError(f"{field.name}: {error}") from None
    except ValueError:
        raise UsageError(f"{field.name}: that is no date: write it as 2026-12-01.") from None


def _day(text: str, zone: ZoneInfo, *, later: int = 0) -> datetime | None:
    """The first moment of a day in the reader's time zone, or of one so many days later."""
    if not text.strip():
        return None
    try:
        day = datetime.fromisoformat(text.strip()).date() + timedelta(days=later)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError("That is not a date: write it as 2026-12-01.") from None
