"""The Today page: what needs me now, longest waiting first, and the way to it."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from core.clock import utcnow
from crm.conversations.repository.mailboxes import mailboxes
from crm.conversations.repository.waiting import waiting_mails
from crm.stream.timeline.repository import upcoming
from crm.work.repository import tasks
from crm.work.views import TaskFilter
from storage.models import ActivityKind
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of, zone_of

router = page_router()
SHOWN = 8


@router.get("/")
def today_page(request: Request, me: Me) -> Response:
    """What needs the signed-in person."""
    now = utcnow()
    with services_of(request).store.database.reading() as session:
        waiting = waiting_mails(session, me.viewer, limit=SHOWN)
        due = tasks(session, me.viewer, TaskFilter(limit=SHOWN))
        planned = [
            entry
            for entry in upcoming(session, me.viewer, limit=30)
            if entry.kind in (ActivityKind.CALL, ActivityKind.MEETING)
        ]
        troubled = mailboxes(session, me.viewer, in_trouble=True)
    lists: dict[str, Any] = {"waiting": waiting, "tasks": due, "planned": planned[:SHOWN], "troubled": troubled}
    return render(request, me, "today/index.html", **lists, greeting=_greeting(now.astimezone(zone_of(me)).hour))


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"
