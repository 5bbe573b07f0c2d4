"""How a mailbox's health is said to a person: what to do about a state, the strip of states, folders, privacy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailsync.health.views import Progress, Span
from storage.models import FolderRole, MailboxState, ShareLevel
from web.words import MAILBOX_STATES, number, span

STRIP_WIDTH = 1000
NARROWEST = 3
"""Of a state in the strip, so that a short one is seen too."""
AT_WORK = (MailboxState.BACKFILLING, MailboxState.LIVE)

ROLES: dict[FolderRole, str] = {
    FolderRole.INBOX: "Inbox",
    FolderRole.SENT: "Sent",
    FolderRole.DRAFTS: "Drafts",
    FolderRole.JUNK: "Junk",
    FolderRole.TRASH: "Trash",
    FolderRole.ARCHIVE: "Archive",
    FolderRole.ALL: "All mail",
    FolderRole.OTHER: "",
}
REMEDIES: dict[MailboxState, str] = {
    MailboxState.AUTH_FAILED: "Nothing is lost: what came meanwhile is fetched as soon as we are let in again.",
    MailboxState.UNREACHABLE: "You need not do anything. If you know that the server is back, have it tried now.",
    MailboxState.THROTTLED: "You need not do anything. Providers do so when a mailbox is asked too often or too fast.",
    MailboxState.PAUSED: "What comes meanwhile is fetched when you resume it.",
}
SHARED_AS: dict[ShareLevel, tuple[str, str, str]] = {
    ShareLevel.EVERYTHING: (
        "Everything",
        "Ann Berg · Offer for two machines",
        "Could you send us your offer by Friday?",
    ),
    ShareLevel.SUBJECT: ("Who wrote, and the subject", "Ann Berg · Offer for two machines", "The text is not shown."),
    ShareLevel.METADATA: ("Only who wrote, and when", "Ann Berg", "Subject and text are not shown."),
    ShareLevel.PRIVATE: ("Nothing", "", "There is no line at all."),
}
"""The choice, and what a colleague then sees of a customer's mail on a record: its line, and what stands below."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One state in the strip: where it begins and how wide it is, of 1,000."""

    x: int
    width: int
    tone: str
    words: str
    span: Span


def strip(spans: Sequence[Span]) -> tuple[Stretch, ...]:
    """The states as stretches of a line; those of one tone that are too short to be seen still are."""
    whole = sum((one.length for one in spans), timedelta()) or timedelta(seconds=1)
    found, passed = [], timedelta()
    for one in spans:
        tone, words = MAILBOX_STATES[one.state]
        x = round(passed / whole * STRIP_WIDTH)
        passed += one.length
        width = max(round(passed / whole * STRIP_WIDTH) - x, NARROWEST)
        found.append(Stretch(min(x, STRIP_WIDTH - NARROWEST), width, tone, f"{words}: {span(one.length)}", one))
    return tuple(found)


def share_of_time_connected(spans: Sequence[Span]) -> tuple[timedelta, timedelta]:
    """For how long it was in step with its server, and of how long."""
    connected = sum((one.length for one in spans if one.state in AT_WORK), timedelta())
    return connected, sum((one.length for one in spans), timedelta())


def lately(whole: timedelta) -> str:
    """`of the last 30 days`, `of the last hour`."""
    return f"of the last {span(whole).removeprefix('1 ')}"


def loading_words(progress: Progress) -> str:
    """How far history is, in a sentence that claims no more than is known."""
    if not progress.exact:
        return f"{number(progress.stored)} of about {number(progress.total)} messages; not all folders were looked into yet"
    words = f"{number(progress.stored)} of {number(progress.total)} messages"
    if progress.per_minute:
        words += f", {number(progress.per_minute)} a minute"
    if progress.time_left is not None:
        words += f", about {span(progress.time_left)} left"
    return words


def megabytes(size: int) -> str:
    """As providers tell their bounds: `2,500 MB`; what is less than one is 1 MB."""
    return f"{number(-(-size // 1_000_000))} MB"
