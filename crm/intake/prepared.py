"""An arrival together with what was understood of it: what is taken in."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crm.intake.arrival import Flags
from crm.intake.mail import Mail
from storage.models import FolderRole
from storage.packing import PreparedBlob


class Prepared(NamedTuple):
    """An arrival that is understood and whose bytes are ready to be stored; `size` and `sha256` are of the whole."""

    folder_id: int
    uid: int
    flags: Flags
    internal_date: datetime
    gmail_thread_id: int | None
    truncated: bool
    modseq: int | None
    raw: bytes
    sha256: str
    head: PreparedBlob
    body: PreparedBlob
    mail: Mail
    object_id: str | None = None
    role: FolderRole | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An arrival that could not be understood: it goes to quarantine with its bytes and the reason."""

    folder_id: int
    uid: int
    raw: bytes
    reason: str
