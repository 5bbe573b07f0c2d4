"""What a server tells without being asked: the folder grew, lost messages, or flags changed.

Events are hints to look again, never the record itself: a server may send none. Sequence numbers are given as they
came and mean nothing once another event follows; with QRESYNC, deletions come with UIDs.
"""

from dataclasses import dataclass

from mailsync.imap.errors import ProtocolError
from mailsync.imap.fetch import read_fetched
from mailsync.imap.replies import Untagged
from mailsync.imap.uidset import UidSet


@dataclass(frozen=True, slots=True)
class Exists:
    """The selected folder now holds `count` messages."""

    count: int


@dataclass(frozen=True, slots=True)
class Expunged:
    """The message with this sequence number is gone."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """These UIDs are gone; the set may name UIDs that never existed."""

    uids: UidSet


@dataclass(frozen=True, slots=True)
class FlagsChanged:
    """The flags of a message are now these; `uid` is None when the server gave only the sequence number."""

    sequence: int
    uid: int | None
    flags: frozenset[str]
    modseq: int | None


@dataclass(frozen=True, slots=True)
class Bye:
    """The server is about to close the connection."""


@dataclass(frozen=True, slots=True)
class OtherFolder:
    """Some folder that is not open changed, came, went or got another name (NOTIFY, RFC 5465)."""


@dataclass(frozen=True, slots=True)
class NotifyEnded:
    """There was more news than the server could tell of: from now on it tells of the open folder only (RFC 5465 §5.8)."""


MailboxEvent = Exists | Expunged | Vanished | FlagsChanged | OtherFolder | NotifyEnded | Bye


def read_event(answer: Untagged) -> MailboxEvent | None:
    """The event in an untagged answer, or None when it tells nothing about the folder. Raises `ProtocolError`."""
    name, number, parts = answer
    if name == b"BYE":
        return Bye()
    if name == b"VANISHED":
        return Vanished(read_vanished(parts[0]))
    if name in (b"STATUS", b"LIST"):
        return OtherFolder()
    if name == b"OK":
        return NotifyEnded() if parts[0].upper().startswith(b"[NOTIFICATIONOVERFLOW") else None
    if number is None:
        return None
    if name == b"EXISTS":
        return Exists(number)
    if name == b"EXPUNGE":
        return Expunged(number)
    return _flags_changed(number, parts) if name == b"FETCH" else None


def read_vanished(text: bytes) -> UidSet:
    """The UIDs of a VANISHED answer, with or without (EARLIER) (RFC 7162 §3.2.10)."""
    uids = text.rpartition(b" ")[2].decode("ascii", "replace")
    try:
        return UidSet.parse(uids)
    except ValueError:
        raise ProtocolError("VANISHED without UIDs") from None


def _flags_changed(number: int, parts: list[bytes]) -> FlagsChanged | None:
    fetched = read_fetched(parts)
    if fetched.flags is None:
        return None
    return FlagsChanged(number, fetched.uid or None, fetched.flags, fetched.modseq)
