"""Moves between labels of Gmail: a message stays in All Mail and gets another label, or loses the inbox's.

A STORE of labels may be repeated, so that nothing has to be looked for after a crash.
"""

from collections.abc import Sequence

from mailsync.actions.reasons import GONE
from mailsync.actions.repository.queue import Due, mark_sent, settle
from mailsync.actions.repository.results import drop_unplaced, keep_place
from mailsync.imap.errors import NotPermitted
from mailsync.labels.names import label_of
from mailsync.labels.repository import all_mail_of, set_labels
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder, FolderRole
from storage.sessions import WriteSession

INBOX = "\\Inbox"


def is_relabelling(source: Folder, target: Folder) -> bool:
    """Whether a move between the two changes labels only."""
    labels = source.labels_of_id is not None or target.labels_of_id is not None
    return labels and all(one.labels_of_id is not None or one.role is FolderRole.ALL for one in (source, target))


async def tell_labels(context: SyncContext, source: Folder, target: Folder, actions: Sequence[Due]) -> None:
    """Change labels, and take over what the messages have afterwards. Raises `NotPermitted`, `NoSuchFolder`."""
    connection = context.connection
    all_mail = await context.read(lambda session: all_mail_of(session, source, target))
    selected = await connection.select(all_mail.name, read_only=False)
    if selected.read_only:
        raise NotPermitted
    valid = [one for one in actions if one.uidvalidity == selected.uidvalidity]
    there = set(await connection.existing([one.uid for one in valid])) if valid else set()
    taken = await context.write(lambda session: mark_sent(session, [one.id for one in valid if one.uid in there]))
    sending = [one for one in valid if one.id in taken]
    uids = [one.uid for one in sending]
    if uids:
        add = [label_of(target)] if target.labels_of_id is not None else []
        leaves = {label_of(source) if source.labels_of_id is not None else INBOX} - set(add)
        await connection.store_labels(uids, add=add, remove=leaves)
    labels = await connection.fetch_labels(uids) if uids else {}
    gone = [one for one in actions if one.uid not in there or one not in valid]

    def end(session: WriteSession) -> None:
        settle(session, [one.id for one in gone], ActionState.OVERTAKEN, GONE)
        drop_unplaced(session, gone)
        for row in settle(session, [one.id for one in sending], ActionState.DONE):
            keep_place(session, row, all_mail.id)
        set_labels(session, all_mail.id, labels)

    await context.write(end)
