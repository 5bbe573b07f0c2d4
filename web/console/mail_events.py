"""What readers did with a mail of ours: each opening and each link that was followed."""

from fastapi import Request
from fastapi.responses import Response

from crm.access.receipts import happenings_of_message
from crm.conversations.repository.messages import message_view
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
PAGE = 50


@router.get("/mail/messages/{message_id}/events")
def mail_events(request: Request, me: Me, message_id: RowId, before: RowId | None = None) -> Response:
    """They are listed below the mail, or on a page of their own without script."""
    with services_of(request).store.database.reading() as session:
        message = message_view(session, me.viewer, message_id)
        found = happenings_of_message(session, me.viewer, message_id, before_id=before, limit=PAGE + 1)
    part, older = "mail/_events.html", len(found) > PAGE
    return render(request, me, "mail/events.html", part=part, message=message, events=found[:PAGE], older=older)
