"""Messages as such, apart from where they lie: identity, thread, people, parts, and the text that is searched."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, BigId, Row
from storage.types import FewLists, Word


class Direction(StrEnum):
    """Seen from the company: customers' mail, our mail to them, mail among ourselves."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


class Thread(Row):
    """A conversation. A thread that was joined into another keeps its row and names the survivor."""

    __tablename__ = "thread"

    subject: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    message_count: Mapped[int]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)


_UNPLACED = text("unplaced_at IS NOT NULL")


class Message(Row):
    """One mail, however many folders and mailboxes hold it.

    `identity` is a hash of Message-ID, From and Date, or the parser's fingerprint where there is no Message-ID;
    `fingerprint` is of the content, so that another body under the same identity becomes a `Variant`.
    """

    __tablename__ = "message"
    constraints = (
        Index(None, "thread_id", "date"),
        Index(None, "from_key"),
        Index(None, "base_subject_hash"),
        Index(None, "body_blob_id"),
        Index(None, "unplaced_at", sqlite_where=_UNPLACED, postgresql_where=_UNPLACED),
    )

    identity: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str]
    message_id: Mapped[str | None]
    """The Message-ID header without angle brackets, as given."""
    message_id_hash: Mapped[str | None] = mapped_column(index=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    direction: Mapped[Direction] = mapped_column(Word(Direction))
    kind: Mapped[str]
    """The parser's class: normal, bounce, complaint, auto_reply, out_of_office, bulk, list, calendar, receipt."""
    date: Mapped[datetime] = mapped_column(index=True)
    """The Date header, or INTERNALDATE where it is missing or absurd."""
    subject: Mapped[str]
    base_subject_hash: Mapped[str]
    from_name: Mapped[str]
    from_address: Mapped[str]
    from_key: Mapped[str]
    snippet: Mapped[str]
    body_blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    attachment_count: Mapped[int]
    authenticated: Mapped[bool | None]
    """DMARC verdict of the mailboxes' own servers for From: passed, failed, or not told; a copy that failed counts
    (`crm/intake/authenticity.py`)."""
    outgoing_id: Mapped[int | None] = mapped_column(BigId, index=True)
    """The `outgoing` row this is the copy of, where we sent it ourselves."""
    unplaced_at: Mapped[datetime | None]
    """When it was first seen to lie in no folder of any mailbox; None while it lies in one."""
    arrived_in: Mapped[list[int]] = mapped_column(FewLists, default=list)
    """Mailboxes in which it has stood outside Junk, Trash and Drafts: there another place of it is no news.

    Empty: nothing but its owner's search knows of it yet.
    """


class Variant(Row):
    """The same mail with another content: a gateway added a banner or rewrote links for one mailbox."""

    __tablename__ = "variant"
    constraints = (UniqueConstraint("message_id", "fingerprint"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    fingerprint: Mapped[str]
    body_blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"), index=True)


class MessageAddress(Row):
    """Somebody named in a header. `role`: from, sender, reply_to, to, cc, bcc."""

    __tablename__ = "message_address"
    constraints = (Index(None, "message_id"), Index(None, "key"))

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    role: Mapped[str]
    position: Mapped[int]
    name: Mapped[str]
    address: Mapped[str]
    key: Mapped[str]


class Part(Row):
    """An attachment or inline picture; its bytes are cut out of the raw mail when asked for (`index`)."""

    __tablename__ = "part"
    constraints = (Index(None, "message_id"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    index: Mapped[int]
    filename: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content_id: Mapped[str | None]
    inline: Mapped[bool]


class Reference(Row):
    """What makes message `message_id` part of a conversation; two that name the same may be of one thread.

    `target_hash` is of a Message-ID in References or In-Reply-To, of a Gmail thread of one mailbox, or, for an answer
    that names nothing, of the subject below its prefixes.
    """

    __tablename__ = "reference"
    constraints = (Index(None, "message_id"), Index(None, "target_hash"))

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    target_hash: Mapped[str]


class MessageText(Base):
    """What full-text search reads, folded: the new text of a message (not what it quotes), cut at 512 KB.

    PostgreSQL keeps a column more, `vector`, of the words of the others, made ready here (`storage.tsvector`).
    """

    __tablename__ = "message_text"

    id: Mapped[int] = mapped_column(BigId, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str]
    sender: Mapped[str]
    recipients: Mapped[str]
    copies: Mapped[str]
    files: Mapped[str]
    body: Mapped[str]


class Effect(Row):
    """Something a message has caused, once: `kind` such as activity, deal, task; `target` tells it apart."""

    __tablename__ = "effect"
    constraints = (UniqueConstraint("message_id", "kind", "target"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    kind: Mapped[str]
    target: Mapped[str]
