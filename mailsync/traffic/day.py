"""What a provider lets go over IMAP in a day, what of it is used, and until when loading older mail, or all, waits.

Older mail leaves a fifth for mail that comes meanwhile and for the person's own mail programs: a provider that is asked for
more locks them out too, for up to a day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import utcnow
from core.errors import NotYet

HOUR = timedelta(hours=1)
DAY = timedelta(hours=25)
"""From the beginning of an hour until nothing of it is younger than 24 hours."""
FOR_HISTORY, FOR_ALL = 0.8, 0.95
"""Shares of what is allowed: beyond the first no older mail is loaded, beyond the second nothing at all."""


def beginning(moment: datetime) -> datetime:
    """The beginning of its hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


class DayUsedUp(NotYet):
    """All is used up but for what the person's own mail programs need, and waits until `moment`."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(
            "What this provider lets go over IMAP in a day is nearly used up: it goes on by itself.",
            retry_after=max((moment - utcnow()).total_seconds(), 1.0),
        )


@dataclass(frozen=True, slots=True)
class Hour:
    """What went in one hour, in bytes. `refused`: the provider said in it that the day's share is used up."""

    begins: datetime
    downloaded: int
    uploaded: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The hours that count at one moment, oldest first, and what the provider allows (None: nothing is known)."""

    allowed: int | None
    upload_allowed: int | None
    hours: Sequence[Hour] = ()

    @property
    def is_bounded(self) -> bool:
        """Whether the provider allows only so much."""
        return self.allowed is not None or self.upload_allowed is not None

    @property
    def downloaded(self) -> int:
        """Bytes that came."""
        return sum(hour.downloaded for hour in self.hours)

    @property
    def uploaded(self) -> int:
        """Bytes that were appended, and the commands that asked for all else."""
        return sum(hour.uploaded for hour in self.hours)

    @property
    def history_from(self) -> datetime | None:
        """When older mail may be loaded again; None: now. Where the provider refused, once that is a day old."""
        if self.allowed is None:
            return None
        refused = [hour.begins + DAY for hour in self.hours if hour.refused]
        room = self._room_at(self.allowed * FOR_HISTORY, lambda hour: hour.downloaded)
        return max((moment for moment in (*refused, room) if moment is not None), default=None)

    @property
    def all_from(self) -> datetime | None:
        """When anything may be fetched again; None: now. What a provider refuses is found out by trying."""
        return None if self.allowed is None else self._room_at(self.allowed * FOR_ALL, lambda hour: hour.downloaded)

    def upload_from(self, size: int) -> datetime | None:
        """When `size` bytes may be appended; None: now. What is larger than a day's share is left to the provider."""
        if self.upload_allowed is None:
            return None
        room = max(self.upload_allowed * FOR_ALL - size, 0)
        return self._room_at(room, lambda hour: hour.uploaded, or_just=True)

    def _room_at(self, most: float, amount: Callable[[Hour], int], *, or_just: bool = False) -> datetime | None:
        """When less than `most` is counted any more; `or_just`: when no more than that is."""
        counted = sum(amount(hour) for hour in self.hours)
        moment = None
        for hour in self.hours:
            if counted < most or (or_just and counted == most):
                return moment
            counted -= amount(hour)
            moment = hour.begins + DAY
        return moment
