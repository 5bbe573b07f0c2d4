"""The number of a message in SQLite's index: its date, then its id, so that counting down means newest first.

    63 ………………………… 31 | 30 ………… 0
    seconds since 1980  |  message id

History is loaded newest first, so ids alone would put the oldest mail on top.
"""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Integer, cast, func

from storage.models import Message

ID_BITS = 31
ID_MASK = (1 << ID_BITS) - 1
START = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp())
LAST_SECOND = (1 << 32) - 1
TO_THE_SECOND = 19
"""Characters of a moment as SQLite keeps it, without its microseconds."""


def order_number(message_id: int, date: datetime) -> int:
    """The number of a message; all numbers of one second lie together."""
    return (_seconds(date) << ID_BITS) | (message_id & ID_MASK)


def first_number(at: datetime) -> int:
    """The least number that a message of this moment, or a later one, can have."""
    return _seconds(at) << ID_BITS


def number_of_row() -> ColumnElement[int]:
    """`order_number` of a row of `message`, in SQLite's SQL."""
    at = cast(func.strftime("%s", func.substr(Message.date, 1, TO_THE_SECOND)), Integer) - START
    second = func.min(func.max(at, 0), LAST_SECOND)
    return second.op("<<")(ID_BITS).op("|")(Message.id.op("&")(ID_MASK))


def _seconds(at: datetime) -> int:
    return min(max(int(at.timestamp()) - START, 0), LAST_SECOND)
