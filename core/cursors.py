"""Where the next page of a list begins that is ordered by time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind this moment and id."""

    at: datetime
    id: int
