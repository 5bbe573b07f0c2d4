"""Saved views of lists, for programs: `view` of a list takes their ids."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from pydantic import BaseModel, Field

from crm.access.viewer import Viewer
from crm.records.fields.custom import fields_of
from crm.records.saved_views import OF_A_PAGE as NEWS_OF_A_PAGE
from crm.records.saved_views import ViewOfList, change_view, list_of_view, remove_view, save_view, views_of
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import Listing
from web.api.record_filters import NAMES_ON_PAGES, NO_PARAMETERS, OF_A_PAGE, OF_KIND, names_of, require_known
from web.api.records import Made
from web.forms import RowId
from web.list_columns import PARAMETER as COLUMNS
from web.notices import PARAMETER as NOTICE
from web.record_queries import filters_of
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/views", tags=["records"])
ONLY_ON_PAGES = frozenset({COLUMNS, "shape"})
"""What pages alone show a list by."""
WHERE_ONE_IS = (OF_A_PAGE | NEWS_OF_A_PAGE | {NOTICE}) - NO_PARAMETERS
"""Parameters of a list, here or on its page, that are no part of what it shows."""
Query = Annotated[
    str,
    Field(
        description="What stands behind the `?` of the list's address, here or on its page.",
        examples=["responsible_id=3&tag=vip&order=name"],
    ),
]


class NewView(BaseModel):
    """A list to be kept under a name; one of one's own of that name is replaced."""

    record_type: RecordType
    name: str
    query: Query
    shared: bool = False


class ViewChange(BaseModel):
    """What is to be another one; what is left out stays."""

    name: str | None = None
    query: Query | None = None
    shared: bool | None = None


@router.get("")
def views(request: Request, viewer: RecordReader, record_type: RecordType) -> Listing[ViewOfList]:
    """One's own views of a list, then those that others share (`owner`: whose it is)."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=views_of(session, viewer, record_type))


@router.post("", status_code=201)
def keep(request: Request, viewer: RecordWriter, new: NewView) -> Made:
    """Keep a list under a name."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        query = _as_on_pages(session, viewer, new.record_type, new.query)
        return Made(id=save_view(session, viewer, new.record_type, new.name, query, shared=new.shared))


@router.patch("/{view_id}", status_code=204)
def change(request: Request, viewer: RecordWriter, view_id: RowId, change: ViewChange) -> None:
    """Rename a view of one's own, share it or no more, or keep another list under its name."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        kind, query = list_of_view(session, viewer, view_id), change.query
        query = None if query is None else _as_on_pages(session, viewer, kind, query)
        change_view(session, viewer, view_id, name=change.name, query=query, shared=change.shared)


@router.delete("/{view_id}", status_code=204)
def forget(request: Request, viewer: RecordWriter, view_id: RowId) -> None:
    """Forget a view of one's own; administrators also a shared one of others."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        remove_view(session, viewer, view_id)


def _as_on_pages(session: ReadSession, viewer: Viewer, kind: RecordType, query: str) -> str:
    """By the names that pages have for the filters: they open the view too. Raises `UsageError` for what lists have not."""
    asked = [(name, value) for name, value in parse_qsl(query.lstrip("?")) if name not in WHERE_ONE_IS]
    of_programs = names_of(OF_KIND[kind], filters_of(kind, fields_of(session, viewer, kind))) - NO_PARAMETERS
    of_pages = {NAMES_ON_PAGES.get(name, name) for name in of_programs} | ONLY_ON_PAGES
    require_known((name for name, _ in asked), of_programs | of_pages)
    return urlencode([(NAMES_ON_PAGES.get(name, name), value) for name, value in asked])
