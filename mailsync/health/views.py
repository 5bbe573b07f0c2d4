"""What is known of a mailbox at one moment: its folders, how far its history is, what is owed, which states it had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import utcnow
from crm.conversations.views.mailboxes import MailboxView
from storage.models import FolderRole, MailboxState

SIDELINED = {
    FolderRole.JUNK: "Stored and found by search; never put on records.",
    FolderRole.TRASH: "Stored and found by search; never put on records.",
    FolderRole.DRAFTS: "Stored and found by search; never put on records.",
}
SHOWS_OTHERS = "Left out: it only shows the mail of the other folders once more."
GIVEN_UP = timedelta(hours=1)
"""An audit that was asked for so long ago and has no result has lost its job."""
A_LABEL = "A label: its mail comes with All Mail."


@dataclass(frozen=True, slots=True)
class FolderHealth:
    """One folder. `expected` is how many messages it will hold when its history is loaded; None: not known yet.

    `note` says what is special about it: why it is left out, or what its mail never does.
    """

    id: int
    name: str
    role: FolderRole
    chosen: bool
    left_out: bool
    is_label: bool
    note: str
    on_server: int
    stored: int
    expected: int | None
    loaded: bool
    """Whether its history is here as far back as was chosen."""
    gaps: int
    quarantined: int
    refusal: str
    retry_at: datetime | None
    last_pass_at: datetime | None

    @property
    def followed(self) -> bool:
        """Whether passes look into it."""
        return self.chosen and not self.left_out

    @property
    def to_come(self) -> int | None:
        """Messages of history that are not here yet; None: not known yet."""
        if self.loaded or self.is_label or not self.followed:
            return 0
        return None if self.expected is None else max(self.expected - self.stored, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the history is. Where a folder was not opened yet `exact` is false and `total` counts all that it holds."""

    stored: int
    total: int
    exact: bool
    per_minute: int | None

    @property
    def left(self) -> int:
        """Messages that are still to come."""
        return max(self.total - self.stored, 0)

    @property
    def time_left(self) -> timedelta | None:
        """At the present rate; None while nobody can know."""
        if not self.per_minute or not self.left:
            return None
        return timedelta(minutes=self.left / self.per_minute)


@dataclass(frozen=True, slots=True)
class Gap:
    """A message that the server names and did not give."""

    folder: str
    uid: int
    since: datetime
    tries: int
    retry_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be stored; its raw bytes are kept."""

    id: int
    folder: str
    uid: int
    since: datetime
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """For how long a mailbox was in one state."""

    state: MailboxState
    reason: str
    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long that was."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the provider lets go over IMAP in 24 hours, and what went, in bytes.

    `history_from` is when older mail may be loaded again, `all_from` when anything may be; None: now.
    """

    provider: str
    allowed: int
    used: int
    upload_allowed: int | None
    uploaded: int
    history_from: datetime | None
    all_from: datetime | None


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The last audit: under way, failed, or with a line for each folder (`FolderAudit.as_json`).

    One without `finished_at` that is not `under_way` ended with its process: it may be asked for again.
    """

    asked_at: datetime
    finished_at: datetime | None
    repaired: bool
    failure: str
    folders: Sequence[dict[str, object]]

    @property
    def under_way(self) -> bool:
        """Whether a result is still to come."""
        return self.finished_at is None and self.asked_at > utcnow() - GIVEN_UP

    @property
    def compared(self) -> tuple[int, int]:
        """How many messages in how many folders; those of a label are All Mail's."""
        folders = [one for one in self.folders if not one.get("label")]
        return sum(int(str(one["server"])) for one in folders), len(folders)

    @property
    def differences(self) -> Sequence[dict[str, object]]:
        """The folders that differ from the server."""
        kept = ("missing", "extra", "gaps", "waits")  # Results of earlier versions have no `waits`.
        return [one for one in self.folders if any(one.get(key) for key in kept)]


@dataclass(frozen=True, slots=True)
class Removal:
    """A mailbox on its way out: until `begins_at` it can be taken back."""

    keep_mail: bool
    asked_at: datetime
    begins_at: datetime
    began_at: datetime | None
    total: int
    gone: int


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """Everything that the page of one mailbox shows of how it fares."""

    box: MailboxView
    folders: Sequence[FolderHealth]
    progress: Progress
    gaps: Sequence[Gap]
    quarantined: Sequence[Quarantined]
    spans: Sequence[Span]
    audit: AuditResult | None
    removal: Removal | None
    allowance: Allowance | None
    """None where the provider bounds nothing."""

    @property
    def refused(self) -> Sequence[FolderHealth]:
        """Folders that the server does not let us look into."""
        return [one for one in self.folders if one.refusal and one.followed]

    @property
    def waits_until(self) -> datetime | None:
        """When older mail may be loaded again, where its provider's day has no room for it now."""
        return self.allowance.history_from if self.allowance else None

    @property
    def loading(self) -> bool:
        """Whether history is still to come."""
        return any(one.followed and not one.loaded for one in self.folders)
