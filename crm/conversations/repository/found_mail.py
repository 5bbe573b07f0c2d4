"""What is needed to show why messages were found: their beginnings, and where their bytes lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm.access.viewer import Viewer
from crm.conversations.views.reach import Reach
from storage.models import Direction, Message, Place, Variant
from storage.sessions import ReadSession
from storage.unindexed import unindexed


@dataclass(frozen=True, slots=True)
class MailToShow:
    """A message as one mailbox of the reader's own holds it."""

    message_id: int
    thread_id: int
    date: datetime
    subject: str
    snippet: str
    direction: Direction
    from_key: str
    from_name: str
    from_address: str
    size: int
    head_blob_id: int
    body_blob_id: int


def found_mail(session: ReadSession, viewer: Viewer, reach: Reach, message_ids: Sequence[int]) -> list[MailToShow]:
    """Those of the messages that lie in `reach`, which is the viewer's own; each once."""
    del viewer
    rows = session.execute(
        select(
            Message.id,
            Message.thread_id,
            Message.date,
            Message.subject,
            Message.snippet,
            Message.direction,
            Message.from_key,
            Message.from_name,
            Message.from_address,
            Place.size,
            Place.head_blob_id,
            func.coalesce(Variant.body_blob_id, Message.body_blob_id),
        )
        .join(Place, Place.message_id == Message.id)
        .outerjoin(Variant, Variant.id == Place.variant_id)
        .where(Message.id.in_(message_ids), unindexed(Place.mailbox_id).in_(reach.mailbox_ids))
        .order_by(Place.id)
    )
    found: dict[int, MailToShow] = {}
    for row in map(tuple, rows):
        found.setdefault(row[0], MailToShow(*row))
    return list(found.values())
