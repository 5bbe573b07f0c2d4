"""Numbers: how much customers' mail there is, how soon it is answered, and what comes of it."""

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from core.clock import utcnow
from core.errors import UsageError
from crm.access.repository import people
from crm.access.viewer import Viewer
from crm.conversations.numbers.measuring import Period, numbers
from crm.conversations.repository.reach import reach_of
from web.charts import pairs
from web.forms import RowId, day_in
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
DAYS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
LONGEST = timedelta(days=3_660)
CHART = (720, 160)
CLASSES = ("within an hour", "within 4 hours", "within a day", "within 3 days", "later")


@router.get("/numbers")
def numbers_page(
    request: Request,
    me: Me,
    days: int = 30,
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
    mailbox: RowId | None = None,
    person: RowId | None = None,
) -> Response:
    """Counts first, then pictures, each with its table."""
    period = _period(me, days if days in DAYS else 30, since, until)
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
        mailbox_names={one.id: one.name for one in mailboxes},
        day_choices=DAYS,
        classes=CLASSES,
        chosen={"days": days, "from": since, "to": until, "mailbox": mailbox, "person": person},
    )


def _period(me: SignedIn, days: int, since: str, until: str) -> Period:
    """From one day to another, both with them, in the reader's time zone; else the last so many days. Raises `UsageError`."""
    now, zone = utcnow(), zone_of(me)
    after = day_in(until, me)
    end = now if after is None else min(now, after.astimezone(zone) + timedelta(days=1))
    last = (end - timedelta.resolution).astimezone(zone).date()
    begin = day_in(since, me) or datetime.combine(last - timedelta(days=days - 1), time(), zone)
    if not timedelta(0) < end - begin <= LONGEST:
        raise UsageError("Choose a first day that is not after the last one, and ten years at most.")
    return Period(begin, end, zone)
