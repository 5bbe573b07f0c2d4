"""How far a daemon is with its mailboxes, read from its store."""

from sqlalchemy import text

from bench.sync.stores import Place

_LIVE = text("SELECT count(*) FROM mailbox WHERE state = 'live'")


def all_are_live(place: Place, mailboxes: int) -> bool:
    """Whether so many mailboxes have ended their first pass."""
    store = place.open()
    try:
        with store.database.reading() as session:
            return bool(session.execute(_LIVE).scalar_one() == mailboxes)
    finally:
        store.close()
