"""The records that a conversation or a mail is about."""

from dataclasses import dataclass

from storage.models import RecordType


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A CRM record by name."""

    type: RecordType
    id: int
    name: str
