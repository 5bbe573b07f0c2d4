"""Lists of records for programs, filtered and sorted as those of the pages."""

from typing import Annotated

from fastapi import Depends, Request

from crm.records.repository import reading
from crm.records.views import CompanyView, ContactView, DealView, LeadView
from storage.models import RecordType
from web.api.callers import RecordReader
from web.api.paging import After, Limit, Listing
from web.api.record_filters import BY_FIELDS, OfAny, OfContacts, OfDeals, OfLeads, cursor_behind, wanted_of
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["records"])


@router.get("/contacts", openapi_extra=BY_FIELDS)
def contacts(
    request: Request,
    viewer: RecordReader,
    asked: Annotated[OfContacts, Depends()],
    after: After = None,
    limit: Limit = 50,
) -> Listing[ContactView]:
    """Contacts, newest first unless another order is asked for."""
    del after  # It is read with the rest of the address.
    with services_of(request).store.database.reading() as session:
        wanted = wanted_of(request, session, viewer, RecordType.CONTACT, asked, limit=limit)
        rows = reading.contacts(session, viewer, wanted)
    return Listing(items=rows, next=cursor_behind(wanted, rows))


@router.get("/companies", openapi_extra=BY_FIELDS)
def companies(
    request: Request, viewer: RecordReader, asked: Annotated[OfAny, Depends()], after: After = None, limit: Limit = 50
) -> Listing[CompanyView]:
    """Companies, newest first unless another order is asked for."""
    del after
    with services_of(request).store.database.reading() as session:
        wanted = wanted_of(request, session, viewer, RecordType.COMPANY, asked, limit=limit)
        rows = reading.companies(session, viewer, wanted)
    return Listing(items=rows, next=cursor_behind(wanted, rows))


@router.get("/leads", openapi_extra=BY_FIELDS)
def leads(
    request: Request, viewer: RecordReader, asked: Annotated[OfLeads, Depends()], after: After = None, limit: Limit = 50
) -> Listing[LeadView]:
    """Leads of all states unless one is asked for, newest first unless another order is."""
    del after
    with services_of(request).store.database.reading() as session:
        wanted = wanted_of(request, session, viewer, RecordType.LEAD, asked, limit=limit)
        rows = reading.leads(session, viewer, wanted)
    return Listing(items=rows, next=cursor_behind(wanted, rows))


@router.get("/deals", openapi_extra=BY_FIELDS)
def deals(
    request: Request, viewer: RecordReader, asked: Annotated[OfDeals, Depends()], after: After = None, limit: Limit = 50
) -> Listing[DealView]:
    """Deals of all pipelines unless one is asked for, newest first unless another order is."""
    del after
    with services_of(request).store.database.reading() as session:
        wanted = wanted_of(request, session, viewer, RecordType.DEAL, asked, limit=limit)
        rows = reading.deals(session, viewer, wanted)
    return Listing(items=rows, next=cursor_behind(wanted, rows))
