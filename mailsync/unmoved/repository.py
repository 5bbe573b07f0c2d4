"""What is stored of folders, for comparing it with what a server tells of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from mailsync.actions.repository.server_flags import OPEN, StoredFlags
from storage.models import ActionKind, FolderGap, MailAction, Place, Quarantine
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """When a message came (INTERNALDATE), and its flags; None of those that are not compared."""

    internal_date: datetime
    flags: StoredFlags | None


def with_actions(session: ReadSession, folder_ids: Collection[int]) -> set[int]:
    """Those of the folders whose messages the server may show otherwise than we do, or be about to: some were moved or
    removed here, or have marks of which it is to be told."""
    hidden = select(MailAction.folder_id).where(
        MailAction.folder_id.in_(folder_ids),
        MailAction.kind.in_((ActionKind.MOVE, ActionKind.REMOVE)),
        or_(MailAction.state.in_(OPEN), MailAction.left_behind),
    )
    marked = (
        select(Place.folder_id)
        .join(MailAction, MailAction.place_id == Place.id)
        .where(MailAction.kind == ActionKind.FLAG, MailAction.state.in_(OPEN), Place.folder_id.in_(folder_ids))
    )
    found = session.execute(hidden.union(marked)).scalars()
    return {folder_id for folder_id in found if folder_id is not None}


def counts_known(session: ReadSession, folder_ids: Collection[int]) -> Mapping[int, int]:
    """How many UIDs of each folder are accounted for: places, gaps and quarantine."""
    counts = dict.fromkeys(folder_ids, 0)
    for table in (Place, FolderGap, Quarantine):
        counted = select(table.folder_id, func.count()).where(table.folder_id.in_(folder_ids), table.uid > 0)
        for folder_id, count in session.execute(counted.group_by(table.folder_id)):
            counts[folder_id] += count
    return counts


def newest_and_oldest(session: ReadSession, folder_id: int, newest: int) -> dict[int, StoredMessage]:
    """The `newest` messages of a folder by UID, and the date of its oldest."""
    dates = select(Place.uid, Place.internal_date).where(Place.folder_id == folder_id, Place.uid > 0)
    oldest = session.execute(dates.order_by(Place.uid).limit(1))
    found = {row.uid: StoredMessage(row.internal_date, None) for row in oldest}
    flags = dates.add_columns(Place.seen, Place.flagged, Place.answered, Place.draft)
    for uid, came, *words in session.execute(flags.order_by(Place.uid.desc()).limit(newest)):
        found[uid] = StoredMessage(came, StoredFlags(*words))
    return found
