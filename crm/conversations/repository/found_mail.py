"""What is needed to show why messages were found: their beginnings, and where their bytes lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from crm.access.viewer import Viewer
from crm.conversations.views.reach import Reach
from storage.models import Message, Place, Variant
from storage.sessions import ReadSession
from storage.unindexed import unindexed


@dataclass(frozen=True, slots=True)
class FoundMail:
    """A message as one mailbox of the reader's own holds it."""

    message_id: int
    subject: str
    snippet: str
    size: int
    head_blob_id: int
    body_blob_id: int


def found_mail(session: ReadSession, viewer: Viewer, reach: Reach, message_ids: Sequence[int]) -> list[FoundMail]:
    """Those of the messages that lie in `reach`, which is the viewer's own; each once."""
    del viewer
    rows = session.execute(
        select(
            Message.id,
            Message.subject,
            Message.snippet,
            Place.size,
            Place.head_blob_id,
            func.coalesce(Variant.body_blob_id, Message.body_blob_id),
        )
        .join(Place, Place.message_id == Message.id)
        .outerjoin(Variant, Variant.id == Place.variant_id)
        .where(Message.id.in_(message_ids), unindexed(Place.mailbox_id).in_(reach.mailbox_ids))
        .order_by(Place.id)
    )
    found: dict[int, FoundMail] = {}
    for row in rows:
        found.setdefault(row[0], FoundMail(*row))
    return list(found.values())
