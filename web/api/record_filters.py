"""What a program asks of a list of records: the filter of the pages, by the same parser, and nothing of it left out unseen.

What a page does not know it leaves out, for people see what they get; a program would take the whole list for the answer.
So here every name and value counts, or is refused in words.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import Query, Request

from core.errors import UsageError
from crm.access.repository import person
from crm.access.viewer import Viewer
from crm.office.settings import read_office
from crm.records.fields.custom import fields_of
from crm.records.fields.standard import Field
from crm.records.repository.sorting import ORDERS, order_for
from crm.records.saved_views import kept_view
from crm.records.views import Order, RecordFilter
from storage.models import LeadState, RecordType
from storage.sessions import ReadSession
from web.forms import RowId, row_id
from web.paging import NO_PAGE
from web.record_queries import (
    FROM_TO,
    NAMED,
    NOBODY,
    filters_of,
    next_page,
    read_filter,
    shown_leads,
    shown_pipeline,
)

NAMES_ON_PAGES: Mapping[str, str] = {
    "responsible_id": "responsible",
    "contact_id": "contact",
    "company_id": "company",
    "pipeline_id": "pipeline",
    "stage_id": "stage",
}
"""Parameters that the address of a page calls otherwise."""
WHOSE = frozenset({"mine", "responsible"})
"""Parameters of pages that say who is responsible: `mine` goes before, so who asks for either means that one alone."""
NO_PARAMETERS = frozenset({"view"})
OF_A_PAGE = frozenset({"after", "limit"})


@dataclass(frozen=True, slots=True)
class OfAny:
    """What lists of all kinds are filtered by."""

    words: Annotated[str, Query(description="Beginnings of words of any field, an address, a phone.")] = ""
    responsible_id: Annotated[
        str, Query(description="The number of a colleague, or `nobody`.", examples=["3", NOBODY])
    ] = ""
    mine: Annotated[bool, Query(description="Those that the token's person is responsible for.")] = False
    tag: Annotated[str, Query(examples=["wholesale"])] = ""
    source: Annotated[str, Query(description="Where it came by, exactly.", examples=["web form"])] = ""
    from_: Annotated[
        str,
        Query(alias="from", description="Added on this day or later, where the person is.", examples=["2026-11-01"]),
    ] = ""
    to: Annotated[str, Query(description="Added on this day or before.", examples=["2026-11-30"])] = ""
    order: Annotated[Order, Query()] = Order.NEWEST
    view: Annotated[
        RowId | None, Query(description="A saved view (`GET /views`): its filter, but for what is asked for beside it.")
    ] = None


@dataclass(frozen=True, slots=True)
class OfContacts(OfAny):
    """What contacts are filtered by."""

    company_id: RowId | None = None


@dataclass(frozen=True, slots=True)
class OfLeads(OfAny):
    """What leads are filtered by."""

    state: LeadState | None = None
    stage_id: RowId | None = None
    repeat: bool | None = None
    contact_id: RowId | None = None
    company_id: RowId | None = None


@dataclass(frozen=True, slots=True)
class OfDeals(OfAny):
    """What deals are filtered by."""

    pipeline_id: RowId | None = None
    stage_id: RowId | None = None
    repeat: bool | None = None
    contact_id: RowId | None = None
    company_id: RowId | None = None


OF_KIND: Mapping[RecordType, type[OfAny]] = {
    RecordType.CONTACT: OfContacts,
    RecordType.COMPANY: OfAny,
    RecordType.LEAD: OfLeads,
    RecordType.DEAL: OfDeals,
}

BY_FIELDS: dict[str, Any] = {
    "parameters": [
        {
            "name": "fields",
            "in": "query",
            "required": False,
            "style": "form",
            "explode": True,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "description": (
                "Fields by key (`GET /fields/{record_type}`), each a parameter of its own: `field_12=abc` holds these words "
                "(of a choice: is this one); of a number, an amount in whole units such as 1200.50, or a day "
                "`field_12_from` and `field_12_to`. Of standard fields `notes`, those of an address (`city`, `country`), "
                "`website`, a contact's `position`, `first_name`, `last_name`, `birthday`, a company's `domain`, `industry`, "
                "`employees`, a lead's `name`, `company_name`, and of leads and deals `amount_from`, `amount_to`, of deals "
                "`closes_on_from`, `closes_on_to`."
            ),
            "example": {"field_12_from": "2026-12-01", "notes": "espresso"},
        }
    ]
}
"""What OpenAPI is told of the filters that depend on the installation."""


def names_of(asked: OfAny | type[OfAny], by_fields: Iterable[Field]) -> set[str]:
    """What a list is filtered and sorted by, as programs call it."""
    return {one.name.rstrip("_") for one in fields(asked)} | {name for field in by_fields for name in _names(field)}


def require_known(names: Iterable[str], known: Set[str]) -> None:
    """Raises `UsageError` for a filter that there is not."""
    for name in names:
        if name not in known:
            raise UsageError(f"There is no filter “{name[:80]}” here; there are: {', '.join(sorted(known))}.")


def wanted_of(
    request: Request,
    session: ReadSession,
    viewer: Viewer,
    kind: RecordType,
    asked: OfAny,
    *,
    limit: int = 1,
    paged: bool = True,
) -> RecordFilter:
    """The filter that the address of a list means. Raises `UsageError` for what it can not mean, `NotFound` for no view."""
    by_fields = filters_of(kind, fields_of(session, viewer, kind))
    query = _understood(request, asked, by_fields, OF_A_PAGE if paged else frozenset())
    if asked.view is not None:
        kept = dict(parse_qsl(kept_view(session, viewer, kind, asked.view).query))
        whose = WHOSE if query.keys() & WHOSE else frozenset()
        query = {name: text for name, text in kept.items() if name not in whose} | query
    wanted = read_filter(
        {**query, "before": request.query_params.get("after", "") if paged else ""},
        by_fields,
        me=viewer.user_id or 0,
        zone=_zone(session, viewer, query),
        limit=limit,
    )
    wanted = replace(wanted, order=_order(viewer, kind, wanted.order, asked="order" in request.query_params))
    _require_page(request.query_params.get("after", "") if paged else "", wanted.order)
    return wanted if asked.view is None else _as_on_its_page(session, viewer, kind, wanted)


def cursor_behind(wanted: RecordFilter, rows: Sequence[Any]) -> str | None:
    """`after` of the page behind these; None at the end."""
    return next_page(wanted, rows[-1]) if len(rows) == wanted.limit else None


def _understood(request: Request, asked: OfAny, by_fields: Iterable[Field], besides: frozenset[str]) -> dict[str, str]:
    """What was asked for by the names that pages have for it."""
    given = request.query_params
    require_known(given, names_of(asked, by_fields) | besides)
    for name in given:
        if len(given.getlist(name)) > 1:
            raise UsageError(f"Say “{name}” once.")
    if asked.responsible_id not in ("", NOBODY) and row_id(asked.responsible_id) is None:
        raise UsageError(f"responsible_id is the number of a colleague, or “{NOBODY}”.")
    if asked.mine and asked.responsible_id:
        raise UsageError("Say “mine” or “responsible_id”, not both.")
    return {
        NAMES_ON_PAGES.get(name, name): text
        for name, text in given.items()
        if name not in NO_PARAMETERS and name not in besides
    }


def _names(field: Field) -> Sequence[str]:
    return (f"{field.key}_from", f"{field.key}_to") if field.kind in FROM_TO else (field.key,)


def _zone(session: ReadSession, viewer: Viewer, query: Mapping[str, str]) -> ZoneInfo:
    """Where the days of the filter begin; asked for only where it has any."""
    if not (query.get("from") or query.get("to")):
        return ZoneInfo("UTC")
    who = person(session, viewer, viewer.user_id) if viewer.user_id else None
    return ZoneInfo((who.time_zone if who else None) or read_office(session).time_zone)


def _order(viewer: Viewer, kind: RecordType, order: Order, *, asked: bool) -> Order:
    """The order of the list; of a saved view that sorts by what the viewer may not see, newest first. Raises `UsageError`."""
    possible = order_for(viewer, kind, order)
    if asked and possible is not order:
        there = ", ".join(each for each in ORDERS[kind] if order_for(viewer, kind, each) is each)
        raise UsageError(f"These are not sorted by “{order}”; there are: {there}.")
    return possible


def _require_page(after: str, order: Order) -> None:
    number, named, _ = after.partition(NAMED)
    if after and (row_id(number) is None or bool(named) != (order.key != "id")):
        raise UsageError(NO_PAGE)


def _as_on_its_page(session: ReadSession, viewer: Viewer, kind: RecordType, wanted: RecordFilter) -> RecordFilter:
    """What the page of a saved view shows: leads that are active, and deals of one pipeline, unless it says otherwise."""
    if kind is RecordType.LEAD:
        return shown_leads(wanted)
    if kind is RecordType.DEAL:
        return replace(wanted, pipeline_id=shown_pipeline(session, viewer, wanted.pipeline_id))
    return wanted
