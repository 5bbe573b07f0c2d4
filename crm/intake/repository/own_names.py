"""What relays call mail of ours."""

from collections.abc import Collection

from sqlalchemy import select

from storage.among import among
from storage.models import Outgoing
from storage.sessions import ReadSession


def relay_names(session: ReadSession, outgoing_ids: Collection[int]) -> dict[int, list[str]]:
    """The Message-IDs that relays gave these mails, by mail."""
    if not outgoing_ids:
        return {}
    rows = session.execute(select(Outgoing.id, Outgoing.known_as).where(among(Outgoing.id, outgoing_ids)))
    return {outgoing_id: names for outgoing_id, names in rows if names}
