"""What mail of a sender has made within two hours: counted by addresses and domains, in windows that begin with even hours.

The hour is the one in which the server got the mail, so the order in which mail is read decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(hours=2)
_SECONDS = int(WINDOW.total_seconds())
At = tuple[str, datetime]
"""An address or domain, and when the window began."""


def window_of(moment: datetime) -> datetime:
    """When the window began in which the moment lies."""
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % _SECONDS, UTC)


@dataclass(slots=True)
class Tally:
    """How many mails have made something, how many ask for an answer, and how many more there were of either."""

    made: int = 0
    waiting: int = 0
    limited: int = 0

    def add(self, other: "Tally") -> None:
        """Count what was counted elsewhere, too."""
        self.made += other.made
        self.waiting += other.waiting
        self.limited += other.limited


@dataclass(slots=True)
class Tallies:
    """What is stored for the senders of a batch, and what the batch adds."""

    window: datetime = field(default_factory=lambda: window_of(datetime.now(UTC)))
    """That of the mail whose turn it is."""
    stored: dict[At, Tally] = field(default_factory=dict)
    added: dict[At, Tally] = field(default_factory=dict)
    floods: dict[At, int] = field(default_factory=dict)
    """Node of the thread of the first mail that was one too many."""

    def made(self, key: str) -> int:
        """How many mails have made something."""
        return sum(each.made for each in self._both(key))

    def waiting(self, key: str) -> int:
        """How many mails ask for an answer."""
        return sum(each.waiting for each in self._both(key))

    def count(self, keys: Iterable[str], counted: Tally) -> None:
        """Count a mail of all these."""
        for key in keys:
            self.added.setdefault((key, self.window), Tally()).add(counted)

    def too_many(self, key: str, node: int) -> None:
        """Count a mail beyond what may be."""
        if not any(each.limited for each in self._both(key)):
            self.floods[(key, self.window)] = node
        self.count([key], Tally(limited=1))

    def _both(self, key: str) -> Iterable[Tally]:
        at = (key, self.window)
        return [found for found in (self.stored.get(at), self.added.get(at)) if found is not None]
