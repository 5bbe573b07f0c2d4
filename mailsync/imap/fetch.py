"""FETCH answers, each literal tied to its own message, fast enough to read ten thousand mails a second."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from mailsync.imap.errors import ProtocolError
from mailsync.imap.quoting import read_folder
from mailsync.imap.replies import Untagged
from mailsync.imap.tokens import Value, as_bytes, as_int, as_list, as_words, parse_values
from mailsync.imap.uidset import UidSet

_DATE = re.compile(rb" ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d)(\d\d))?")
_OUTLINE = re.compile(rb"\(UID (\d{1,10}) RFC822\.SIZE (\d{1,19})\)")
"""What is asked of every message before it is fetched, as most servers tell it: a fifth of the time of a general answer."""
_WHOLE = re.compile(
    rb'\(UID (\d{1,10}) FLAGS \(([^()"{\[\s]*(?: [^()"{\[\s]+)*)\) INTERNALDATE "([^"\\]{20,30})" RFC822\.SIZE (\d{1,19})'
    rb"(?: MODSEQ \((\d{1,19})\))? BODY\[\] "
)
"""What is asked of every message when it is fetched, as Dovecot tells it; its literal and a parenthesis follow."""
_OBJECT_ID = re.compile(rb"[A-Za-z0-9_-]{1,255}")
_MONTHS = {
    name: number
    for number, name in enumerate(b"JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), start=1)
}  # fmt: skip


@dataclass(slots=True)
class Fetched:
    """What the server told about one message; None where it was not asked or did not say.

    `flags` leaves out \\Recent, which is about the session and not the message. `internal_date` is UTC. `body` is
    whatever BODY[…] section was asked for. `modseq` needs CONDSTORE; `email_id` OBJECTID (RFC 8474);
    the `gm_` ones are Gmail's, the ids unsigned 64-bit numbers.
    """

    uid: int = 0
    flags: frozenset[str] | None = None
    internal_date: datetime | None = None
    size: int | None = None
    modseq: int | None = None
    body: bytes | None = None
    email_id: str | None = None
    gm_msgid: int | None = None
    gm_thrid: int | None = None
    gm_labels: frozenset[str] | None = None

    @property
    def object_id(self) -> str | None:
        """What the server calls these bytes in every folder of the account, where it has such a name."""
        return self.email_id or (None if self.gm_msgid is None else str(self.gm_msgid))

    def update(self, later: "Fetched") -> None:
        """Take over what a later answer about the same message says."""
        for name in self.__slots__:
            if (value := getattr(later, name)) is not None:
                setattr(self, name, value)


def read_all(answers: Iterable[Untagged], wanted: UidSet) -> list[Fetched]:
    """The messages of `wanted` in the order in which they came; several answers about one message are one.

    Servers mix in flag changes of other messages, and answers without UID: those are left out.
    """
    found: dict[int, Fetched] = {}
    for answer in answers:
        one = read_fetched(answer.parts)
        if one.uid in found:
            found[one.uid].update(one)
        elif one.uid in wanted:
            found[one.uid] = one
    return list(found.values())


def read_fetched(parts: list[bytes]) -> Fetched:
    """Read `(UID 5 FLAGS (\\Seen) BODY[] …)`. Raises `ProtocolError`."""
    if len(parts) == 1 and (outline := _OUTLINE.fullmatch(parts[0])):
        return Fetched(uid=int(outline[1]), size=int(outline[2]))
    if len(parts) == 3 and parts[2] == b")" and (whole := _WHOLE.fullmatch(parts[0])):
        uid, flags, date, size, modseq = whole.groups()
        return Fetched(
            int(uid), _flag_set(flags), read_date(date), int(size), int(modseq) if modseq else None, parts[1]
        )
    values = parse_values(parts)
    items = as_list(values[0]) if values else []
    if len(items) % 2:
        raise ProtocolError("a FETCH with a name and no value")
    fetched = Fetched()
    pairs = iter(items)
    for name, value in zip(pairs, pairs, strict=True):
        if not isinstance(name, bytes):
            raise ProtocolError("a FETCH without names")
        _take(fetched, name.upper(), value)
    return fetched


def _take(fetched: Fetched, name: bytes, value: Value) -> None:
    if name == b"UID":
        fetched.uid = as_int(value)
    elif name == b"FLAGS":
        fetched.flags = _flags(value)
    elif name == b"INTERNALDATE":
        fetched.internal_date = read_date(value)
    elif name == b"RFC822.SIZE":
        fetched.size = as_int(value)
    elif name == b"MODSEQ":
        fetched.modseq = as_int(next(iter(as_list(value)), None))
    elif name.startswith((b"BODY[", b"RFC822")):
        fetched.body = value if isinstance(value, bytes) else None
    elif name == b"EMAILID":
        fetched.email_id = read_object_id(value)
    else:
        _take_gmail(fetched, name, value)


def _take_gmail(fetched: Fetched, name: bytes, value: Value) -> None:
    """Gmail's additions; whatever else a server adds is nothing we asked for."""
    if name == b"X-GM-MSGID":
        fetched.gm_msgid = as_int(value)
    elif name == b"X-GM-THRID":
        fetched.gm_thrid = as_int(value)
    elif name == b"X-GM-LABELS":
        fetched.gm_labels = frozenset(read_folder(as_bytes(label)) for label in as_list(value))


def read_object_id(value: Value) -> str | None:
    """An id that stays with a folder, message or thread, in its parentheses; None where there is none (RFC 8474 §7), or
    what stands there is none: Cyrus has told bytes of memory in its place."""
    if not isinstance(value, list) or len(value) != 1:
        return None
    found = _OBJECT_ID.fullmatch(as_bytes(value[0]))
    return found[0].decode("ascii") if found else None


def _flags(value: Value) -> frozenset[str]:
    """A mailbox has few combinations of flags and many messages, so the sets are shared."""
    words = as_list(value)
    try:
        return _flag_set(tuple(words))
    except TypeError:  # A list among the flags.
        raise ProtocolError("a flag was expected") from None


@lru_cache(maxsize=4096)
def _flag_set(words: bytes | tuple[Value, ...]) -> frozenset[str]:
    """Of words that stand apart, or in one line of atoms with single blanks."""
    apart: list[Value] = [*words.split()] if isinstance(words, bytes) else [*words]
    return as_words(apart) - {"\\Recent"}


def read_date(value: Value) -> datetime | None:
    """An INTERNALDATE in UTC; None when the server sends nonsense, because a message is worth more than its date."""
    match = _DATE.fullmatch(value) if isinstance(value, bytes) else None
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, east, past = match.groups()
    try:
        local = datetime(
            int(year), _MONTHS[month.upper()], int(day), int(hour), int(minute), min(int(second), 59),
            tzinfo=_zone(sign, east, past),
        )  # fmt: skip
        return local.astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _zone(sign: bytes | None, hours: bytes | None, minutes: bytes | None) -> timezone:
    if sign is None or hours is None or minutes is None:
        return UTC
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == b"-" else offset)
