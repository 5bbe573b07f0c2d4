"""What a message means, as plain frozen values: the only thing that leaves this package.

Every string here is storable: no NUL, no lone surrogates. Message-IDs stand without angle brackets.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, make_dataclass
from datetime import date as Day
from datetime import datetime
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar, cast

from parsers.fields.headers import Headers

P = ParamSpec("P")
T = TypeVar("T")


def _open_until_whole(cls: Callable[P, T]) -> Callable[P, T]:
    """What makes values of the frozen dataclass `cls` in less than half the time.

    A frozen one sets each of its fields by a call. This sets them in a twin with the same slots that is not frozen, and
    then makes the twin what it is meant to be.
    """
    frozen = cast(Any, cls)

    def close(self: Any) -> None:
        self.__class__ = frozen

    written = [(each.name, each.type, field(default=each.default)) for each in fields(frozen)]
    twin = make_dataclass(frozen.__name__, written, slots=True, namespace={"__post_init__": close})
    return cast(Callable[P, T], twin)


class Kind(StrEnum):
    """What sort of message it is; decides whether a person, a task or nothing comes of it."""

    NORMAL = "normal"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    OUT_OF_OFFICE = "out_of_office"
    BULK = "bulk"
    LIST = "list"
    CALENDAR = "calendar"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header. Either may be empty: `From: Somebody` has no address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file, described; `content.attachments.attachment_content(raw, index)` cuts out its bytes."""

    filename: str
    content_type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool
    index: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of a message in three: what its author newly wrote, what was quoted, and the signature."""

    text: str
    quoted: str
    signature: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The message that somebody passed on, inside the text of this one or attached to it (message/rfc822).

    `date` is as written there, `sent_at` the same in UTC where it says enough. `attached_as` is the index of the attached
    message, None where it stands in the text; `attachments` are the original's files, each index counted in the attached
    message where there is one, else in this one.
    """

    from_: Address | None
    to: tuple[Address, ...]
    date: str | None
    subject: str | None
    text: str
    cc: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    message_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    attached_as: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """What happened to one recipient, by a bounce or complaint. `reason` is of Sisimai's vocabulary."""

    address: str
    status: str
    action: str
    reason: str
    permanent: bool
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report about a mail sent earlier. `type`: `bounce` or a feedback type of RFC 5965 such as `abuse`."""

    type: str
    recipients: tuple[Recipient, ...]
    original_message_id: str | None


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A postal address in its parts (RFC 6350 §6.3.1); those that are not told are empty."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """What a signature or a vCard (RFC 6350) tells about a person; what it does not tell is empty.

    Phones are as written. Links are absolute; pages of social networks are among them.
    """

    name: str = ""
    title: str = ""
    company: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    address: str = ""
    postal: PostalAddress | None = None
    """The parts of the address, where they are told apart."""
    salutation: str = ""
    first_name: str = ""
    last_name: str = ""
    birthday: str = ""
    """`1985-03-14`, or `--03-14` without a year."""


class Participation(StrEnum):
    """What an attendee has answered (RFC 5545 §3.2.12)."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One who is invited."""

    address: Address
    participation: Participation
    required: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar event sent by mail (iMIP, RFC 6047); the first event where there are more.

    `method` is upper case: `REQUEST`, `REPLY`, `CANCEL`, `COUNTER`, `PUBLISH`. Times are UTC. Of an all-day event they are
    midnights, the end the one after the last day. A time without zone is read as UTC and `floating` is set.
    """

    method: str
    uid: str
    sequence: int
    summary: str
    location: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    floating: bool
    recurrence: str
    organizer: Address | None
    attendees: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class Protection:
    """How a message is signed or encrypted: `scheme` is `openpgp` (RFC 3156, 9580) or `smime` (RFC 8551). Nothing is verified."""

    scheme: str
    signed: bool
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Defect:
    """Something broken that was worked around. `code` is stable; `detail` is for people and quotes no content."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """A whole message. `raw[:head_size]` are the headers with their blank line, the rest is the body.

    `date` is UTC. `html` is decoded but as sent: sanitise it when it is shown. `fingerprint` ("1:<hex>") is equal for
    copies of one message that differ only in folding, transfer encoding and headers other than From, Date, Subject.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    from_: tuple[Address, ...]
    sender: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    subject: str
    text: str
    html: str | None
    reply: Reply
    forwarded: Forwarded | None
    attachments: tuple[Attachment, ...]
    kind: Kind
    report: Report | None
    headers: Headers
    head_size: int
    fingerprint: str
    defects: tuple[Defect, ...]
    cards: tuple[ContactCard, ...] = ()
    """The vCards attached."""
    invitation: Invitation | None = None
    protection: Protection | None = None
    returns_on: Day | None = None
    """When the author of an out-of-office reply is back; the last day of absence where only that is told."""


parsed_message = _open_until_whole(ParsedMessage)
reply_in_three = _open_until_whole(Reply)
"""They make what every mail gets one of, each for the one place that does."""
