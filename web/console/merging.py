"""Merging records on a page: whom with, side by side field by field, and taking it back."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import Conflict, UsageError
from crm.records.fields.standard import FURTHER, labels_of
from crm.records.gone import Merged, Record
from crm.records.merge_fields import FIELDS, source_of
from crm.records.merging import CHANGED_MEANWHILE, NOT_ACTIVE, merge, undo_merge
from crm.records.paths import record_path
from crm.records.repository.recycling import Hanging, hanging
from crm.records.views import LeadView
from parsers.numbers import amount_text
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.console.choosing import READERS, chooser, settled
from web.console.recycling import record_of
from web.forms import RowId, row_id
from web.notices import done
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
FIELD = "field_"
_FURTHER = {kind: {field.key for field in fields} for kind, fields in FURTHER.items()}
OTHER = "with"
"""The field in which the other record is chosen, or named."""
LABELS = {"company_id": "Company", "contact_id": "Contact", "stage_id": "Stage"}
"""What is no field of a lead, and is chosen too."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One field: what each of the records has there, and whose is kept unless somebody chooses."""

    name: str
    label: str
    values: tuple[tuple[int, str], ...]
    kept: int


@router.get("/records/{name}/merge")
def merge_page(
    request: Request, me: Me, name: str, other: Annotated[list[str] | None, Query(alias=OTHER)] = None
) -> Response:
    """Without others: ask for one by its name. With others: side by side."""
    me.viewer.require_write()
    kind, survivor_id = record = _mergeable(name)
    with services_of(request).store.database.reading() as session:
        typed, is_open = settled(session, me, request.query_params, {OTHER: kind}, but=survivor_id)
        named = [typed[OTHER]] if typed.get(OTHER) != request.query_params.get(OTHER) or is_open else other or []
        others = [each for each in dict.fromkeys(row_id(text) for text in named) if each and each != survivor_id]
        survivor = READERS[kind](session, me.viewer, survivor_id)
        if isinstance(survivor, LeadView) and survivor.state is not LeadState.ACTIVE:
            raise Conflict(NOT_ACTIVE)
        if not others:
            ask = chooser(session, me, kind, OTHER, f"The other {kind.value}", typed, but=survivor_id)
            context = {"survivor": survivor, "kind": kind, "one": ask}
            return render(request, me, "records/merge_with.html", back=record_path(record), **context)
        rows = [survivor, *(_other(session, me, (kind, each)) for each in others)]
        hangs = {row.id: hanging(session, me.viewer, (kind, row.id)) for row in rows}
    return render(
        request,
        me,
        "records/merge.html",
        kind=kind,
        rows=rows,
        hangs=hangs,
        moving=_sum([hangs[each] for each in others]),
        choices=_choices(kind, rows),
        back=record_path(record),
    )


async def chosen_fields(request: Request) -> dict[str, int]:
    """From which record the value of each field stays."""
    form = await request.form()
    chosen = {name: row_id(str(value)) for name, value in form.items() if name.startswith(FIELD)}
    return {name.removeprefix(FIELD): source for name, source in chosen.items() if source is not None}


@router.post("/records/{name}/merge")
def merge_records(
    request: Request,
    me: Me,
    name: str,
    survivor: Annotated[RowId, Form()],
    record: Annotated[list[RowId], Form()],
    chosen: Annotated[dict[str, RowId], Depends(chosen_fields)],
) -> Response:
    """Merge, and show the one that is left."""
    kind, _ = _mergeable(name)
    if survivor not in record:
        raise UsageError("Choose which of the records is left.")
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        merge_id = merge(session, me.viewer, (kind, survivor), [each for each in record if each != survivor], chosen)
    return RedirectResponse(f"{record_path((kind, survivor))}?{done('merged', kind, merge_id)}", 303)


@router.post("/records/merges/{merge_id}/undo")
def undo(request: Request, me: Me, merge_id: RowId) -> Response:
    """Take a merge apart, and show the one that was left."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        survivor = undo_merge(session, me.viewer, merge_id)
    return RedirectResponse(f"{record_path(survivor)}?{done('unmerged', *survivor)}", 303)


def _other(session: ReadSession, me: SignedIn, record: Record) -> Any:
    """One to merge with; the list that named it may be older than another merge. Raises `Conflict` then."""
    try:
        return READERS[record[0]](session, me.viewer, record[1])
    except Merged as merged:
        raise Conflict(CHANGED_MEANWHILE) from merged


def _mergeable(name: str) -> Record:
    record = record_of(name)
    if record[0] not in FIELDS:
        raise UsageError("Contacts, companies and leads can be merged; deals can not.")
    return record


def _choices(kind: RecordType, rows: Sequence[Any]) -> list[Choice]:
    """The fields in which the records differ."""
    choices, labels, value = [], {**LABELS, **labels_of(kind)}, partial(_value, kind)
    for name in FIELDS[kind]:
        values = [(row.id, value(row, name)) for row in rows]
        kept = source_of(name, rows, None, value).id
        if len({_told_apart_by(value) for _, value in values}) > 1:
            choices.append(Choice(name, labels[name], _in_words(values), kept))
    return choices


def _value(kind: RecordType, row: Any, name: str) -> Any:
    """What a record has there."""
    if name == "amount":
        return amount_text(row.amount, row.currency) + f" {row.currency}" if row.amount else ""
    return row.fields.get(name) if name in _FURTHER[kind] else getattr(row, name.removesuffix("_id"))


def _told_apart_by(value: Any) -> Any:
    return getattr(value, "id", value) or None


def _in_words(values: Sequence[tuple[int, Any]]) -> tuple[tuple[int, str], ...]:
    """What is shown of each; with its number where two companies or people are called the same."""
    names = [str(getattr(value, "name", value) or "") for _, value in values]
    alike = len(set(names)) < len({_told_apart_by(value) for _, value in values})
    return tuple(
        (row_id, f"{name} (no. {value.id})" if alike and hasattr(value, "id") else name)
        for name, (row_id, value) in zip(names, values, strict=True)
    )


def _sum(counts: Sequence[Hanging]) -> Hanging:
    return Hanging(*(sum(numbers) for numbers in zip(*(astuple(each) for each in counts), strict=True)))
