"""Numbers about leads: how many became clients each month, and how long that took."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from core.clock import utcnow
from crm.office.settings import read_office
from crm.records.repository import lead_numbers
from crm.records.repository.lead_numbers import Conversions, Month, months_between
from web.charts import columns
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router()
MONTHS = 12
CHART = (660.0, 150.0)


@router.get("/leads/numbers")
def page(request: Request, me: Me) -> Response:
    """Conversions of this month and the eleven before: in all, by month, by source, by person."""
    with services_of(request).store.database.reading() as session:
        zone = ZoneInfo(read_office(session).time_zone)
        months = _months(utcnow(), zone)
        since = months[0].start
        total = lead_numbers.in_total(session, me.viewer, since)
        found = lead_numbers.by_month(session, me.viewer, since, months)
        sources = lead_numbers.by_source(session, me.viewer, since)
        people = lead_numbers.by_person(session, me.viewer, since)
    by_month = [found.get(month.name, Conversions(month.name, 0, 0, None)) for month in months]
    return render(
        request,
        me,
        "leads/numbers.html",
        total=total,
        by_month=by_month,
        bars=columns([one.converted for one in by_month], width=CHART[0], height=CHART[1]),
        chart=CHART,
        zone=zone.key,
        tables=[("By source", "Came by", _most_first(sources)), ("By person", "Responsible", _most_first(people))],
    )


def _months(now: datetime, zone: ZoneInfo) -> list[Month]:
    """This month and those before it, the oldest first."""
    return months_between(now - timedelta(days=MONTHS * 31), now, zone)[-MONTHS:]


def _most_first(found: dict[str, Conversions]) -> list[Conversions]:
    return sorted(found.values(), key=lambda one: (-one.converted, -one.came, one.name.casefold()))
