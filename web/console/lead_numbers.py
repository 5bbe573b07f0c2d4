"""Numbers about leads: how many became clients each month, and how long that took."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import Response

from core.clock import utcnow
from crm.records.repository import lead_numbers
from crm.records.repository.lead_numbers import Conversions
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
    months = _months(utcnow())
    since = datetime.strptime(months[0], "%Y-%m").replace(tzinfo=UTC)
    with services_of(request).store.database.reading() as session:
        total = lead_numbers.in_total(session, me.viewer, since)
        found = lead_numbers.by_month(session, me.viewer, since)
        sources = lead_numbers.by_source(session, me.viewer, since)
        people = lead_numbers.by_person(session, me.viewer, since)
    by_month = [found.get(month, Conversions(month, 0, 0, None)) for month in months]
    return render(
        request,
        me,
        "leads/numbers.html",
        total=total,
        by_month=by_month,
        bars=columns([one.converted for one in by_month], width=CHART[0], height=CHART[1]),
        chart=CHART,
        tables=[("By source", "Came by", _most_first(sources)), ("By person", "Responsible", _most_first(people))],
    )


def _months(now: datetime) -> list[str]:
    """This month and those before it, the oldest first."""
    counted = [now.year * 12 + now.month - 1 - back for back in range(MONTHS)]
    return [f"{number // 12}-{number % 12 + 1:02}" for number in reversed(counted)]


def _most_first(found: dict[str, Conversions]) -> list[Conversions]:
    return sorted(found.values(), key=lambda one: (-one.converted, -one.came, one.name.casefold()))
