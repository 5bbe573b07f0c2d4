"""A mail that did not leave, opened again: everything it said, and its files."""

from collections.abc import Collection

from crm.access.viewer import Viewer
from crm.outgoing import repository
from crm.outgoing.views import Composition, MailKind, OwnFile, StoredFile
from storage.sessions import ReadSession
from storage.store import Store

File = tuple[str, str, bytes]
"""Name, type and content."""


def reopen(store: Store, viewer: Viewer, outgoing_id: int) -> Composition:
    """The mail as it was written. Files of stored messages that are gone are left out. Raises `NotFound`."""
    with store.database.reading() as session:
        mail = repository.outgoing(session, viewer, outgoing_id)
        stored, own = _files(session, viewer, outgoing_id)
    kinds = {kind.value: kind for kind in MailKind}
    return Composition(
        kinds.get(mail.kind, MailKind.NEW),
        mail.mailbox_id,
        mail.to,
        mail.subject,
        mail.text,
        cc=mail.cc,
        bcc=mail.bcc,
        in_reply_to_id=mail.in_reply_to_id,
        stored_files=stored,
        own_files=own,
    )


def files_of_mail(
    store: Store, session: ReadSession, viewer: Viewer, outgoing_id: int, positions: Collection[int]
) -> list[File]:
    """Files that were added to a mail, by their places among its attachments, with their bytes. Raises `NotFound`."""
    files = repository.attachments(session, viewer, outgoing_id)
    return [
        (file["filename"], file["content_type"], store.blobs.read(session, file["blob_id"]))
        for position, file in enumerate(files)
        if position in positions and "blob_id" in file
    ]


def _files(
    session: ReadSession, viewer: Viewer, outgoing_id: int
) -> tuple[tuple[StoredFile, ...], tuple[OwnFile, ...]]:
    files = repository.attachments(session, viewer, outgoing_id)
    sizes = repository.blob_sizes(session, [file["blob_id"] for file in files if "blob_id" in file])
    own = tuple(
        OwnFile(outgoing_id, position, file["filename"], file["content_type"], sizes.get(file["blob_id"], 0))
        for position, file in enumerate(files)
        if "blob_id" in file
    )
    named = {(file["message_id"], file["index"]) for file in files if "message_id" in file}
    stored = [
        StoredFile(message_id, *file)
        for message_id in dict.fromkeys(message_id for message_id, _ in named)
        for file in repository.files_of_message(session, viewer, message_id)
        if (message_id, file[0]) in named
    ]
    return tuple(stored), own
