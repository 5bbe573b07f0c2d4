"""Contacts and companies: lists, pages with the whole story, and adding one."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from crm.access.rights import Act
from crm.records.contacts import create_company, create_contact
from crm.records.on_behalf import add
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.writer_lock import Urgency
from web.console.choosing import FIND, chooser, is_question
from web.console.duplicates import known_contacts, proposed_groups
from web.console.record_lists import list_shown
from web.console.record_page import story
from web.forms import RowId, row_id, tags
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

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


@router.get("/contacts/new")
def contact_form(request: Request, me: Me) -> Response:
    """The form of a new contact."""
    me.viewer.require(Act.CREATE, RecordType.CONTACT)
    return _form(request, me, {})


@router.post("/contacts")
def new_contact(
    request: Request,
    me: Me,
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    phone: Annotated[str, Form()] = "",
    position: Annotated[str, Form()] = "",
    company: Annotated[str, Form()] = "",
    company_words: Annotated[str, Form()] = "",
    company_asked: Annotated[str, Form()] = "",
    labels: Annotated[str, Form()] = "",
    anyway: Annotated[bool, Form()] = False,
    find: Annotated[str | None, Form()] = None,
) -> Response:
    """Add a contact and show it; or look for its company first. Where somebody has the address or phone, point at them first."""
    me.viewer.require(Act.CREATE, RecordType.CONTACT)
    typed = {"name": name, "email": email, "phone": phone, "position": position, "company": company, "labels": labels}
    asked = {"company_words": company_words, "company_asked": company_asked} | ({} if find is None else {FIND: find})
    if is_question(asked, "company"):
        return _form(request, me, typed | asked)
    if not anyway and (known := known_contacts(request, me.viewer, [email], [phone])):
        overlay = "records/_known.html"
        return render(request, me, "overlay_page.html", overlay=overlay, known=known, typed=typed, status=409)
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        contact_id = add(
            session,
            me.viewer,
            RecordType.CONTACT,
            create_contact,
            name=name,
            emails=[email] if email.strip() else [],
            phones=[phone] if phone.strip() else [],
            company_id=row_id(company),
            responsible_id=me.id,
            position=position.strip(),
            tags=tags(labels),
            source="by hand",
        )
    return RedirectResponse(f"/contacts/{contact_id}", 303)


def _form(request: Request, me: SignedIn, typed: Mapping[str, Any]) -> Response:
    with services_of(request).store.database.reading() as session:
        one = chooser(session, me, RecordType.COMPANY, "company", "Company", typed)
    return render_overlay(request, me, "records/_contact_form.html", typed=typed, one=one)


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


@router.post("/companies")
def new_company(
    request: Request, me: Me, name: Annotated[str, Form()], domain: Annotated[str, Form()] = ""
) -> Response:
    """Add a company and show it."""
    given = {"name": name, "domain": domain.strip() or None}
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        company_id = add(session, me.viewer, RecordType.COMPANY, create_company, responsible_id=me.id, **given)
    return RedirectResponse(f"/companies/{company_id}", 303)


@router.get("/companies/new")
def company_form(request: Request, me: Me) -> Response:
    """The form of a new company."""
    me.viewer.require(Act.CREATE, RecordType.COMPANY)
    return render_overlay(request, me, "records/_company_form.html")


@router.get("/companies/{company_id}")
def company_page(request: Request, me: Me, company_id: RowId) -> Response:
    """One company, its people and deals, and everything that happened."""
    with services_of(request).store.database.reading() as session:
        company = reading.company(session, me.viewer, company_id)
        contacts = reading.contacts(session, me.viewer, RecordFilter(company_id=company_id, limit=50))
        deals = reading.deals(session, me.viewer, RecordFilter(company_id=company_id, limit=20))
    told = story(request, me, RecordType.COMPANY, company_id)
    return render(request, me, "records/company.html", company=company, contacts=contacts, deals=deals, **told)
