"""What the steps need to know of one message: small, frozen, and cheap to hand from one process to another.

Named tuples, not dataclasses: there are a dozen of them in each mail, and frozen dataclasses take three times as long to
make, eight times as long to hand over.
"""

from datetime import datetime
from typing import NamedTuple

from parsers.model import Attachment, Kind
from storage.packing import PreparedBlob
from storage.tsvector import Vector


class Person(NamedTuple):
    """Somebody named in a header. `role`: from, sender, reply_to, to, cc, bcc."""

    role: str
    name: str
    address: str
    key: str


class Cited(NamedTuple):
    """A Message-ID that another message names."""

    message_id: str
    hash: str


class SearchText(NamedTuple):
    """What full-text search finds a message by, folded."""

    subject: str
    sender: str
    """Who wrote it, or for whom: From, Sender, Reply-To."""
    recipients: str
    copies: str
    files: str
    body: str


class Mail(NamedTuple):
    """One message. `subject_hash` is of the subject below its prefixes, empty where that is empty.

    `parent` is what it answers or passes on itself, of all that it cites; `quoted_author` who wrote what it passes on, as its
    text (or what is attached) says, where it does. `is_answer`: its subject begins like one;
    `answers_by_subject`: and it names nothing, so that only its subject tells to what.
    `tokens` are of the secret addresses that it was sent to, with their domains (`token@example.com`); everywhere else they
    are masked. `sent_to` are those addresses that name a mail of ours, as far as one can tell without our keys.
    `trace` are the Received and Authentication-Results fields, topmost first; empty where there is none of the latter.
    `vector` is of the words in `search`, for a database that is given it.
    """

    identity: str
    fingerprint: str
    message_id: str | None
    id_hash: str | None
    cites: tuple[Cited, ...]
    parent: Cited | None
    signed_id: str | None
    date: datetime
    subject: str
    subject_hash: str
    is_answer: bool
    answers_by_subject: bool
    kind: Kind
    people: tuple[Person, ...]
    tokens: tuple[str, ...]
    trace: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]
    snippet: str
    search: SearchText
    vector: Vector | None = None
    quoted_author: str = ""
    sent_to: tuple[str, ...] = ()

    @property
    def author(self) -> Person | None:
        """The first From."""
        return next((person for person in self.people if person.role == "from"), None)


class Understood(NamedTuple):
    """What became of an arrival's bytes, without what is known of it anyway; `sha256` is of the whole."""

    sha256: str
    head: PreparedBlob
    body: PreparedBlob
    mail: Mail
