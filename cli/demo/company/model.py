"""What the sample company consists of. Plain data, so that the demo command alone decides how it enters the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FolderUse = Literal["inbox", "sent", "drafts", "junk", "trash", "archive", "other"]


@dataclass(frozen=True)
class Person:
    """An employee who signs in to Mailsync. `key` is how the sources call them (`marta`)."""

    key: str
    name: str
    email: str
    role: Literal["administrator", "manager", "seller", "consultant"]
    job: str
    password: str
    time_zone: str
    locale: str


@dataclass(frozen=True)
class Folder:
    """A folder on the IMAP server; `key` is its name in the sources, `special_use` its RFC 6154 attribute or empty."""

    key: str
    name: str
    use: FolderUse
    special_use: str


@dataclass(frozen=True)
class Mailbox:
    """An account on the IMAP server; the login is its address."""

    key: str
    name: str
    email: str
    password: str
    shared: bool
    members: tuple[str, ...]
    """Keys of the people who may read it."""
    folders: tuple[Folder, ...]


@dataclass(frozen=True)
class Client:
    """A company that the sample company knows: customer, supplier or partner."""

    key: str
    name: str
    domain: str
    kind: Literal["customer", "supplier", "partner", "press"]
    city: str
    country: str
    owner: str


@dataclass(frozen=True)
class Contact:
    """A person outside. `client` is the key of their company or empty; `suppressed` says why no campaign reaches them."""

    key: str
    name: str
    email: str
    client: str
    position: str
    phone: str
    locale: str
    time_zone: str
    owner: str
    tags: tuple[str, ...]
    suppressed: str


@dataclass(frozen=True)
class Stage:
    """A step of the pipeline, in order, and what it means for the deals in it."""

    name: str
    probability: int
    outcome: Literal["open", "won", "lost"]


@dataclass(frozen=True)
class Deal:
    """A sale. `amount` in cents of `currency`."""

    title: str
    client: str
    contact: str
    stage: str
    amount: int
    currency: str
    owner: str
    created_at: datetime
    products: tuple[str, ...]


@dataclass(frozen=True)
class Lead:
    """An inquiry by somebody who is no client yet."""

    title: str
    name: str
    email: str
    source: str
    owner: str
    created_at: datetime


@dataclass(frozen=True)
class Segment:
    """An audience by rule: contacts that carry every tag of `tags`."""

    name: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Campaign:
    """One newsletter; subject, html and text are Liquid templates over `contact`, `company` and `unsubscribe_url`."""

    name: str
    segment: str
    sender: str
    subject: str
    html: str
    text: str


@dataclass(frozen=True)
class Readers:
    """How recipients of the campaign behave, by address: what the sink refuses, and who opens and clicks."""

    refuse: tuple[str, ...]
    defer: tuple[str, ...]
    open: tuple[str, ...]
    click: tuple[str, ...]


@dataclass(frozen=True)
class SampleMessage:
    """One message in one folder, as the IMAP server has to show it. `name` is its source, for messages of tests."""

    mailbox: str
    folder: str
    flags: tuple[str, ...]
    internal_date: datetime
    raw: bytes
    name: str


@dataclass(frozen=True)
class Company:
    """Everything the demo starts with."""

    name: str
    domain: str
    time_zone: str
    authserv_id: str
    """Who vouches in Authentication-Results of its mail."""
    intake_mailbox: str
    """Key of the mailbox that takes `task+…@`, `feed+…@`, `reply+…@` and whatever else has no mailbox of its own."""
    people: tuple[Person, ...]
    mailboxes: tuple[Mailbox, ...]
    clients: tuple[Client, ...]
    contacts: tuple[Contact, ...]
    pipeline: str
    stages: tuple[Stage, ...]
    deals: tuple[Deal, ...]
    leads: tuple[Lead, ...]
    segment: Segment
    campaign: Campaign
    readers: Readers
    tokens: Mapping[str, str]
    """The secret address tokens that stand in the messages: `task:marta` → token."""
    messages: tuple[SampleMessage, ...]
