"""One message in one folder, as whoever fetched it hands it over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of RFC 9051 that we keep."""

    seen: bool = False
    flagged: bool = False
    answered: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Raw bytes and where they lie. `internal_date` is UTC; `truncated` says that only the beginning was fetched.

    `modseq` is that of the flags, where the folder has MODSEQs (RFC 7162).
    """

    folder_id: int
    uid: int
    flags: Flags
    internal_date: datetime
    raw: bytes
    gmail_thread_id: int | None = None
    truncated: bool = False
    modseq: int | None = None
