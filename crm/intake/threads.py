"""Threads as a union of edges between pairs of messages (design §4, step 3), the same in any order of arrival.

    m ─ x      m cites x, and they share                        (x may come before or after m)
    m ─ n      both cite x, and they share                      (whether x is there or not)
    m ─ n      one Gmail thread of one mailbox
    m ─ n      m answers by its subject alone, n has that subject, they share a person, within 30 days
    A ✂ B      somebody has split them by hand: nothing joins them, and what cites both goes where its parent is

To *share* is to have an outside person or organisation in common, or that m carries our signature for x. So a stranger
who knows a Message-ID, a subject or a number in it joins nothing. Our own addresses count where one of us passes on, to a
colleague or a third person, the very mail that x is (`passes_on`); not for the rest of what we cite, because that is what the
other side named: our answer to a stranger copies all ids that he wrote. Of several mails of one name, which is what a
stranger makes of a name that he knows, it is the one of the author whom the passed on mail quotes; where it quotes nobody,
it is none of those who do not share.

What a message cites is told by `parsers.threads.cited_ids`, as for `mailsync threads`. Where all share with all, the first
two lines give the very threads of `parsers.threads.threads_of`; strangers only part them, the last two only join more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from crm.intake.context import MailboxContext
from crm.intake.mail import Cited, Mail, Person
from crm.intake.understanding import hashed

WINDOW = timedelta(days=30)
IN_HEADERS = frozenset({"from", "sender", "reply_to", "to", "cc"})


@dataclass(frozen=True, slots=True)
class Circle:
    """Who takes part in a message: outside addresses, their organisations (with @), and our own addresses."""

    outside: frozenset[str]
    organisations: frozenset[str]
    ours: frozenset[str]
    author: str
    author_is_ours: bool

    def meets(self, other: "Circle") -> bool:
        """Whether an outside person or organisation is in both."""
        return not (self.outside.isdisjoint(other.outside) and self.organisations.isdisjoint(other.organisations))


@dataclass(slots=True)
class Voice:
    """A message as threading sees it. `node` names the set it is in."""

    message_id: int
    node: int
    date: datetime
    circle: Circle


def circle_of(people: Iterable[tuple[str, str]], context: MailboxContext, *, trusted: bool) -> Circle:
    """The circle of (role, address key) pairs; an author who is not `trusted` (failed DMARC) is not one of us."""
    outside: set[str] = set()
    ours: set[str] = set()
    author = ""
    for role, key in people:
        if role not in IN_HEADERS or not key:
            continue
        if role == "from" and not author:
            author = key
        (ours if context.is_ours(key) else outside).add(key)
    organisations = frozenset(name for name in map(context.organisation, outside) if name)
    return Circle(frozenset(outside), organisations, frozenset(ours), author, trusted and author in ours)


def circle_of_mail(people: Iterable[Person], context: MailboxContext, *, trusted: bool) -> Circle:
    """`circle_of` for a message that has just come in."""
    return circle_of(((person.role, person.key) for person in people), context, trusted=trusted)


@lru_cache(maxsize=4096)
def subject_target(subject_hash: str) -> str:
    """What an answer that cites nothing is stored as citing."""
    return hashed(f"subject\0{subject_hash}")


def gmail_target(mailbox_id: int, gmail_thread_id: int) -> str:
    """What messages of one Gmail thread are stored as citing."""
    return hashed(f"gmail\0{mailbox_id}\0{gmail_thread_id}")


def parent_target(id_hash: str, author: str = "") -> str:
    """What a mail of ours that passes on the mail called so, by that author where it tells, is stored as citing, beside
    its name."""
    return hashed(f"parent\0{id_hash}\0{author}" if author else f"parent\0{id_hash}")


class PassedOn(NamedTuple):
    """A mail that one of us passes on: its name, and who outside wrote it, as far as that is told."""

    hash: str
    author: str

    @property
    def target(self) -> str:
        """What is stored of it."""
        return parent_target(self.hash, self.author)


def passed_on(circle: Circle, mail: Mail, context: MailboxContext) -> PassedOn | None:
    """What one of us passes on with this mail: what it cites last, if it is among us, or no answer to those outside."""
    if mail.parent is None or not circle.author_is_ours or (circle.outside and mail.is_answer):
        return None
    return PassedOn(mail.parent.hash, "" if context.is_ours(mail.quoted_author) else mail.quoted_author)


def strangers(one: Circle, other: Circle) -> bool:
    """Whether two mails of one name are of different people."""
    return bool(one.outside or other.outside) and not one.meets(other)


def among_us(one: Circle, other: Circle) -> bool:
    """Whether one of us took part in both."""
    return not one.ours.isdisjoint(other.ours)


def answers(answer: Voice, other: Voice) -> bool:
    """Whether an answer that cites nothing may be one to `other`, which has its subject."""
    if abs(answer.date - other.date) > WINDOW:
        return False
    mine, theirs = answer.circle, other.circle
    if mine.outside or theirs.outside:
        return not mine.outside.isdisjoint(theirs.outside)
    return mine.author in theirs.ours and theirs.author in mine.ours


class Forest:
    """Sets of messages that belong together; a node is a stored thread's id, or a negative number for a new one."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}
        self._apart: dict[int, set[int]] = {}
        self._last_new = 0
        self.joined: list[tuple[int, int]] = []
        """(kept, given up) of every union, in order, for whoever keeps facts by node."""

    def new_node(self) -> int:
        """A set of its own."""
        self._last_new -= 1
        return self._last_new

    def root(self, node: int) -> int:
        """The name of the set that holds `node`: its smallest stored thread, else its first new one."""
        parents = self._parents
        while (parent := parents.get(node, node)) != node:
            parents[node] = node = parents.get(parent, parent)
        return node

    @property
    def has_cuts(self) -> bool:
        """Whether some sets must stay apart: then the order of unions matters."""
        return bool(self._apart)

    def keep_apart(self, one: int, other: int) -> None:
        """Somebody has split these by hand: `join` leaves their sets as they are from now on."""
        one, other = self.root(one), self.root(other)
        if one != other:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def join(self, one: int, other: int) -> None:
        """Make one set of two, unless they are kept apart."""
        one, other = self.root(one), self.root(other)
        if one == other or other in self._apart.get(one, ()):
            return
        kept, given_up = sorted((one, other), key=lambda node: (node < 0, abs(node)))
        self._parents[given_up] = kept
        self.joined.append((kept, given_up))
        for third in self._apart.pop(given_up, ()):
            self._apart[third].discard(given_up)
            self._apart[third].add(kept)
            self._apart.setdefault(kept, set()).add(third)

    def members(self) -> dict[int, list[int]]:
        """Roots of all sets of more than one node, with the nodes that they absorbed."""
        sets: dict[int, list[int]] = {}
        for node in list(self._parents):
            sets.setdefault(self.root(node), []).append(node)
        return sets


class Conversations:
    """All messages that may be joined by this batch, by what they are called and what they cite."""

    def __init__(self, context: MailboxContext) -> None:
        self._context = context
        self.forest = Forest()
        self._by_id: dict[str, list[Voice]] = {}
        self._by_target: dict[str, list[Voice]] = {}
        self._by_subject: dict[str, list[Voice]] = {}

    def add(self, voice: Voice, *, id_hash: str | None, subject_hash: str, targets: Iterable[str]) -> None:
        """Let `voice` be found by what comes later."""
        if id_hash is not None:
            self._by_id.setdefault(id_hash, []).append(voice)
        if subject_hash:
            self._by_subject.setdefault(subject_hash, []).append(voice)
        for target in targets:
            self._by_target.setdefault(target, []).append(voice)

    def cites_already(self, message_id: int, target: str) -> bool:
        """Whether a stored or added message is known to cite `target`."""
        return any(voice.message_id == message_id for voice in self._by_target.get(target, ()))

    def is_passed_on(self, id_hash: str) -> bool:
        """Whether one of us passes on the mail called so, and does not tell by whom it is."""
        return parent_target(id_hash) in self._by_target

    def near(self, voice: Voice, called: Collection[str], subject_hash: str, *, is_answer: bool) -> set[int]:
        """Nodes of what `voice` is likely to join: it shares with them and cites or is `called` like them, or answers."""
        names = [*called, *map(parent_target, called), *(parent_target(each, voice.circle.author) for each in called)]
        found = (other for each in names for by in (self._by_id, self._by_target) for other in by.get(each, ()))
        mine = voice.circle
        nodes = {other.node for other in found if mine.meets(other.circle) or among_us(mine, other.circle)}
        if subject_hash:
            waiting = self._by_target.get(subject_target(subject_hash), ())
            nodes.update(other.node for other in waiting if answers(other, voice))
            answered = self._by_subject.get(subject_hash, ()) if is_answer else ()
            nodes.update(other.node for other in answered if answers(voice, other))
        return nodes

    def by_citation(self, voice: Voice, cited: Iterable[Cited], passed: PassedOn | None) -> None:
        """Join `voice` with what it cites, and with what cites the same; so too with what it has `passed` on."""
        for each in cited:
            if each.hash not in self._by_id and each.hash not in self._by_target:
                continue
            signed = self._context.signed(each.message_id) is not None
            self._join(voice, self._by_id.get(each.hash, ()), signed=signed)
            self._join(voice, self._by_target.get(each.hash, ()), signed=signed)
        if passed is not None:
            self._join_among_us(voice, self._meant(passed))
            self._join_among_us(voice, self._by_target.get(passed.target, ()))

    def by_being_cited(self, voice: Voice, own: Cited) -> None:
        """Join `voice` with messages that cited it before it came, or passed it on."""
        if own.hash in self._by_target:
            signed = self._context.signed(own.message_id) is not None
            self._join(voice, self._by_target[own.hash], signed=signed)
        self._join_among_us(voice, self._by_target.get(parent_target(own.hash, voice.circle.author), ()))
        if not any(strangers(voice.circle, other.circle) for other in self._by_id.get(own.hash, ())):
            self._join_among_us(voice, self._by_target.get(parent_target(own.hash), ()))

    def _meant(self, passed: PassedOn) -> Collection[Voice]:
        """Of the mails of that name the one that is passed on; none where nothing tells which of different people's it is."""
        named = self._by_id.get(passed.hash, [])
        if passed.author:
            return [other for other in named if other.circle.author == passed.author]
        return () if any(strangers(named[0].circle, other.circle) for other in named) else named

    def _join(self, voice: Voice, others: Iterable[Voice], *, signed: bool) -> None:
        for other in self._apart(voice, others):
            if signed or voice.circle.meets(other.circle):
                self.forest.join(voice.node, other.node)

    def _join_among_us(self, voice: Voice, others: Iterable[Voice]) -> None:
        for other in self._apart(voice, others):
            if among_us(voice.circle, other.circle):
                self.forest.join(voice.node, other.node)

    def by_subject(self, voice: Voice, subject_hash: str, *, is_answer: bool) -> None:
        """Join an answer that cites nothing with what it answers, whichever came first."""
        for other in self._apart(voice, self._by_target.get(subject_target(subject_hash), ())):
            if answers(other, voice):
                self.forest.join(voice.node, other.node)
        if is_answer:
            for other in self._apart(voice, self._by_subject.get(subject_hash, ())):
                if answers(voice, other):
                    self.forest.join(voice.node, other.node)

    def by_gmail(self, voice: Voice, target: str) -> None:
        """Join what Gmail holds together in one mailbox."""
        for other in self._apart(voice, self._by_target.get(target, ())):
            self.forest.join(voice.node, other.node)

    def _apart(self, voice: Voice, others: Iterable[Voice]) -> Iterable[Voice]:
        """Those that are not in one set with `voice` yet."""
        root = self.forest.root
        return (other for other in others if root(other.node) != root(voice.node))
