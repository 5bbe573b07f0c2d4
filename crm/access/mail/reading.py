"""The raw bytes of a stored message for whoever may read it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from core.errors import Forbidden, NotFound
from crm.access.mail import repository
from crm.access.mail.repository import Copy
from crm.access.viewer import Viewer
from storage.blobs import BlobStore
from storage.models import ShareLevel
from storage.sessions import ReadSession


class ReadLevel(IntEnum):
    """How much of a message somebody may read; each level includes those below it."""

    NOTHING = 0
    METADATA = 1
    """Who wrote to whom, and when."""
    SUBJECT = 2
    EVERYTHING = 3


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A message as one mailbox received it."""

    mailbox_id: int
    raw: bytes


ORIGINAL_IS_GONE = "This mail was deleted in every mailbox, and its original was not kept: what it said is gone."
_SHARED = {
    ShareLevel.EVERYTHING: ReadLevel.EVERYTHING,
    ShareLevel.SUBJECT: ReadLevel.SUBJECT,
    ShareLevel.METADATA: ReadLevel.METADATA,
    ShareLevel.PRIVATE: ReadLevel.NOTHING,
}


def read_message(session: ReadSession, blobs: BlobStore, viewer: Viewer, message_id: int) -> StoredMail:
    """The message, from the copy that lies nearest to the viewer.

    Raises `NotFound` when there is no such message, the viewer may not know of it, or its original is gone, `Forbidden`
    when they may see who wrote it but not what, `Permanent` when the store is damaged.
    """
    level, copy = _graded(session, viewer, [message_id]).get(message_id, (ReadLevel.NOTHING, None))
    if level is ReadLevel.NOTHING:
        raise NotFound("There is no such message.")
    if copy is None:
        raise NotFound(ORIGINAL_IS_GONE)
    if level is not ReadLevel.EVERYTHING:
        raise Forbidden("The owner of this mailbox does not share what its mail says.")
    raw = blobs.read(session, copy.head_blob_id) + blobs.read(session, copy.body_blob_id)
    return StoredMail(copy.mailbox_id, raw)


def require_readable(session: ReadSession, viewer: Viewer, message_id: int) -> None:
    """Raises `NotFound` unless the viewer may read all of the message: before they show it to others."""
    if read_levels(session, viewer, [message_id]).get(message_id) is not ReadLevel.EVERYTHING:
        raise NotFound("There is no such message.")


def read_levels(session: ReadSession, viewer: Viewer, message_ids: Collection[int]) -> dict[int, ReadLevel]:
    """How far the viewer may read each of the messages; one that is not named is not there."""
    return {message_id: level for message_id, (level, _) in _graded(session, viewer, message_ids).items()}


def originals_gone(session: ReadSession, message_ids: Collection[int]) -> set[int]:
    """Those of the messages that lie nowhere and have no last copy: nobody can read them (docs/decisions/0014)."""
    return repository.without_original(session, message_ids) if message_ids else set()


Graded = tuple[ReadLevel, Copy | None]


def _graded(session: ReadSession, viewer: Viewer, message_ids: Collection[int]) -> dict[int, Graded]:
    """The widest level of each message, with the copy that gives it."""
    if not message_ids:
        return {}
    found = repository.copies(session, viewer, message_ids)
    if viewer.is_system:
        return {copy.message_id: (ReadLevel.EVERYTHING, copy) for copy in reversed(found)}
    bound = repository.on_records(session, viewer, message_ids)
    worked_on = repository.by_work(session, viewer, message_ids)
    widest: dict[int, Graded] = {}
    for copy in found:
        level = _level(copy, bound=copy.message_id in bound, worked_on=copy.message_id in worked_on)
        if copy.message_id not in widest or level > widest[copy.message_id][0]:
            widest[copy.message_id] = (level, copy)
    # Of an original that is gone nobody's sharing speaks any more; who wrote it stands on the record.
    gone = originals_gone(session, (bound | worked_on) - widest.keys())
    return widest | dict.fromkeys(gone, (ReadLevel.METADATA, None))


def _level(copy: Copy, *, bound: bool, worked_on: bool) -> ReadLevel:
    """A mailbox that does not hold a message any more opens it to its owner where it stands on a record, and only there."""
    if worked_on or (copy.own and (bound or not copy.kept)):
        return ReadLevel.EVERYTHING
    return _SHARED[copy.share_level] if bound else ReadLevel.NOTHING
