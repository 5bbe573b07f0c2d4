"""Whose turn it is to be responsible for something. Pure: who is there, how busy, and who was last are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.models import QueueMethod


@dataclass(slots=True)
class InLine:
    """Somebody in a queue. `ready_at`: now, or when they are at work next; None: not within a year."""

    user_id: int
    ready_at: datetime | None
    open_items: int = 0


class Line:
    """A queue in its order, and who had the last turn.

    Whoever is there soonest gets it: at night and at weekends that is everybody who works the next morning. Of those,
    round robin takes the next one behind the last, in the queue's order; least busy who has the fewest open deals and
    active leads, and of two alike the next one behind the last.
    """

    def __init__(self, people: Sequence[InLine], last: int | None, method: QueueMethod) -> None:
        self._people = people
        self._method = method
        self._given: tuple[InLine, int | None] | None = None
        self.last = last

    def next(self) -> int | None:
        """Who is responsible now; None where nobody works here for a long time."""
        times = [person.ready_at for person in self._people if person.ready_at is not None]
        if not times:
            return None
        ready = [person for person in self._behind_last() if person.ready_at == min(times)]
        chosen = ready[0]
        if self._method is QueueMethod.LEAST_BUSY:
            chosen = min(ready, key=lambda person: person.open_items)
        self._given = chosen, self.last
        chosen.open_items += 1
        self.last = chosen.user_id
        return chosen.user_id

    def give_back(self) -> None:
        """The last turn came to nothing: whoever had it has the next one."""
        if self._given is not None:
            chosen, self.last = self._given
            chosen.open_items -= 1
            self._given = None

    def _behind_last(self) -> list[InLine]:
        at = next((index for index, person in enumerate(self._people) if person.user_id == self.last), -1)
        return [*self._people[at + 1 :], *self._people[: at + 1]]
