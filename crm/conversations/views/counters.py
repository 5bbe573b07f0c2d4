"""The numbers beside the sections of the navigation."""

from dataclasses import dataclass

MOST_COUNTED = 100
"""Nobody is shown more than "99+": what is behind it costs time on every page and tells nobody anything."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What needs attention, per section of the navigation, each up to `MOST_COUNTED`."""

    mail: int
    waiting: int
    tasks: int
    stream: int
    leads: int
    deals: int
    contacts: int
    companies: int
    settings: int
    notifications: int

    @property
    def today(self) -> int:
        """What the Today page counts: answers owed and tasks due."""
        return self.waiting + self.tasks
