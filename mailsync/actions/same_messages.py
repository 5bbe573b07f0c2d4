"""Whether UIDs still name the messages that people acted on: a server restored from a backup gives them to other mail.

UIDVALIDITY may be the same then, so before mail is moved or deleted each message is asked for its Message-ID.
"""

from collections.abc import Sequence

from core.errors import Transient
from crm.intake.understanding import mail_of
from mailsync.actions.repository.queue import Due, messages_of
from mailsync.imap.fetch import Fetched
from mailsync.imap.selected import Selected
from mailsync.matching.keys import message_id_of
from mailsync.matching.places import was_restored
from mailsync.sync_context import SyncContext
from parsers.message import parse_message
from storage.models import Folder, Message


class FolderRestored(Transient):
    """The folder counts from an earlier point than it did."""

    def __init__(self) -> None:
        super().__init__("This folder was restored from a backup: it is compared first.")


async def open_folder(context: SyncContext, folder: Folder) -> Selected:
    """Open `folder` for changes. Raises `FolderRestored` where a pass has to look at it first, and `NoSuchFolder`."""
    selected = await context.connection.select(folder.name, read_only=False)
    if folder.uidvalidity == selected.uidvalidity and was_restored(folder, selected):
        raise FolderRestored
    return selected


async def still_the_same(context: SyncContext, actions: Sequence[Due]) -> set[int]:
    """UIDs of `actions` that name, in the open folder, the messages that the actions are about; in doubt they do not.

    Messages without a Message-ID are known by sender, subject and date.
    """
    if not actions:
        return set()
    known = await context.read(lambda session: messages_of(session, actions))
    uids = {one.uid: known[one.message_id] for one in actions if one.message_id in known}
    found = await context.connection.fetch_message_ids(uids.keys()) if uids else []
    same = {one.uid for one in found if message_id_of(one) == uids[one.uid].message_id}
    nameless = [uid for uid in same if uids[uid].message_id is None]
    heads = await context.connection.fetch_headers(nameless) if nameless else []
    return same - set(nameless) | {one.uid for one in heads if _agrees(uids[one.uid], one)}


def _agrees(message: Message, fetched: Fetched) -> bool:
    if fetched.internal_date is None:
        return False
    mail = mail_of(parse_message(fetched.body or b""), fetched.internal_date)
    sender = mail.author.address if mail.author else ""
    return (mail.subject, mail.date, sender) == (message.subject, message.date, message.from_address)
