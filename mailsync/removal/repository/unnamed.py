"""Blobs that no row names: which there are, and how far the store was looked through for them."""

from sqlalchemy import Text, cast, func, select

from storage.blobs import is_unnamed
from storage.models import Blob, Outgoing
from storage.sessions import ReadSession


def highest_blob(session: ReadSession) -> int:
    """The id up to which there are blobs; 0 without any."""
    return session.execute(select(func.max(Blob.id))).scalar_one() or 0


def unnamed_blobs(session: ReadSession, above: int, up_to: int) -> set[int]:
    """Blobs with ids in that range that neither a row nor a mail to be sent names, whose files stand inside JSON."""
    found = set(session.execute(select(Blob.id).where(Blob.id > above, Blob.id <= up_to, is_unnamed())).scalars())
    return found - _files_of_mails(session) if found else found


def _files_of_mails(session: ReadSession) -> set[int]:
    with_files = select(Outgoing.attachments).where(cast(Outgoing.attachments, Text).like("%blob_id%"))
    rows = session.execute(with_files).scalars()
    return {file["blob_id"] for files in rows for file in files if "blob_id" in file}
