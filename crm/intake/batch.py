"""The working set of one batch: places and messages being taken in, facts loaded for all of them, rows to be written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from crm.intake.clients import Clients, Key, Match
from crm.intake.context import KEPT_OUT, MailboxContext
from crm.intake.mail import Mail, Person
from crm.intake.prepared import Prepared
from crm.intake.tallies import Tallies
from crm.intake.threads import Conversations, Voice
from parsers.model import Kind
from storage.jobs import Order
from storage.models import Direction, FolderRole, IntakeState, Purpose, Row
from storage.packing import PreparedBlob

CORRESPONDENCE = frozenset({Kind.NORMAL, Kind.CALENDAR})
"""What one person writes to another: may create records, wants an answer, is an answer."""
MASS_MAIL = frozenset({Kind.BULK, Kind.LIST})
"""Creates nothing; stands on a record only where the very address is known."""


class IdGiver(Protocol):
    """Gives out ids of rows that are written later in the same unit of work."""

    def next(self, table: type[Row]) -> int:
        """A fresh id."""


class Queue(Protocol):
    """Gives out whose turn it is to be responsible."""

    def next(self) -> int | None:
        """Who is responsible for the next new record."""

    def write(self) -> None:
        """Remember whose turn it was."""


@dataclass(slots=True)
class Letter:
    """One message, fresh or stored before, however many places of it this batch brings."""

    id: int
    fresh: bool
    body_sha256: str
    kind: Kind
    direction: Direction
    authenticated: bool | None
    arrived_in: list[int]
    voice: Voice
    subject: str
    snippet: str
    people: Sequence[Person]
    counterparts: list[Person] | None = None
    """Whom it is with, once `steps.matching` was asked."""
    has_activity: bool = False
    on_item: bool = False
    """Its activity stands on a deal or lead, of whatever state."""
    created_client: bool = False
    created_item: bool = False
    always_new: bool = False
    """It made a new deal or lead because each mail of its sender does: somebody looks at it, whatever kind it is of."""
    to_intake: bool = False
    too_many: bool = False
    """Its sender writes more than may make something: nobody is told of it."""
    waits_as_new: bool = False
    """Some place of it was news when it came: if it is put on a record, somebody waits for an answer."""
    outgoing_id: int | None = None
    of_campaign: bool = False
    """A copy of a mail of a campaign of ours: it belongs to the campaign's report, and on no record."""
    changed: bool = False
    """A stored one that must be written again."""
    variants: dict[str, int] = field(default_factory=dict)

    @property
    def has_arrived(self) -> bool:
        """Whether it has stood in a regular folder."""
        return bool(self.arrived_in)

    def forget_bcc(self) -> None:
        """What only one place of it knows counts for that place alone: others who see the message must not learn it."""
        if any(person.role == "bcc" for person in self.people):
            self.people = [person for person in self.people if person.role != "bcc"]
            self.counterparts = None

    @property
    def says_to_be_ours_falsely(self) -> bool:
        """From is one of our addresses, and the mailbox's server says that it is not true."""
        circle = self.voice.circle
        return self.authenticated is False and circle.author in circle.ours


class Decided(NamedTuple):
    """What a step decided, in words that are shown to people."""

    step: str
    outcome: str
    detail: str


@dataclass(slots=True)
class Item:
    """One place of a letter, on its way through the steps."""

    prepared: Prepared
    letter: Letter
    place_id: int
    role: FolderRole
    is_first: bool
    """No place of the letter was known before it."""
    authenticated: bool | None = None
    """What this mailbox's server says of the copy; the letter has the verdict of all copies."""
    variant_id: int | None = None
    is_new: bool = False
    made_anew: bool = False
    """A deal or lead was made for it, though another one would have taken it."""
    match: Match = field(default_factory=Match)
    decision: list[Decided] = field(default_factory=list)

    @property
    def mail(self) -> Mail:
        """The message."""
        return self.prepared.mail

    @property
    def kept_out(self) -> bool:
        """Whether it lies where nothing is done with it."""
        return self.role in KEPT_OUT

    def decide(self, step: str, outcome: str, detail: str = "") -> None:
        """Remember for people what was decided, and why."""
        self.decision.append(Decided(step, outcome, detail))


@dataclass(slots=True)
class Entry:
    """A mail put on records: an activity to be written."""

    id: int
    letter: Letter
    bindings: list[Key]
    responsible_id: int | None
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """A mail that stands on a client already, and now on a deal or lead too, which owns it."""

    message_id: int
    bindings: list[Key]
    responsible_id: int | None
    leaves_items: bool = False
    """Whether it leaves the deals and leads on which it stood."""


@dataclass(frozen=True, slots=True)
class SecretAddress:
    """An intake address that some mail of the batch was sent to; `owner_keys` are the addresses of its owner."""

    id: int
    purpose: Purpose
    owner_keys: frozenset[str]
    revoked: bool


@dataclass(frozen=True, slots=True)
class IntakeArrival:
    """A mail to an intake address, to be written."""

    id: int
    address_id: int
    message_id: int
    state: IntakeState
    reason: str


class Word(NamedTuple):
    """Whether somebody wants the mail of a thread on a record; of several words about one the newest row's counts."""

    row_id: int
    bound: bool


UNWRITTEN = 1 << 60
"""Row id of a word that this batch will write: newer than all that are stored."""


@dataclass(slots=True)
class Batch:
    """Facts before, decisions after."""

    context: MailboxContext
    now: datetime
    ids: IdGiver
    queue: Queue
    conversations: Conversations
    again: bool = False
    """Whether its mail is stored long since, and judged anew: what waits for an answer is due from now on."""
    clients: Clients = field(default_factory=Clients)
    tallies: Tallies = field(default_factory=Tallies)
    secret_addresses: dict[str, SecretAddress] = field(default_factory=dict)
    written_to: dict[str, datetime] = field(default_factory=dict)
    """When one of us wrote to an address first, where the mailbox goes by it."""
    written_in: list[tuple[int, datetime]] = field(default_factory=list)
    """Nodes of threads in which one of us wrote, and when, where the mailbox goes by it."""
    intake_known: set[tuple[int, int]] = field(default_factory=set)
    stored_threads: set[int] = field(default_factory=set)
    """Those that mail of the batch is in, or may join."""
    items: list[Item] = field(default_factory=list)
    letters: dict[str, Letter] = field(default_factory=dict)
    """By identity."""
    records_of: dict[int, set[Key]] = field(default_factory=dict)
    """Records that mail of a thread stands on, by thread node."""
    newly_on_records: set[int] = field(default_factory=set)
    """Nodes of threads that came to stand on records in this batch, or were joined by others."""
    unions_seen: int = 0
    posted: dict[int, list[Key]] = field(default_factory=dict)
    """By outgoing mail what the post is about that it carries."""
    known_as: dict[int, list[str]] = field(default_factory=dict)
    """By outgoing mail what relays call it, of the copies in the batch."""
    by_hand: dict[int, dict[Key, Word]] = field(default_factory=dict)
    """By thread node the records that somebody wants its mail on, or not."""
    new_by_hand: list[tuple[int, Key]] = field(default_factory=list)
    """Such records by thread node, to be written."""

    rows: dict[type[Any], list[dict[str, Any]]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    late_deadlines: dict[int, datetime] = field(default_factory=dict)
    """Messages that were put on records as history, and are news in this mailbox."""
    new_variants: list[tuple[int, int, str, PreparedBlob]] = field(default_factory=list)
    """Id, message id, name and body."""
    references: list[tuple[int, str]] = field(default_factory=list)
    intake_arrivals: list[IntakeArrival] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    sent_copies: list[tuple[int, bool]] = field(default_factory=list)
    """Outgoing mails that were met again, and whether in the Sent folder."""

    def write(self, table: type[Any], **values: Any) -> None:
        """Write a row at the end."""
        self.rows.setdefault(table, []).append(values)

    def thread_records(self, node: int) -> set[Key]:
        """Records that the thread of `node` stands on by now."""
        self.follow_unions()
        return self.records_of.get(self.conversations.forest.root(node), set())

    def we_wrote_before(self, letter: Letter, key: str) -> bool:
        """Whether one of us wrote to this address, or in this conversation, before the mail was written."""
        first = self.written_to.get(key)
        if first is not None and first < letter.voice.date:
            return True
        root = self.conversations.forest.root
        mine = root(letter.voice.node)
        return any(date < letter.voice.date and root(node) == mine for node, date in self.written_in)

    def stand_on(self, node: int, bindings: Sequence[Key]) -> None:
        """The thread of `node` stands on these records from now on."""
        self.follow_unions()
        root = self.conversations.forest.root(node)
        if root not in self.records_of:
            self.newly_on_records.add(root)
        self.records_of.setdefault(root, set()).update(bindings)

    def words_by_hand(self, node: int) -> dict[Key, bool]:
        """What was decided by hand about the thread of `node`, in the order in which it was said."""
        self.follow_unions()
        if not self.by_hand:
            return {}
        words = self.by_hand.get(self.conversations.forest.root(node), {})
        return {key: word.bound for key, word in sorted(words.items(), key=lambda said: said[1].row_id)}

    def hear(self, node: int, key: Key, word: Word) -> None:
        """Somebody has said this of the thread of `node`: it counts, unless they have said something else since."""
        words = self.by_hand.setdefault(self.conversations.forest.root(node), {})
        if key not in words or words[key].row_id < word.row_id:
            words[key] = word

    def bind_by_hand(self, node: int, key: Key) -> None:
        """The thread of `node` stands on this record from now on, unless somebody has said something about that."""
        if key not in self.words_by_hand(node):
            self.hear(node, key, Word(UNWRITTEN, bound=True))
            self.new_by_hand.append((node, key))

    def follow_unions(self) -> None:
        """Where threads were joined, the survivor stands on the records of both."""
        joined = self.conversations.forest.joined
        for kept, given_up in joined[self.unions_seen :]:
            for key, word in self.by_hand.pop(given_up, {}).items():
                self.hear(kept, key, word)
            if kept in self.records_of or given_up in self.records_of:
                self.newly_on_records.add(kept)
                self.records_of.setdefault(kept, set()).update(self.records_of.pop(given_up, ()))
        self.unions_seen = len(joined)
