"""Mails that a trial names, as far as who asks may read them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from storage.among import among
from storage.models import Message
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in a list; the subject is empty for whoever may only know who wrote it."""

    thread_id: int
    from_name: str
    from_address: str
    subject: str


def lines(session: ReadSession, viewer: Viewer, message_ids: Collection[int]) -> dict[int, MailLine]:
    """Those of the mails that the viewer may know of."""
    if not message_ids:
        return {}
    levels = read_levels(session, viewer, message_ids)
    known = [message_id for message_id, level in levels.items() if level >= ReadLevel.METADATA]
    columns = (Message.id, Message.thread_id, Message.from_name, Message.from_address, Message.subject)
    rows = session.execute(select(*columns).where(among(Message.id, known))) if known else ()
    return {
        row.id: MailLine(
            row.thread_id,
            row.from_name,
            row.from_address,
            row.subject if levels[row.id] >= ReadLevel.SUBJECT else "",
        )
        for row in rows
    }
