"""Duplicates proposed: groups of contacts or companies that look the same, to be merged or dismissed."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.duplicates import KINDS, dismiss, group_page, groups
from crm.records.merging import MOST_AT_ONCE
from crm.records.paths import PLURALS
from crm.records.repository.leads_of_clients import leads_of_clients
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.forms import Place, RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
PAGE = 20
SHOWN_OF_EACH = 20
COUNTED = 50
"""Pairs that are read to count groups above a list: it is asked with every page, and “more than fifty” tells enough."""
MOST_OF_CLIENTS = 30
REASONS = {
    "email": "the same e-mail address",
    "phone": "the same phone",
    "name": "a similar name",
    "domain": "the same domain",
}


@router.get("/contacts/duplicates")
def contact_duplicates(request: Request, me: Me, page: Place = 1) -> Response:
    """People who seem to be there twice."""
    return _page(request, me, RecordType.CONTACT, page)


@router.get("/companies/duplicates")
def company_duplicates(request: Request, me: Me, page: Place = 1) -> Response:
    """Companies that seem to be there twice."""
    return _page(request, me, RecordType.COMPANY, page)


@router.get("/leads/duplicates")
def lead_duplicates(request: Request, me: Me, page: Place = 1) -> Response:
    """Active leads that seem to be there twice, and those of clients who are known."""
    return _page(request, me, RecordType.LEAD, page)


@router.post("/records/duplicates/dismiss")
def not_the_same(
    request: Request, me: Me, kind: Annotated[RecordType, Form()], record: Annotated[list[RowId], Form()]
) -> Response:
    """Say that these are not the same."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        dismiss(session, me.viewer, kind, record)
    return RedirectResponse(f"/{PLURALS[kind]}/duplicates", 303)


def proposed_groups(session: ReadSession, viewer: Viewer, kind: RecordType) -> str:
    """How many groups wait for a decision of somebody who may write, in a word; empty for none. Asked with every list."""
    if kind not in KINDS or not viewer.may_write:
        return ""
    found = groups(session, viewer, kind, COUNTED)
    more = "+" if sum(len(group.ids) - 1 for group in found) >= COUNTED else ""
    return f"{len(found)}{more}" if found else ""


def _page(request: Request, me: Me, kind: RecordType, page: int) -> Response:
    start = max(page - 1, 0) * PAGE
    with services_of(request).store.database.reading() as session:
        shown, count = group_page(session, me.viewer, kind, start, PAGE, SHOWN_OF_EACH)
        first_of_leads = kind is RecordType.LEAD and not start
        of_clients = leads_of_clients(session, me.viewer, MOST_OF_CLIENTS) if first_of_leads else []
    if start and not shown:
        raise NotFound("There are no more duplicates: begin again at the first page.")
    return render(
        request,
        me,
        "records/duplicates.html",
        kind=kind,
        plural_name=PLURALS[kind],
        groups=shown,
        of_clients=of_clients,
        count=count,
        next_page=page + 1 if count > start + PAGE else None,
        reasons=REASONS,
        most_merged=MOST_AT_ONCE,
    )
