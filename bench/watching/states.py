"""How far a daemon is with its mailboxes, read from its store."""

from datetime import datetime

from sqlalchemy import func, select, text

from bench.sync.stores import Place
from bench.watching.daemon import Daemon
from core.clock import utcnow
from storage.models import Mailbox

_LIVE = text("SELECT count(*) FROM mailbox WHERE state = 'live'")
ROUNDS = 2
"""After the first pass each mailbox makes another, for what came before it listened; from the look after that on it is idle."""


def all_are_live(place: Place, mailboxes: int) -> bool:
    """Whether so many mailboxes have ended their first pass."""
    store = place.open()
    try:
        with store.database.reading() as session:
            return bool(session.execute(_LIVE).scalar_one() == mailboxes)
    finally:
        store.close()


def wait_until_idle(daemon: Daemon, place: Place) -> None:
    """Wait until every mailbox was looked at so often again that nothing but such looks goes on."""
    for _ in range(ROUNDS):
        since = utcnow()
        daemon.wait_until(lambda since=since: _all_looked_at(place, since), "another look at every mailbox")


def _all_looked_at(place: Place, since: datetime) -> bool:
    store = place.open()
    try:
        with store.database.reading() as session:
            earliest = session.execute(select(func.min(Mailbox.last_pass_at))).scalar_one()
            return bool(earliest and earliest > since)
    finally:
        store.close()
