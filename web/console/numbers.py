"""Numbers: how much customers' mail there is, how soon it is answered, and what comes of it."""

from datetime import datetime, time, timedelta

from fastapi import Request
from fastapi.responses import Response

from core.clock import utcnow
from crm.access.repository import people
from crm.access.viewer import Viewer
from crm.conversations.numbers.measuring import Period, numbers
from crm.conversations.repository.reach import reach_of
from web.charts import pairs
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
DAYS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
CHART = (720, 160)
CLASSES = ("within an hour", "within 4 hours", "within a day", "within 3 days", "later")


@router.get("/numbers")
def numbers_page(
    request: Request, me: Me, days: int = 30, mailbox: RowId | None = None, person: RowId | None = None
) -> Response:
    """Counts first, then pictures, each with its table."""
    period = _period(me, days if days in DAYS else 30)
    with services_of(request).store.database.reading() as session:
        found = numbers(
            session, me.viewer, period, mailbox_ids=None if mailbox is None else [mailbox], person_id=person
        )
        colleagues = people(session, me.viewer, with_inactive=True)
        mailboxes = reach_of(session, Viewer.system() if me.viewer.may_oversee else me.viewer).mailboxes
    return render(
        request,
        me,
        "numbers/index.html",
        found=found,
        bars=pairs(found.days, width=CHART[0], height=CHART[1]),
        chart=CHART,
        names={one.id: one.name for one in colleagues},
        colleagues=[one for one in colleagues if one.active],
        mailboxes=mailboxes,
        day_choices=DAYS,
        classes=CLASSES,
        chosen={"days": days, "mailbox": mailbox, "person": person},
    )


def _period(me: SignedIn, days: int) -> Period:
    """So many days, today with them, in the reader's time zone."""
    zone = zone_of(me)
    today = datetime.combine(utcnow().astimezone(zone).date(), time(), zone)
    return Period(today - timedelta(days=days - 1), utcnow(), zone)
