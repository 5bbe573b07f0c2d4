"""Counts and response times of mails that are given conversation by conversation, in order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import fmean, median
from zoneinfo import ZoneInfo

from crm.access.viewer import Viewer
from crm.conversations.numbers import repository
from crm.conversations.numbers.repository import CountedMail
from storage.models import Direction
from storage.sessions import ReadSession

WITHIN = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3))
"""Limits of the classes in which response times are shown; the last class is all that took longer."""


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment to before another; `zone` says where a day begins."""

    since: datetime
    until: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Times:
    """Response times in seconds: how many, half of them within `median`, `mean` of all, and `classes` by `WITHIN`."""

    count: int
    median: float | None
    mean: float | None
    classes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OfPerson:
    """The numbers of one person; `user_id` None: of nobody."""

    user_id: int | None
    received: int
    sent: int
    responses: Times
    deals: int
    won: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one page shows. `waiting`: conversations whose last mail is a customer's. `days`: received and sent by day."""

    received: int
    sent: int
    waiting: int
    first_responses: Times
    responses: Times
    days: tuple[tuple[date, int, int], ...]
    people: tuple[OfPerson, ...]
    deals: int
    won: int
    more_there: bool


@dataclass(frozen=True, slots=True)
class _Response:
    seconds: float
    first: bool
    person_id: int | None


def numbers(
    session: ReadSession, viewer: Viewer, period: Period, *, mailbox_ids: Sequence[int] | None, person_id: int | None
) -> Numbers:
    """The numbers of a time, of some mailboxes or all, of one person or all that the viewer may count: others than administrators
    and managers count what is theirs, and no colleague's part in a conversation with them."""

    def counts(whose: int | None) -> bool:
        return person_id in (None, whose) and (viewer.may_oversee or whose == viewer.user_id)

    found = repository.mails(session, viewer, period.since, period.until, mailbox_ids=mailbox_ids)
    left_open = [mails[0].thread_id for mails in _by_thread(found) if mails[-1].direction is Direction.INCOMING]
    later = repository.later_mails(session, viewer, left_open, period.until, mailbox_ids=mailbox_ids)
    whole = sorted([*found, *later], key=lambda one: (one.thread_id, one.at))
    older = repository.begun_before(session, viewer, _threads_begun_by_customers(found), period.since)
    responses = [one for one in _responses(whole, older, period.until) if counts(one.person_id)]
    last = [mails[-1] for mails in _by_thread(whole)]
    waiting = [one for one in last if one.direction is Direction.INCOMING and one.at < period.until]
    counted = [one for one in found if counts(one.person_id)]
    deals = [
        one
        for one in repository.deals_begun(session, viewer, period.since, period.until, mailbox_ids=mailbox_ids)
        if counts(one.person_id)
    ]
    return Numbers(
        received=_count(counted, Direction.INCOMING),
        sent=_count(counted, Direction.OUTGOING),
        waiting=sum(counts(one.person_id) for one in waiting),
        first_responses=times(one.seconds for one in responses if one.first),
        responses=times(one.seconds for one in responses),
        days=_days(counted, period),
        people=_people(counted, responses, deals),
        deals=sum(one.begun for one in deals),
        won=sum(one.won for one in deals),
        more_there=len(found) >= repository.MOST_MAILS,
    )


def times(seconds: Iterable[float]) -> Times:
    """What one says of response times."""
    known = sorted(seconds)
    if not known:
        return Times(0, None, None, (0,) * (len(WITHIN) + 1))
    limits = [limit.total_seconds() for limit in WITHIN]
    classes = Counter(sum(one > limit for limit in limits) for one in known)
    return Times(len(known), median(known), fmean(known), tuple(classes[each] for each in range(len(limits) + 1)))


def _by_thread(found: Sequence[CountedMail]) -> Iterable[list[CountedMail]]:
    return (list(mails) for _, mails in groupby(found, key=lambda one: one.thread_id))


def _threads_begun_by_customers(found: Sequence[CountedMail]) -> list[int]:
    return [mails[0].thread_id for mails in _by_thread(found) if mails[0].direction is Direction.INCOMING]


def _responses(found: Sequence[CountedMail], older: set[int], until: datetime) -> Iterable[_Response]:
    """Each time that we answered what customers wrote before `until`, counted from the first mail that waited."""
    for mails in _by_thread(found):
        since: datetime | None = None
        first = mails[0].direction is Direction.INCOMING and mails[0].thread_id not in older
        for mail in mails:
            if mail.direction is Direction.INCOMING:
                since = since or mail.at
            elif since is not None:
                if since < until:
                    yield _Response((mail.at - since).total_seconds(), first, mail.person_id)
                since, first = None, False


def _count(mails: Iterable[CountedMail], direction: Direction) -> int:
    return sum(mail.direction is direction for mail in mails)


def _days(mails: Sequence[CountedMail], period: Period) -> tuple[tuple[date, int, int], ...]:
    by_day = Counter((mail.at.astimezone(period.zone).date(), mail.direction) for mail in mails)
    first, last = period.since.astimezone(period.zone).date(), period.until.astimezone(period.zone).date()
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple((day, by_day[day, Direction.INCOMING], by_day[day, Direction.OUTGOING]) for day in every)


def _people(
    mails: Sequence[CountedMail], responses: Sequence[_Response], deals: Sequence[repository.DealsOf]
) -> tuple[OfPerson, ...]:
    counts = Counter((one.person_id, one.direction) for one in mails)
    took: dict[int | None, list[float]] = {}
    for response in responses:
        took.setdefault(response.person_id, []).append(response.seconds)
    of_deals = {one.person_id: one for one in deals}
    rows = [
        OfPerson(
            user_id,
            counts[user_id, Direction.INCOMING],
            counts[user_id, Direction.OUTGOING],
            times(took.get(user_id, ())),
            of_deals[user_id].begun if user_id in of_deals else 0,
            of_deals[user_id].won if user_id in of_deals else 0,
        )
        for user_id in {person_id for person_id, _ in counts} | of_deals.keys()
    ]
    return tuple(sorted(rows, key=lambda one: (one.user_id is None, -one.received - one.sent)))
