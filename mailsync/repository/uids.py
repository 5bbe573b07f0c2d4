"""Which UIDs of a folder are stored, or in quarantine, and forgetting those that left it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, delete, func, select

from storage import last_copies
from storage.models import Folder, FolderGap, Place, Quarantine
from storage.sessions import ReadSession, WriteSession

MAX_PARAMETERS = 900
"""Values in one IN (…), below every driver's limit."""


def stored_uids(session: ReadSession, folder_id: int, low: int, high: int) -> set[int]:
    """UIDs from `low` to `high` that are places."""
    statement = select(Place.uid).where(Place.folder_id == folder_id, Place.uid >= low, Place.uid <= high)
    return set(session.execute(statement).scalars())


def quarantined_uids(session: ReadSession, folder_id: int) -> set[int]:
    """UIDs of a folder that are in quarantine."""
    return set(session.execute(select(Quarantine.uid).where(Quarantine.folder_id == folder_id)).scalars())


def count_places(session: ReadSession, folder_id: int) -> int:
    """How many places a folder has."""
    return session.execute(select(func.count()).where(Place.folder_id == folder_id)).scalar_one()


def count_known(session: ReadSession, folder_id: int) -> int:
    """How many UIDs of a folder are accounted for: places, gaps and quarantine."""
    tables = (Place, FolderGap, Quarantine)
    counts = [select(func.count()).where(table.folder_id == folder_id, table.uid > 0) for table in tables]
    return sum(session.execute(count).scalar_one() for count in counts)


def newest_places(session: ReadSession, folder_id: int, limit: int) -> list[int]:
    """The highest stored UIDs of a folder; places that wait for theirs come last, below 0."""
    statement = select(Place.uid).where(Place.folder_id == folder_id).order_by(Place.uid.desc()).limit(limit)
    return list(session.execute(statement).scalars())


def newest_dates(session: ReadSession, folder_id: int, limit: int) -> dict[int, datetime]:
    """The highest stored UIDs of a folder, and when their messages came."""
    columns = select(Place.uid, Place.internal_date).where(Place.folder_id == folder_id, Place.uid > 0)
    return {row.uid: row.internal_date for row in session.execute(columns.order_by(Place.uid.desc()).limit(limit))}


def with_labels(folder_id: int) -> Select[int]:
    """The folder, and where it is Gmail's All Mail its labels: their places carry its UIDs."""
    return select(Folder.id).where((Folder.id == folder_id) | (Folder.labels_of_id == folder_id))


def remove_uids(session: WriteSession, folder_id: int, uids: Iterable[int]) -> int:
    """Forget places whose messages left the folder; the messages stay. Returns how many there were."""
    gone = sorted(uids)
    places: list[int] = []
    for start in range(0, len(gone), MAX_PARAMETERS):
        chunk = gone[start : start + MAX_PARAMETERS]
        for table in (FolderGap, Quarantine):
            session.execute(delete(table).where(table.folder_id == folder_id, table.uid.in_(chunk)))
        here = select(Place.id).where(Place.folder_id.in_(with_labels(folder_id)), Place.uid.in_(chunk))
        places += session.execute(here).scalars()
    return last_copies.remove_places(session, places)
