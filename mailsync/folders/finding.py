"""The folders of a mailbox as the server lists them now, held against those that we know: new, renamed, gone.

A folder keeps its places, its marks and whether it was chosen, whatever it is called. It is known by its MAILBOXID
(RFC 8474), or else by its contents; and gone only when the server says so, asked by name: a list may be incomplete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from core.clock import utcnow
from core.logging import get_logger
from mailsync import repository
from mailsync.actions.repository.queue import is_awaited
from mailsync.actions.repository.results import has_loose_places, settle_loose_places
from mailsync.folders import repository as folder_rows
from mailsync.imap.errors import CommandRefused, NoSuchFolder, NotPermitted
from mailsync.imap.folder_status import FolderStatus
from mailsync.imap.folders import ListedFolder
from mailsync.labels.keeping import GMAIL, adopt_labels
from mailsync.matching.renames import recognise
from mailsync.repository.uids import newest_places, remove_uids
from mailsync.roles import roles_of
from mailsync.sync_context import SyncContext
from storage.models import Folder, FolderRole, FolderState
from storage.sessions import ReadSession, WriteSession

FORGET_AT_ONCE = 2000
"""Places of a folder that is gone, forgotten in one transaction."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FoundFolder:
    """A folder to be looked into. `status` is None where the server did not tell it, or was not asked."""

    row: Folder
    status: FolderStatus | None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class FoundFolders:
    """What a pass has before it. `gone` ones are to be forgotten once the others were looked into.

    `picture` is the survey's; None where a folder is gone, or waits to be tried again: there is more to come of itself.
    """

    followed: list[FoundFolder]
    gone: list[Folder]
    picture: bytes | None


@dataclass(slots=True)
class _Changes:
    """What the list says differently from the rows: `lost` ones are not under their names any more, `fresh` names are new."""

    lost: list[Folder] = field(default_factory=list)
    fresh: dict[str, FolderStatus] = field(default_factory=dict)


async def find_folders(context: SyncContext) -> FoundFolders:
    """The folders that this pass looks into, in its order, each with its STATUS from now. No folder is open then."""
    connection = context.connection
    known = await context.read(lambda session: repository.folders(session, context.mailbox_id))
    await connection.leave_folder()  # The one of the last pass, whose STATUS would not tell of new mail.
    unasked = {row.name for row in known if _is_told_when_opened(context, row)}
    survey = await connection.survey(unasked | {row.name for row in known if not _is_due(context, row)})
    listed, statuses = {one.name: one for one in survey.folders if one.selectable}, survey.statuses
    changes = _compare(known, listed, statuses)
    lost = [row for row in changes.lost if row.name in listed or await _is_gone(context, row)]
    renamed = await recognise(context, lost, changes.fresh) if lost and changes.fresh else {}
    gone = [row for row in lost if row.id not in renamed]
    rows = await _save(context, known, list(listed.values()), renamed, statuses)
    ids = {row.id for row in gone}
    here = [row for row in rows if row.name in listed and row.id not in ids]
    if await adopt_labels(context, here):
        here = await context.read(partial(_again, folders=here))
    await connection.leave_folder()  # One that was looked into to be recognised.
    await _settle_elsewhere(context, rows)
    waiting = any(row.refusals for row in here)
    due = [FoundFolder(row, statuses.get(row.name), row.name not in unasked) for row in here if _is_due(context, row)]
    return FoundFolders(due, gone, None if waiting or gone else survey.picture)


def _again(session: ReadSession, folders: Sequence[Folder]) -> list[Folder]:
    return [repository.folder(session, folder.id) for folder in folders]


def _is_due(context: SyncContext, folder: Folder) -> bool:
    """Whether this pass looks into it: chosen, no copy of others, and not refused a short while ago."""
    if not folder.chosen or _is_view(context, folder):
        return False
    return folder.retry_at is None or folder.retry_at <= utcnow()


def _is_told_when_opened(context: SyncContext, folder: Folder) -> bool:
    """Whether it is opened in every pass, so that its STATUS would be a command more and no news: there is no CONDSTORE."""
    told_otherwise = any(map(context.connection.has, ("LIST-STATUS", "CONDSTORE", "QRESYNC", "OBJECTID")))
    return not told_otherwise and folder.state is FolderState.LIVE and folder.highestmodseq is None


def _is_view(context: SyncContext, folder: Folder) -> bool:
    """Whether it only shows mail of other folders: a label of Gmail's, and elsewhere a folder of all mail."""
    return folder.labels_of_id is not None or (folder.role is FolderRole.ALL and not context.connection.has(GMAIL))


async def _settle_elsewhere(context: SyncContext, rows: Sequence[Folder]) -> None:
    """What was moved to a folder that no pass looks into is there by now, and nothing else will find it."""
    left_out = [row.id for row in rows if row.labels_of_id is None and (not row.chosen or _is_view(context, row))]
    has_loose = await context.read(lambda session: has_loose_places(session, left_out))
    if has_loose:
        await context.write(lambda session: settle_loose_places(session, left_out, all_is_stored=True))


def _compare(
    known: Sequence[Folder], listed: Mapping[str, ListedFolder], statuses: Mapping[str, FolderStatus]
) -> _Changes:
    changes = _Changes()
    replaced: set[str] = set()
    for row in known:
        now = statuses[row.name].object_id if row.name in statuses else None
        if row.name not in listed:
            changes.lost.append(row)
        elif row.object_id and now and row.object_id != now:
            changes.lost.append(row)
            replaced.add(row.name)
    names = {row.name for row in known} - replaced
    changes.fresh = {name: status for name, status in statuses.items() if name not in names}
    return changes


async def _is_gone(context: SyncContext, folder: Folder) -> bool:
    """Whether the server says so; one that mail is on its way to may only be made when the server is told of that."""
    if await context.read(lambda session: is_awaited(session, folder.id)):
        return False
    try:
        await context.connection.status(folder.name)
    except NoSuchFolder:
        return True
    except (NotPermitted, CommandRefused):
        return False
    return False


async def forget_folder(context: SyncContext, folder: Folder) -> None:
    """Forget a folder that is gone, with its places, in steps; their messages stay."""
    log.info("folder.gone", mailbox_id=context.mailbox_id, folder_id=folder.id)

    def some(session: WriteSession) -> int:
        uids = newest_places(session, folder.id, FORGET_AT_ONCE)
        remove_uids(session, folder.id, uids)
        if not uids:
            repository.remove_folder(session, folder.id)
        return len(uids)

    while await context.write(some):
        context.on_stored(0)


async def _save(
    context: SyncContext,
    known: Sequence[Folder],
    listed: Sequence[ListedFolder],
    renamed: Mapping[int, str],
    statuses: Mapping[str, FolderStatus],
) -> list[Folder]:
    """The rows as they are now; written only where something differs."""
    roles = roles_of(listed)
    object_ids = {name: one.object_id for name, one in statuses.items() if one.object_id}
    before = {row.name: (row.role, row.object_id) for row in known}
    now = {one.name: (roles[one.name], object_ids.get(one.name)) for one in listed}
    if not renamed and all(_is_as_before(before.get(name), role, found) for name, (role, found) in now.items()):
        return await context.read(lambda session: repository.folders(session, context.mailbox_id))

    def save(session: WriteSession) -> list[Folder]:
        folder_rows.rename_folders(session, renamed)
        found = [(one.name, one.delimiter, roles[one.name]) for one in listed]
        repository.save_folders(session, context.mailbox_id, found)
        ids = {row.id: object_ids[row.name] for row in _rows(session, context) if row.name in object_ids}
        folder_rows.set_object_ids(session, ids)
        return _rows(session, context)

    return await context.write(save)


def _is_as_before(before: tuple[FolderRole, str | None] | None, role: FolderRole, object_id: str | None) -> bool:
    return before is not None and before[0] is role and object_id in (None, before[1])


def _rows(session: ReadSession, context: SyncContext) -> list[Folder]:
    return repository.folders(session, context.mailbox_id)
