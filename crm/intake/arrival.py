"""One message in one folder, as whoever fetched it hands it over."""

from dataclasses import dataclass
from datetime import datetime

from storage.models import FolderRole


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

    `modseq` is that of the flags, where the folder has MODSEQs (RFC 7162). `object_id` is the server's name for these
    bytes in every folder of the account. `role` is given where the server says of the message, by `labels`, what its
    folder alone does not: a draft in All Mail is a draft.
    """

    folder_id: int
    uid: int
    flags: Flags
    internal_date: datetime
    raw: bytes
    gmail_thread_id: int | None = None
    truncated: bool = False
    modseq: int | None = None
    object_id: str | None = None
    role: FolderRole | None = None
    labels: frozenset[str] | None = None
