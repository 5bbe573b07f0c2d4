"""The bell: what a person should know, and that they know it."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from crm.access.notifications import mark_read, notices
from storage.writer_lock import Urgency
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
PAGE = 50


@router.get("/notifications")
def notification_list(request: Request, me: Me, before: RowId | None = None) -> Response:
    """Notifications, newest first."""
    with services_of(request).store.database.reading() as session:
        rows = notices(session, me.viewer, before_id=before, limit=PAGE + 1)
    return render(request, me, "notifications.html", rows=rows[:PAGE], more_there=len(rows) > PAGE)


@router.post("/notifications/read")
def all_read(request: Request, me: Me) -> Response:
    """Everything is read."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        mark_read(session, me.viewer)
    return RedirectResponse("/notifications", 303)


@router.post("/notifications/{notice_id}/open")
def open_notice(request: Request, me: Me, notice_id: RowId) -> Response:
    """Mark one read and go where it leads."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        found = next((one for one in notices(session, me.viewer, before_id=notice_id + 1, limit=1)), None)
        mark_read(session, me.viewer, [notice_id])
    there = found is not None and found.id == notice_id and found.link.startswith("/")
    return RedirectResponse(found.link if there and found else "/notifications", 303)
