"""Counts and response times of mails that are given conversation by conversation, in order."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import fmean, median
from zoneinfo import ZoneInfo

from crm.access.viewer import Viewer
from crm.conversations.numbers import repository
from crm.conversations.numbers.repository import Begun, CountedMail
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
    leads: int
    converted: int


@dataclass(frozen=True, slots=True)
class OfMailbox:
    """The numbers of the mail in one mailbox, and of what began with it.

    `mailbox_id` None: of mail that lies in none any more, and of what began without mail.
    """

    mailbox_id: int | None
    received: int
    sent: int
    responses: Times
    deals: int
    won: int
    leads: int
    converted: int


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
    mailboxes: tuple[OfMailbox, ...]
    deals: int
    won: int
    leads: int
    converted: int
    more_there: bool


Row = tuple[int, int, Times, int, int, int, int]
"""Received, sent, responses, deals, those won, leads, those converted."""


@dataclass(frozen=True, slots=True)
class _Response:
    seconds: float
    first: bool
    person_id: int | None
    mailbox_id: int | None


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
    time = (period.since, period.until)
    deals = [
        each
        for each in repository.deals_begun(session, viewer, *time, mailbox_ids=mailbox_ids)
        if counts(each.person_id)
    ]
    leads = [
        each
        for each in repository.leads_begun(session, viewer, *time, mailbox_ids=mailbox_ids)
        if counts(each.person_id)
    ]
    rows = _Rows(counted, responses, deals, leads)
    return Numbers(
        received=_count(counted, Direction.INCOMING),
        sent=_count(counted, Direction.OUTGOING),
        waiting=sum(counts(one.person_id) for one in waiting),
        first_responses=times(one.seconds for one in responses if one.first),
        responses=times(one.seconds for one in responses),
        days=_days(counted, period),
        people=tuple(OfPerson(person_id, *row) for person_id, row in rows.by(_person)),
        mailboxes=tuple(OfMailbox(mailbox_id, *row) for mailbox_id, row in rows.by(_mailbox)),
        deals=sum(one.begun for one in deals),
        won=sum(one.won for one in deals),
        leads=sum(one.begun for one in leads),
        converted=sum(one.won for one in leads),
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
        waited: int | None = None
        first = mails[0].direction is Direction.INCOMING and mails[0].thread_id not in older
        for mail in mails:
            if mail.direction is Direction.INCOMING:
                if since is None:
                    since, waited = mail.at, mail.mailbox_id
            elif since is not None:
                if since < until:
                    yield _Response((mail.at - since).total_seconds(), first, mail.person_id, waited)
                since, first = None, False


def _count(mails: Iterable[CountedMail], direction: Direction) -> int:
    return sum(mail.direction is direction for mail in mails)


def _days(mails: Sequence[CountedMail], period: Period) -> tuple[tuple[date, int, int], ...]:
    by_day = Counter((mail.at.astimezone(period.zone).date(), mail.direction) for mail in mails)
    first, last = period.since.astimezone(period.zone).date(), period.until.astimezone(period.zone).date()
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple((day, by_day[day, Direction.INCOMING], by_day[day, Direction.OUTGOING]) for day in every)


def _person(one: CountedMail | _Response | Begun) -> int | None:
    return one.person_id


def _mailbox(one: CountedMail | _Response | Begun) -> int | None:
    return one.mailbox_id


class _Rows:
    """The rows of a table: of each person, or of each mailbox."""

    def __init__(
        self,
        mails: Sequence[CountedMail],
        responses: Sequence[_Response],
        deals: Sequence[Begun],
        leads: Sequence[Begun],
    ) -> None:
        self._mails, self._responses, self._deals, self._leads = mails, responses, deals, leads

    def by(self, whose: Callable[[CountedMail | _Response | Begun], int | None]) -> list[tuple[int | None, Row]]:
        """One row for each that anything is told of, the busiest first, and what is nobody's last."""
        counts = Counter((whose(one), one.direction) for one in self._mails)
        took: dict[int | None, list[float]] = {}
        for response in self._responses:
            took.setdefault(whose(response), []).append(response.seconds)
        begun: Counter[tuple[str, int | None]] = Counter()
        for kind, some in (("deal", self._deals), ("lead", self._leads)):
            for one in some:
                begun[kind, whose(one)] += one.begun
                begun[f"{kind} won", whose(one)] += one.won
        rows: list[tuple[int | None, Row]] = []
        for key in {key for key, _ in counts} | {key for _, key in begun}:
            mails = (counts[key, Direction.INCOMING], counts[key, Direction.OUTGOING], times(took.get(key, ())))
            deals, leads = (begun["deal", key], begun["deal won", key]), (begun["lead", key], begun["lead won", key])
            rows.append((key, (*mails, *deals, *leads)))
        return sorted(rows, key=lambda row: (row[0] is None, -row[1][0] - row[1][1]))
