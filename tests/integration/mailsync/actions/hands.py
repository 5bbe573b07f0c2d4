"""Acting on a mailbox from our side, telling its server, and looking at what the server has then."""

import asyncio
import email
import re

from sqlalchemy import select

from crm.access.viewer import Viewer
from integration.mailsync.by_hand import by_hand
from mailsync.account import open_connection
from mailsync.actions.applying import tell_server
from mailsync.actions.asking import About, Done, Wish, ask, undo
from mailsync.sync_context import SyncContext
from mailsync.traffic.metering import Meter
from storage.models import Folder, MailAction, Message, Place

FOLDERS = ("INBOX", "Archive", "Trash", "Junk", "Drafts")
MARKS = ("seen", "flagged", "answered")


def do(synced, wish: Wish, *subjects: str, target: str | None = None) -> Done:
    """What a person does, without the server being told."""
    with synced.store.database.unit_of_work() as session:
        ids = tuple(session.execute(select(Message.id).where(Message.subject.in_(subjects))).scalars())
        folder_id = synced.folder(target).id if target else None
        return ask(session, Viewer.system(), wish, About(message_ids=ids), target_id=folder_id)


def take_back(synced, done: Done) -> None:
    with synced.store.database.unit_of_work() as session:
        undo(session, Viewer.system(), done.act)


def tell(synced) -> int:
    """Tell the server all that waits."""
    return asyncio.run(_tell(synced))


async def _tell(synced) -> int:
    connection = await open_connection(synced.store, synced.settings, synced.mailbox())
    try:
        return await tell_server(
            SyncContext(
                synced.store,
                synced.settings,
                connection,
                synced.mailbox_id,
                None,
                lambda _: None,
                lambda _: None,
                Meter(connection, synced.mailbox()),
            )
        )
    finally:
        await connection.close()


def on_server(synced) -> dict[str, dict[str, str]]:
    """By folder and subject, the flags as sorted words; what is marked as deleted is left out."""
    found = {}
    for folder in FOLDERS:
        with by_hand(synced, folder) as client:
            messages = list(_messages(client))
            found[folder] = dict(messages)
            assert len(messages) == len(found[folder]), f"twice in {folder}: {messages}"
    return {name: mails for name, mails in found.items() if mails}


def _messages(client):
    for item in client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER])")[1]:
        if not isinstance(item, tuple):
            continue
        flags = {word.lower() for word in re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()}
        if "\\deleted" not in flags:
            marks = " ".join(sorted(mark for mark in MARKS if f"\\{mark}" in flags))
            yield str(email.message_from_bytes(item[1])["Subject"]), marks


def in_store(synced) -> dict[str, dict[str, str]]:
    """The same of what we show."""
    found: dict[str, dict[str, str]] = {}
    query = select(Folder.name, Message.subject, Place).join(Place, Place.folder_id == Folder.id)
    with synced.store.database.reading() as session:
        for folder, subject, place in session.execute(query.join(Message, Message.id == Place.message_id)):
            marks = " ".join(sorted(mark for mark in MARKS if getattr(place, mark)))
            assert subject not in found.get(folder, {}), "shown twice"
            found.setdefault(folder, {})[subject] = marks
    return found


def outcomes(synced) -> list[tuple[str, str, str]]:
    """Kind, state and reason of every action, in order."""
    with synced.store.database.reading() as session:
        rows = session.execute(select(MailAction).order_by(MailAction.id)).scalars()
        return [(row.kind.value, row.state.value, row.reason) for row in rows]


def no_number_is_missing(synced) -> bool:
    """Whether every place has the UID that the server gave it."""
    with synced.store.database.reading() as session:
        return session.execute(select(Place.id).where(Place.uid < 0)).first() is None
