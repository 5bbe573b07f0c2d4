"""Answers to SELECT and EXAMINE: a folder that was opened."""

from dataclasses import dataclass

from mailsync.imap.errors import ProtocolError
from mailsync.imap.events import read_vanished
from mailsync.imap.fetch import Fetched, read_all
from mailsync.imap.replies import Reply
from mailsync.imap.tokens import Value, as_int, as_words, parse_values
from mailsync.imap.uidset import MAX_UID, UidSet

_EVERY_UID = UidSet(((1, MAX_UID),))


@dataclass(frozen=True, slots=True)
class Known:
    """What a client knows of a folder, for a quick resynchronisation (QRESYNC, RFC 7162 §3.2.5)."""

    uidvalidity: int
    modseq: int
    uids: UidSet | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """An opened folder. `highestmodseq` is None where it has none; `vanished` and `changed` answer `Known` only."""

    uidvalidity: int
    uidnext: int | None
    exists: int
    highestmodseq: int | None
    permanent_flags: frozenset[str]
    read_only: bool
    vanished: UidSet
    changed: tuple[Fetched, ...]


def read_selected(reply: Reply, *, read_only: bool) -> Selected:
    """What was told of the folder. Raises `ProtocolError` where UIDVALIDITY or EXISTS is missing: nothing is sure without."""
    codes = dict(reply.codes())
    exists = [answer.number for answer in reply.of(b"EXISTS") if answer.number is not None]
    if not codes.get("UIDVALIDITY") or not exists:
        raise ProtocolError("a folder without UIDVALIDITY or EXISTS")
    vanished = UidSet()
    for answer in reply.of(b"VANISHED"):
        vanished = vanished.union(read_vanished(answer.parts[0]))
    return Selected(
        uidvalidity=_number(codes["UIDVALIDITY"]),
        uidnext=_number(codes["UIDNEXT"]) if codes.get("UIDNEXT") else None,
        exists=exists[-1],
        highestmodseq=_number(codes["HIGHESTMODSEQ"]) if codes.get("HIGHESTMODSEQ") else None,
        permanent_flags=_permanent_flags(codes.get("PERMANENTFLAGS", "")),
        read_only=read_only or "READ-ONLY" in codes,
        vanished=vanished,
        changed=tuple(read_all(reply.of(b"FETCH"), _EVERY_UID)),
    )


def _permanent_flags(text: str) -> frozenset[str]:
    values: list[Value] = parse_values([text.encode()]) if text.startswith("(") and text.endswith(")") else []
    return as_words(values[0]) if values else frozenset()


def _number(text: str) -> int:
    return as_int(text.encode())
