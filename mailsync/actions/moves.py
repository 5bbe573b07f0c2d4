"""Telling the server about moves: one MOVE for all messages that go from one folder to another.

Where MOVE is not offered it is COPY, \\Deleted and EXPUNGE by UID; without UIDPLUS the original stays behind, marked as
deleted, because EXPUNGE would take what other mail programs had marked. Before it is sent, UIDNEXT of the target is
noted: what a crash leaves in doubt is looked for above it, so nothing is moved or copied twice.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from crm.intake.context import KEPT_OUT
from mailsync.actions.finding import find_copies
from mailsync.actions.reasons import GONE, ORIGINAL_KEPT, STAYED
from mailsync.actions.repository.queue import Due, being_sent, mark_sent, settle
from mailsync.actions.repository.results import drop_unplaced, end_moves, refuse
from mailsync.actions.same_messages import open_folder, still_the_same
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import FolderExists, NoSuchFolder, NotPermitted
from mailsync.imap.folder_status import FolderStatus
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder, FolderRole
from storage.sessions import WriteSession

MADE_WHEN_MISSING = frozenset({FolderRole.ARCHIVE, FolderRole.TRASH, FolderRole.JUNK, FolderRole.DRAFTS})


@dataclass(frozen=True, slots=True)
class Sorted:
    """The moves of one command, by what the server has of them. `copied`: already in the target, by action id."""

    gone: tuple[Due, ...]
    fresh: tuple[Due, ...]
    again: tuple[Due, ...]
    done_before: tuple[Due, ...]
    copied: Mapping[int, int]
    target_was_opened: bool


async def tell_moves(context: SyncContext, source: Folder, target: Folder, actions: Sequence[Due]) -> None:
    """Move messages, and keep where they went. Raises `NotPermitted`, `NoSuchFolder`, `MailboxFull`."""
    connection = context.connection
    selected = await open_folder(context, source)
    status = await target_status(connection, target)
    there = await still_the_same(context, [one for one in actions if one.uidvalidity == selected.uidvalidity])
    if selected.read_only and there:
        raise NotPermitted
    moves = await _sort(context, target, actions, there)
    if moves.target_was_opened:
        await connection.select(source.name, read_only=False)
    taken = await context.write(
        lambda session: mark_sent(session, [one.id for one in moves.fresh], target_uidnext=status.uidnext)
    )
    sending = [*moves.again, *(one for one in moves.fresh if one.id in taken)]
    copied = await connection.move([one.uid for one in sending], target.name) if sending else None
    halfway = [one for one in moves.done_before if one.uid in there]
    await _remove_originals(connection, [one.uid for one in halfway])

    told = copied.uids if copied and copied.uidvalidity == status.uidvalidity else {}
    new_uids = {**moves.copied, **{one.id: told[one.uid] for one in sending if one.uid in told}}
    behind = set(await connection.existing([one.uid for one in (*sending, *halfway)])) if sending or halfway else set()
    keeps_originals = not (connection.has("MOVE") or connection.has("UIDPLUS"))
    stayed = [one for one in sending if one.uid in behind and not keeps_originals]
    moved = [one for one in (*sending, *moves.done_before) if one not in stayed]
    if not _may_take_over(source, target, status):
        new_uids = {}

    def end(session: WriteSession) -> None:
        settle(session, [one.id for one in moves.gone], ActionState.OVERTAKEN, GONE)
        drop_unplaced(session, moves.gone)
        refuse(session, stayed, STAYED)
        end_moves(session, moved, target, new_uids, left_behind=[one.id for one in moved if one.uid in behind])

    await context.write(end)


async def end_copied(context: SyncContext, target: Folder, actions: Sequence[Due]) -> None:
    """End the moves that did half: the copy is in `target`, and the original stays behind because the server keeps it."""
    sent = await context.read(lambda session: being_sent(session, actions))
    with suppress(NoSuchFolder, NotPermitted):
        copied = await find_copies(context, target, sent) if sent else {}
        half = [one for one in sent if one.id in copied]
        ids = copied.keys()
        await context.write(lambda session: end_moves(session, half, target, {}, left_behind=ids, reason=ORIGINAL_KEPT))


async def target_status(connection: ImapConnection, target: Folder) -> FolderStatus:
    """How the target stands; one that everybody expects to be there (Archive, Trash) is made. Raises `NoSuchFolder`."""
    try:
        return await connection.status(target.name)
    except NoSuchFolder:
        if target.role not in MADE_WHEN_MISSING or target.uidvalidity is not None:
            raise
    with suppress(FolderExists):
        await connection.create(target.name)
    return await connection.status(target.name)


async def _sort(context: SyncContext, target: Folder, actions: Sequence[Due], there: Collection[int]) -> Sorted:
    """A UID that is gone, or names another message, though we never sent its move was moved by others; one that we
    sent is where we wanted it.

    Without MOVE, one that we sent and that is still there may have its copy in the target already.
    """
    before = [one for one in actions if one.state is ActionState.SENT]
    doubtful = [one for one in before if one.uid not in there or not context.connection.has("MOVE")]
    copied = await find_copies(context, target, doubtful) if doubtful else {}
    return Sorted(
        gone=tuple(one for one in actions if one.state is ActionState.WAITING and one.uid not in there),
        fresh=tuple(one for one in actions if one.state is ActionState.WAITING and one.uid in there),
        again=tuple(one for one in before if one.uid in there and one.id not in copied),
        done_before=tuple(one for one in before if one.uid not in there or one.id in copied),
        copied=copied,
        target_was_opened=bool(doubtful),
    )


async def _remove_originals(connection: ImapConnection, uids: Sequence[int]) -> None:
    if uids:
        await connection.store_flags(uids, add=["\\Deleted"])
        if connection.has("UIDPLUS"):
            await connection.expunge(uids)


def _may_take_over(source: Folder, target: Folder, status: FolderStatus) -> bool:
    """Whether a place may simply take its new number.

    Not where the target's numbers are not known yet, and not when mail leaves Junk, Trash or Drafts: the CRM has not
    looked at it, so a pass has to take it in.
    """
    comes_in = source.role in KEPT_OUT and target.role not in KEPT_OUT
    return target.uidvalidity == status.uidvalidity and not comes_in
