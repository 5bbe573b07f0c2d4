"""Looking at one mailbox: its row, its folders, what is owed, and the states it had in the last weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.conversations.repository.mailboxes import mailbox_view
from mailsync import repository as rows
from mailsync.health import repository
from mailsync.health.views import (
    A_LABEL,
    SHOWS_OTHERS,
    SIDELINED,
    Allowance,
    FolderHealth,
    MailboxHealth,
    Progress,
    Span,
)
from mailsync.presets import preset_of_host
from mailsync.states.repository import events
from mailsync.traffic.metering import day_of
from storage.models import Folder, FolderRole, Mailbox, MailboxEvent, MailboxState
from storage.sessions import ReadSession

STRIP = timedelta(days=30)
"""How far back the states are shown."""


def mailbox_health(session: ReadSession, viewer: Viewer, mailbox_id: int) -> MailboxHealth:
    """How the mailbox fares. Raises `NotFound` when the viewer may not know of it."""
    box = mailbox_view(session, viewer, mailbox_id)
    now = utcnow()
    folders = folder_healths(session, mailbox_id)
    since = max(now - STRIP, rows.mailbox(session, mailbox_id).connected_at)
    return MailboxHealth(
        box,
        folders,
        progress_of(folders, repository.rate(session, mailbox_id)),
        repository.gaps(session, mailbox_id),
        repository.quarantined(session, mailbox_id),
        spans(events(session, mailbox_id, since), since, now, box.state, box.state_reason),
        repository.last_audit(session, mailbox_id),
        repository.removal(session, mailbox_id),
        allowance_of(session, rows.mailbox(session, mailbox_id)),
    )


def allowance_of(session: ReadSession, row: Mailbox) -> Allowance | None:
    """What the provider lets go over IMAP in a day, and what went; None where nothing is known of a bound."""
    preset, day = preset_of_host(row.imap_host), day_of(session, row)
    if day.allowed is None:
        return None
    return Allowance(
        preset.name if preset is not None else row.imap_host,
        day.allowed,
        day.downloaded,
        day.upload_allowed,
        day.uploaded,
        day.history_from,
        day.all_from,
    )


def loading_of(session: ReadSession, mailbox_id: int) -> Progress:
    """How far the history of a mailbox is, for a list."""
    return progress_of(folder_healths(session, mailbox_id), repository.rate(session, mailbox_id))


def folder_healths(session: ReadSession, mailbox_id: int) -> list[FolderHealth]:
    """The folders of a mailbox, those with a role first."""
    known = rows.folders(session, mailbox_id)
    stored, gaps, quarantined = repository.counts(session, [row.id for row in known])
    found = [
        _folder(row, known, stored.get(row.id, 0), gaps.get(row.id, 0), quarantined.get(row.id, 0)) for row in known
    ]
    order = ("inbox", "sent", "all", "archive", "other", "drafts", "junk", "trash")
    return sorted(found, key=lambda one: (order.index(one.role.value), one.name.casefold()))


def _folder(row: Folder, known: Sequence[Folder], stored: int, gaps: int, quarantined: int) -> FolderHealth:
    label_of = next((other for other in known if other.id == row.labels_of_id), None)
    left_out = _shows_others(row, known)
    source = label_of or row
    return FolderHealth(
        id=row.id,
        name=row.name,
        role=row.role,
        chosen=row.chosen,
        left_out=left_out,
        is_label=label_of is not None,
        note=SHOWS_OTHERS if left_out else SIDELINED.get(row.role, A_LABEL if label_of else ""),
        on_server=row.server_messages,
        stored=stored,
        expected=row.expected,
        loaded=source.uidvalidity is not None and source.oldest_uid == source.backfill_floor,
        gaps=gaps,
        quarantined=quarantined,
        refusal=row.refusal,
        retry_at=row.retry_at,
        last_pass_at=row.last_pass_at,
    )


def _shows_others(row: Folder, known: Sequence[Folder]) -> bool:
    """A folder of all mail on a server that keeps each message in a folder of its own too: Gmail's has labels."""
    has_labels = any(other.labels_of_id == row.id for other in known)
    return row.role is FolderRole.ALL and row.uidvalidity is None and not has_labels and row.last_pass_at is None


def progress_of(folders: Sequence[FolderHealth], per_minute: int | None) -> Progress:
    """All followed folders together."""
    followed = [one for one in folders if one.followed and not one.is_label and not one.refusal]
    stored = sum(one.stored for one in followed)
    to_come = [one.to_come for one in followed]
    guessed = sum(one.on_server for one in followed if one.to_come is None)
    return Progress(stored, stored + guessed + sum(one or 0 for one in to_come), None not in to_come, per_minute)


def spans(
    changes: Sequence[MailboxEvent], since: datetime, now: datetime, state: MailboxState, reason: str
) -> list[Span]:
    """The time from `since` to `now`, cut where the state changed; it ends with the present `state`."""
    found: list[Span] = []
    first = changes[0].before if changes else state
    current = (first or MailboxState.CONNECTING, "" if changes else reason, since)
    for change in changes:
        if change.after is not current[0]:
            found.append(Span(*current, change.at))
            current = (change.after, change.reason, change.at)
    found.append(Span(*current, now))
    return [one for one in found if one.until > one.since]
