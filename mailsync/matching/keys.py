"""What makes a message on the server and a place in the store the same: date, size and Message-ID all agree.

A message without a Message-ID has no key: two of them may well have come in one second with one size.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from mailsync.imap.fetch import Fetched
from parsers.message import parse_message


class MailKey(NamedTuple):
    """INTERNALDATE, RFC822.SIZE and the Message-ID as it is stored, without brackets."""

    internal_date: datetime
    size: int
    message_id: str


class WaitingPlace(NamedTuple):
    """A place without a UID, and its key."""

    place_id: int
    key: MailKey


def key_of(fetched: Fetched) -> MailKey | None:
    """The key of a message whose Message-ID header was fetched as `body`; None where one of the three is missing."""
    if fetched.internal_date is None or fetched.size is None or not fetched.body:
        return None
    message_id = message_id_of(fetched)
    return MailKey(fetched.internal_date, fetched.size, message_id) if message_id else None


def message_id_of(fetched: Fetched) -> str | None:
    """The Message-ID of a message whose header was fetched as `body`, as it would be stored."""
    return parse_message(fetched.body).message_id if fetched.body else None


def pair(found: Iterable[Fetched], waiting: Iterable[WaitingPlace]) -> dict[int, Fetched]:
    """Which message each waiting place is, by place id. Copies of one message take the places of its copies."""
    places: dict[MailKey, list[int]] = {}
    for place in waiting:
        places.setdefault(place.key, []).append(place.place_id)
    pairs: dict[int, Fetched] = {}
    for one in found:
        key = key_of(one)
        if key is not None and (free := places.get(key)):
            pairs[free.pop()] = one
    return pairs
