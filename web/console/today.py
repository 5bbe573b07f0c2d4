"""The Today page: what needs me now, longest waiting first, and the way to it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.conversations.repository.waiting import waiting_mails
from web.rendering import render
from web.signed_in import Me, services_of

router = APIRouter()


@router.get("/")
def today_page(request: Request, me: Me) -> Response:
    """What needs the signed-in person."""
    with services_of(request).store.database.reading() as session:
        waiting = waiting_mails(session, me.viewer)
    return render(request, me, "today/index.html", waiting=waiting)
