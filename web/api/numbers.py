"""The numbers of customers' mail, for programs."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query, Request

from core.errors import UsageError
from crm.conversations.numbers.measuring import Numbers, Period, numbers
from web.api.callers import RecordReader
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(prefix="/numbers", tags=["numbers"])
LONGEST_DAYS = 3_660


@router.get("")
def of_a_time(
    request: Request,
    viewer: RecordReader,
    since: datetime,
    until: datetime,
    mailbox: Annotated[list[RowId] | None, Query()] = None,
    person: RowId | None = None,
    zone: str = "UTC",
) -> Numbers:
    """Mails received and sent, response times in seconds, and deals, from `since` to before `until`; days begin in `zone`."""
    period = Period(_moment(since), _moment(until), _zone(zone))
    if not 0 < (period.until - period.since).total_seconds() <= LONGEST_DAYS * 86_400:
        raise UsageError("Ask for a time that begins before it ends, of ten years at most.")
    with services_of(request).store.database.reading() as session:
        return numbers(session, viewer, period, mailbox_ids=mailbox, person_id=person)


def _moment(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError("There is no such time zone: write it as Europe/Warsaw.") from None
