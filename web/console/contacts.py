"""Contacts and companies: lists, and pages with the whole story."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import RecordType
from web.console.duplicates import proposed_groups
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
PAGE = 60


@router.get("/contacts")
def contact_list(request: Request, me: Me) -> Response:
    """People outside, as the filter and the order of the address ask for."""
    with services_of(request).store.database.reading() as session:
        shown = list_shown(request, me, session, RecordType.CONTACT, PAGE + 1)
        rows = reading.contacts(session, me.viewer, shown.wanted)
        duplicates = proposed_groups(session, me.viewer, RecordType.CONTACT)
    context: dict[str, Any] = {
        "shown": shown,
        "rows": rows[:PAGE],
        "more_there": len(rows) > PAGE,
        "duplicates": duplicates,
    }
    return render(request, me, "records/contacts.html", **context)


@router.get("/contacts/{contact_id}")
def contact_page(request: Request, me: Me, contact_id: RowId) -> Response:
    """One contact with everything that happened."""
    with services_of(request).store.database.reading() as session:
        contact = reading.contact(session, me.viewer, contact_id)
        deals = reading.deals(session, me.viewer, RecordFilter(contact_id=contact_id, limit=20))
    told = story(request, me, RecordType.CONTACT, contact_id)
    return render(request, me, "records/contact.html", contact=contact, deals=deals, **told)


@router.get("/companies")
def company_list(request: Request, me: Me) -> Response:
    """Organisations, as the filter and the order of the address ask for."""
    with services_of(request).store.database.reading() as session:
        shown = list_shown(request, me, session, RecordType.COMPANY, PAGE + 1)
        rows = reading.companies(session, me.viewer, shown.wanted)
        duplicates = proposed_groups(session, me.viewer, RecordType.COMPANY)
    context: dict[str, Any] = {
        "shown": shown,
        "rows": rows[:PAGE],
        "more_there": len(rows) > PAGE,
        "duplicates": duplicates,
    }
    return render(request, me, "records/companies.html", **context)


@router.get("/companies/{company_id}")
def company_page(request: Request, me: Me, company_id: RowId) -> Response:
    """One company, its people and deals, and everything that happened."""
    with services_of(request).store.database.reading() as session:
        company = reading.company(session, me.viewer, company_id)
        contacts = reading.contacts(session, me.viewer, RecordFilter(company_id=company_id, limit=50))
        deals = reading.deals(session, me.viewer, RecordFilter(company_id=company_id, limit=20))
    told = story(request, me, RecordType.COMPANY, company_id)
    return render(request, me, "records/company.html", company=company, contacts=contacts, deals=deals, **told)
