"""What another policy would have made of the last month's mail; nothing of it is written.

Three times the same mail goes through the steps that decide, in memory. Twice in a world without the records that it made
in this mailbox: by the policy in force, and by the other one, so that what differs is the policy's doing alone. Once by the
other one in the world as it is: that is what applying it would make.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.crypto import KeyRing
from crm.intake.batch import Batch, Item, Letter
from crm.intake.clients import Key
from crm.intake.context import MailboxContext
from crm.intake.gathering import load_clients_of
from crm.intake.policies.policy import Policy
from crm.intake.policies.repository.rules import read_rules
from crm.intake.policies.sender_rules import Rule, SenderRules
from crm.intake.repository.context import look_at_context
from crm.intake.repository.letters import letters_by_id
from crm.intake.repository.tallies import load_tallies
from crm.intake.repository.written_to import load_written_to
from crm.intake.revisiting.repository import places as rows
from crm.intake.revisiting.repository.made import made_by
from crm.intake.revisiting.stored import StoredPlace, items_of
from crm.intake.steps.creation import create_records
from crm.intake.steps.earlier_mail import EarlierMail
from crm.intake.steps.limits import begin_turn
from crm.intake.steps.matching import find_records
from crm.intake.steps.timeline import put_on_timeline
from crm.intake.threads import Conversations
from storage.models import Row
from storage.sessions import ReadSession

SPAN = timedelta(days=30)
MOST = 2000
"""Mails of one trial: a second of work, within a request."""
NOTHING, JOINS = "nothing", "joins"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a mail: `deal`, `repeat lead`, `contact`, `joins` (what is open), `nothing`; and why."""

    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A mail of which another policy makes something else. `would_make`: applied now, it would make something of it."""

    message_id: int
    at: datetime
    before: Verdict
    after: Verdict
    would_make: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """The mail that was tried, what each policy makes of it by number, and where they differ, the newest first.

    `left_out` mails are older than the newest `MOST`. `would_make`: what applying the other policy now would make.
    """

    since: datetime
    until: datetime
    mails: int
    left_out: int
    before: dict[str, int]
    after: dict[str, int]
    changes: tuple[Change, ...]
    would_make: dict[str, int]


def try_policy(
    session: ReadSession, keys: KeyRing, mailbox_id: int, wanted: Policy, now: datetime, further: Sequence[Rule] = ()
) -> Trial:
    """Try a policy on the mail that came to a mailbox as news in the last thirty days, with the rules for senders that there
    are and `further` ones. Raises `NotFound`."""
    context = look_at_context(session, mailbox_id, keys)
    rules = SenderRules([*read_rules(session, mailbox_id), *further])
    repeat_items = wanted.repeat_items and context.mode.repeat_items
    other = replace(context, policy=replace(wanted, rules=rules, repeat_items=repeat_items))
    since = now - SPAN
    places = rows.newest(session, mailbox_id, since, now, MOST)
    count = rows.count(session, mailbox_id, since, now) if len(places) == MOST else len(places)
    made = made_by(session, {place.message_id for place in places if _made_something(place)})
    before = _judge(session, context, places, now, without=made)
    after = _judge(session, other, places, now, without=made)
    really = _judge(session, other, places, now, without=None)
    return Trial(
        since=since,
        until=now,
        mails=len(before),
        left_out=count - len(places),
        before=dict(Counter(verdict.outcome for _, verdict in before.values())),
        after=dict(Counter(verdict.outcome for _, verdict in after.values())),
        changes=tuple(_changes(before, after, really)),
        would_make=dict(Counter(verdict.outcome for item, verdict in really.values() if _makes(item))),
    )


Judged = dict[int, tuple[Item, Verdict]]
"""By place."""


def _made_something(place: StoredPlace) -> bool:
    created = place.outcome("create")
    return created is not None and created[0] != NOTHING


def _changes(before: Judged, after: Judged, really: Judged) -> Iterable[Change]:
    for place_id in sorted(before, key=lambda each: (before[each][0].prepared.internal_date, each), reverse=True):
        item, verdict = before[place_id]
        other = after[place_id][1]
        would_make = _makes(really[place_id][0])
        if verdict.outcome != other.outcome or would_make:
            yield Change(item.letter.id, item.prepared.internal_date, verdict, other, would_make)


def _makes(item: Item) -> bool:
    return any(each.step == "create" and each.outcome != NOTHING for each in item.decision)


def _judge(
    session: ReadSession,
    context: MailboxContext,
    places: Sequence[StoredPlace],
    now: datetime,
    *,
    without: Collection[Key] | None,
) -> Judged:
    letters = letters_by_id(session, context, {place.message_id for place in places})
    batch = Batch(context, now, _Numbers(), _Owner(context), Conversations(context), again=True)
    batch.letters = {str(letter.id): letter for letter in letters.values()}
    batch.items = items_of(places, letters)
    threads = {item.letter.voice.node for item in batch.items}
    load_clients_of(session, batch, [item.letter for item in batch.items], threads)
    if without is not None:
        batch.clients.leave_out(without)
        for item in batch.items:
            _as_when_it_came(item.letter)
    if context.policy.only_written_to:
        load_written_to(session, batch, [item.letter for item in batch.items], threads)
    if without is None:
        load_tallies(session, batch)
    earlier = EarlierMail(batch, lambda *_: ())
    for item in batch.items:
        begin_turn(batch, item)
        find_records(batch, item)
        create_records(batch, item)
        put_on_timeline(batch, item)
        earlier.follow(item.letter)
    return {item.place_id: (item, _verdict(item)) for item in batch.items}


def _as_when_it_came(letter: Letter) -> None:
    letter.has_activity = letter.on_item = letter.created_client = letter.created_item = False


def _verdict(item: Item) -> Verdict:
    said = {each.step: each for each in item.decision}
    if (created := said.get("create")) is not None:
        return Verdict(created.outcome, created.detail)
    return Verdict(JOINS, said["match"].detail)


class _Numbers:
    """Ids of records that are never written: below all that there are."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, table: type[Row]) -> int:
        """A fresh one."""
        del table
        self._last -= 1
        return self._last


class _Owner:
    """A queue in which nobody has a turn: who is responsible decides nothing."""

    def __init__(self, context: MailboxContext) -> None:
        self._context = context

    def next(self) -> int | None:
        """The owner of the mailbox."""
        return self._context.owner_id

    def write(self) -> None:
        """Nothing is kept."""
