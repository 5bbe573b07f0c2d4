"""The queue of one mailbox, told to its server over a working connection: flags, then moves, then drafts, then deletions.

An error of the connection leaves everything as it is, to be gone on with; what the server refuses for good is put back
in the store with its reason, and what it refuses without one is tried again a few times.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from core.clock import utcnow
from core.logging import get_logger
from mailsync import repository
from mailsync.actions.appends import tell_appends
from mailsync.actions.flags import tell_flags
from mailsync.actions.labels import shows_all_mail, tell_labels
from mailsync.actions.moves import end_copied, tell_moves
from mailsync.actions.reasons import GONE, NO_FOLDER, UNKNOWN
from mailsync.actions.removals import tell_removals
from mailsync.actions.repository.queue import Due, Queue, load_queue, postpone, settle
from mailsync.actions.repository.results import refuse
from mailsync.actions.same_messages import FolderRestored
from mailsync.imap.errors import (
    CommandRefused,
    MailboxFull,
    NoSuchFolder,
    NotOffered,
    NotPermitted,
    Unavailable,
    Unsendable,
)
from mailsync.sync_context import SyncContext
from storage.models import ActionKind, ActionState, Folder
from storage.sessions import ReadSession

AT_ONCE = 500
"""Messages in one command."""
MOST_TRIES = 5
FIRST_WAIT = 5.0

Batch = tuple[ActionKind, int, int | None]
"""Kind, folder, and target of a move."""
ORDER = (ActionKind.FLAG, ActionKind.MOVE, ActionKind.APPEND, ActionKind.REMOVE)

log = get_logger(__name__)


async def tell_server(context: SyncContext) -> int:
    """Tell the server all that waits; how many actions that were. Raises the connection's errors."""
    told: set[int] = set()
    while True:
        queue, folders = await context.read(lambda session: _look(session, context.mailbox_id))
        if queue.gone:
            await context.write(partial(settle, ids=queue.gone, state=ActionState.OVERTAKEN, reason=GONE))
        fresh = [one for one in queue.due if one.id not in told]
        if not fresh:
            return len(told)
        for (kind, folder_id, target_id), actions in _batches(fresh).items():
            for start in range(0, len(actions), AT_ONCE):
                await _tell(context, folders, kind, folder_id, target_id, actions[start : start + AT_ONCE])
        told |= {one.id for one in fresh}
        log.info("actions.told", mailbox_id=context.mailbox_id, actions=len(fresh))


def _look(session: ReadSession, mailbox_id: int) -> tuple[Queue, dict[int, Folder]]:
    queue = load_queue(session, mailbox_id, utcnow())
    folders = {row.id: row for row in repository.folders(session, mailbox_id)} if queue.due else {}
    return queue, folders


def _batches(actions: Sequence[Due]) -> dict[Batch, list[Due]]:
    batches: defaultdict[Batch, list[Due]] = defaultdict(list)
    for one in sorted(actions, key=lambda each: ORDER.index(each.kind)):
        batches[one.kind, one.folder_id, one.target_id].append(one)
    return batches


async def _tell(
    context: SyncContext,
    folders: Mapping[int, Folder],
    kind: ActionKind,
    folder_id: int,
    target_id: int | None,
    actions: Sequence[Due],
) -> None:
    folder, target = folders.get(folder_id), folders.get(target_id or 0)
    all_mail = folders.get(folder.labels_of_id or 0) if folder is not None else None
    if folder is None or (kind is ActionKind.MOVE and target is None):
        await context.write(lambda session: refuse(session, actions, NO_FOLDER))
        return
    try:
        await _commands(context, folder, all_mail, target, actions)[kind]()
    except (NotPermitted, NoSuchFolder, MailboxFull, NotOffered, Unsendable) as error:
        await _give_up(context, target, actions, str(error))
    except FolderRestored:
        await context.write(lambda session: postpone(session, actions, FIRST_WAIT))
    except (CommandRefused, Unavailable):
        if not context.connection.usable:
            raise
        await _try_again(context, target, actions)  # One folder's trouble; the connection is in order.


def _commands(
    context: SyncContext, folder: Folder, all_mail: Folder | None, target: Folder | None, actions: Sequence[Due]
) -> dict[ActionKind, Callable[[], Awaitable[None]]]:
    """What tells each kind. Messages in a label of Gmail are changed in All Mail, whose UIDs they have."""
    holder, target = all_mail or folder, target or folder

    def move() -> Awaitable[None]:
        if shows_all_mail(folder) and shows_all_mail(target):
            return tell_labels(context, holder, folder, target, actions)
        return tell_moves(context, holder, target, actions)

    return {
        ActionKind.FLAG: lambda: tell_flags(context, holder, actions),
        ActionKind.MOVE: move,
        ActionKind.APPEND: lambda: tell_appends(context, folder, actions),
        ActionKind.REMOVE: lambda: tell_removals(context, holder, actions),
    }


async def _try_again(context: SyncContext, target: Folder | None, actions: Sequence[Due]) -> None:
    given_up = [one for one in actions if one.tries >= MOST_TRIES]
    later = [one for one in actions if one.tries < MOST_TRIES]
    log.warning("actions.refused", mailbox_id=context.mailbox_id, given_up=len(given_up), later=len(later))
    if given_up:
        await _give_up(context, target, given_up, UNKNOWN)
    await context.write(lambda session: postpone(session, later, FIRST_WAIT))


async def _give_up(context: SyncContext, target: Folder | None, actions: Sequence[Due], reason: str) -> None:
    """Put them back in the store, but for mail that was copied before its original was refused."""
    if target is not None and not context.connection.has("MOVE"):
        await end_copied(context, target, actions)
    await context.write(lambda session: refuse(session, actions, reason))
