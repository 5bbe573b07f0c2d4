"""Mails that somebody outside waits to have answered."""

from dataclasses import dataclass
from datetime import datetime

from crm.conversations.views.records import RecordLink


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that somebody waits to have answered."""

    thread_id: int | None
    who: str
    subject: str
    snippet: str
    at: datetime
    deadline: datetime | None
    record: RecordLink | None
    doubted: bool = False
    """Whether a server found that it is not from whom it says to be (DMARC)."""
