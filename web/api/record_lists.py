"""Lists of records for programs, filtered and sorted as those of the pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from crm.access.viewer import Viewer
from crm.records.repository import reading
from crm.records.views import CompanyView, ContactView, DealView, LeadView, RecordFilter
from storage.models import RecordType
from storage.sessions import ReadSession
from web.api.callers import RecordReader
from web.api.paging import After, Limit, Listing
from web.api.record_filters import BY_FIELDS, OfAny, OfContacts, OfDeals, OfLeads, cursor_behind, wanted_of
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])
View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class OnePage:
    """Which page of a list; `after` is read with the rest of the address."""

    after: After = None
    limit: Limit = 50


Page = Annotated[OnePage, Depends()]


@router.get("/contacts", openapi_extra=BY_FIELDS)
def contacts(
    request: Request, viewer: RecordReader, asked: Annotated[OfContacts, Depends()], page: Page
) -> Listing[ContactView]:
    """Contacts, newest first unless another order is asked for."""
    return _listed(request, viewer, RecordType.CONTACT, asked, page.limit, reading.contacts)


@router.get("/companies", openapi_extra=BY_FIELDS)
def companies(
    request: Request, viewer: RecordReader, asked: Annotated[OfAny, Depends()], page: Page
) -> Listing[CompanyView]:
    """Companies, newest first unless another order is asked for."""
    return _listed(request, viewer, RecordType.COMPANY, asked, page.limit, reading.companies)


@router.get("/leads", openapi_extra=BY_FIELDS)
def leads(
    request: Request, viewer: RecordReader, asked: Annotated[OfLeads, Depends()], page: Page
) -> Listing[LeadView]:
    """Leads of all states unless one is asked for, newest first unless another order is."""
    return _listed(request, viewer, RecordType.LEAD, asked, page.limit, reading.leads)


@router.get("/deals", openapi_extra=BY_FIELDS)
def deals(
    request: Request, viewer: RecordReader, asked: Annotated[OfDeals, Depends()], page: Page
) -> Listing[DealView]:
    """Deals of all pipelines unless one is asked for, newest first unless another order is."""
    return _listed(request, viewer, RecordType.DEAL, asked, page.limit, reading.deals)


def _listed(
    request: Request,
    viewer: Viewer,
    kind: RecordType,
    asked: OfAny,
    limit: int,
    read: Callable[[ReadSession, Viewer, RecordFilter], list[View]],
) -> Listing[View]:
    with services_of(request).store.database.reading() as session:
        wanted = wanted_of(request, session, viewer, kind, asked, limit=limit)
        rows = read(session, viewer, wanted)
    return Listing(items=rows, next=cursor_behind(wanted, rows))
