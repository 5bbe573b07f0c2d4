"""Records that are not there any more, and what is known of each: it can be restored, or is another one now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import NotFound
from crm.records.views import Person
from storage.models import RecordType

KEPT_FOR = timedelta(days=30)
"""How long a deleted record can be restored; then it is removed for ever."""
NOT_THERE = "There is no such record, or it was deleted."
Record = tuple[RecordType, int]


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record in the recycle bin; `by` is None where the program itself has deleted it."""

    type: RecordType
    id: int
    name: str
    at: datetime
    by: Person | None

    @property
    def goes_at(self) -> datetime:
        """When it is removed for ever."""
        return self.at + KEPT_FOR


class InRecycleBin(NotFound):
    """The record was deleted, and can be restored."""

    def __init__(self, deleted: Deleted) -> None:
        super().__init__(f"This {deleted.type.value} was deleted: restore it from the recycle bin.")
        self.deleted = deleted


class Merged(NotFound):
    """The record was found to be the same as another one, which has all that stood on it."""

    def __init__(self, record: Record, survivor_id: int) -> None:
        super().__init__(f"This {record[0].value} was merged into another one: its number is {survivor_id}.")
        self.record = record
        self.survivor_id = survivor_id
