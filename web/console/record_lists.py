"""What the lists of all kinds of record share: the filter, saved views, and doing the same to many records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from crm.access.repository import Person, people
from crm.records.fields.custom import fields_of
from crm.records.fields.standard import Field
from crm.records.paths import PLURALS
from crm.records.saved_views import ViewOfList, normal_query, query_kept, remove_view, save_view, views_of
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.forms import RowId
from web.list_columns import PARAMETER as COLUMNS
from web.list_columns import Columns, columns_named, columns_of
from web.list_orders import Sorting, sorting_of
from web.notices import PARAMETER
from web.record_queries import canonical, filters_of, is_filtered, next_page, read_filter
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list as its head shows it: what was asked, in words and as a filter, and the views of it that were kept."""

    kind: RecordType
    asked: Mapping[str, str]
    wanted: RecordFilter
    fields: tuple[Field, ...]
    colleagues: tuple[Person, ...]
    views: tuple[ViewOfList, ...]
    query: str
    columns: Columns
    sorting: Sorting

    @property
    def filtered(self) -> bool:
        """Whether the list leaves anything out."""
        return is_filtered(self.wanted)

    def page_behind(self, last: Any) -> str:
        """What `before` is in the address of the page behind a record."""
        return next_page(self.wanted, last)

    @property
    def opened(self) -> ViewOfList | None:
        """The saved view that this is."""
        return next((view for view in self.views if view.query == self.query), None)


def list_shown(request: Request, me: SignedIn, session: ReadSession, kind: RecordType, limit: int) -> ListShown:
    """The list that the address asks for. Raises `UsageError` for what is no date or number."""
    typed = {name: value for name, value in request.query_params.items() if name != PARAMETER}
    fields = fields_of(session, me.viewer, kind)
    filters = filters_of(kind, fields)
    asked = canonical(typed, filters, me.formats)
    wanted = read_filter(asked, filters, me=me.id, zone=zone_of(me), limit=limit)
    sorting = sorting_of(me.viewer, kind, wanted.order)
    return ListShown(
        kind,
        asked,
        replace(wanted, order=sorting.now),
        filters,
        tuple(people(session, me.viewer)),
        tuple(views_of(session, me.viewer, kind)),
        normal_query(asked.items()),
        columns_of(kind, fields, asked),
        sorting,
    )


@router.get("/lists/{kind}/columns")
def choose_columns(
    kind: RecordType, me: Me, query: str = "", column: Annotated[list[str] | None, Query()] = None
) -> Response:
    """The list with these columns, and whatever else its address asks for."""
    del me  # Everybody who is signed in has lists.
    kept = {name: value for name, value in parse_qsl(query) if name != COLUMNS}
    asked = normal_query({**kept, COLUMNS: columns_named(column or [])}.items())
    return RedirectResponse(f"/{PLURALS[kind]}" + (f"?{asked}" if asked else ""), 303)


@router.post("/views")
def keep_view(
    request: Request,
    me: Me,
    kind: Annotated[RecordType, Form()],
    name: Annotated[str, Form()],
    query: Annotated[str, Form()] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a list under a name, and show it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        save_view(session, me.viewer, kind, name, query, shared=shared)
    return RedirectResponse(f"/{PLURALS[kind]}?{query_kept(query)}", 303)


@router.post("/views/{view_id}/remove")
def forget_view(request: Request, me: Me, view_id: RowId) -> Response:
    """Forget a view."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        kind = remove_view(session, me.viewer, view_id)
    return RedirectResponse(f"/{PLURALS[kind]}", 303)
