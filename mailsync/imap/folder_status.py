"""Answers to STATUS (RFC 3501 §7.2.4): how folders stand that are not open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from mailsync.imap.errors import ProtocolError
from mailsync.imap.fetch import read_object_id
from mailsync.imap.replies import Reply, Untagged
from mailsync.imap.tokens import as_bytes, as_int, as_list, parse_values

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """A folder from outside; None where the server did not say.

    `highestmodseq` needs CONDSTORE; `object_id` is MAILBOXID (RFC 8474), and told by `statuses` only.
    """

    messages: int
    uidnext: int | None
    uidvalidity: int
    unseen: int | None
    highestmodseq: int | None
    object_id: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The items of one STATUS answer."""

    numbers: Mapping[bytes, int]
    object_id: str | None


def read_statuses(read: Callable[[Said], T], reply: Reply) -> list[tuple[bytes, T]]:
    """What `read` makes of each answer, beside the folder's name as it was sent. Raises `ProtocolError` where there is none."""
    found = [_read_status(answer) for answer in reply.of(b"STATUS")]
    if not found:
        raise ProtocolError("STATUS without an answer")
    return [(wire, read(said)) for wire, said in found]


def _read_status(answer: Untagged) -> tuple[bytes, Said]:
    values = parse_values(answer.parts)
    if len(values) < 2:
        raise ProtocolError("STATUS without values")
    items = iter(as_list(values[1]))
    values_of = {as_bytes(name).upper(): value for name, value in zip(items, items, strict=False)}
    object_id = read_object_id(values_of.pop(b"MAILBOXID", None))
    numbers = {name: as_int(value) for name, value in values_of.items()}
    if b"UIDVALIDITY" not in numbers:
        raise ProtocolError("STATUS without UIDVALIDITY")
    return as_bytes(values[0]), Said(numbers, object_id)


def status_of(said: Said) -> FolderStatus:
    """All but the id. Raises `ProtocolError` without MESSAGES."""
    if b"MESSAGES" not in said.numbers:
        raise ProtocolError("STATUS without MESSAGES")
    return FolderStatus(
        messages=said.numbers[b"MESSAGES"],
        uidnext=said.numbers.get(b"UIDNEXT") or None,
        uidvalidity=said.numbers[b"UIDVALIDITY"],
        unseen=said.numbers.get(b"UNSEEN"),
        highestmodseq=said.numbers.get(b"HIGHESTMODSEQ") or None,
    )


def identified(said: Said) -> tuple[int, str | None]:
    """UIDVALIDITY, and the id that is that folder's."""
    return said.numbers[b"UIDVALIDITY"], said.object_id


def with_id(status: FolderStatus, said: tuple[int, str | None] | None) -> FolderStatus:
    """The id belongs to the numbers unless the folder was replaced between the two questions."""
    uidvalidity, object_id = said or (None, None)
    return replace(status, object_id=object_id) if uidvalidity == status.uidvalidity else status
