"""The rows of labels: folders whose places carry the UIDs of All Mail."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, select, update

from mailsync.actions.repository.queue import hidden_uids
from mailsync.labels.names import folders_of
from storage.bulk import insert_rows
from storage.ids import reserve_ids
from storage.last_copies import remove_places
from storage.models import Folder, FolderGap, FolderState, Place, Quarantine
from storage.sessions import ReadSession, WriteSession

UIDS_AT_ONCE = 500
COPIED = (
    "mailbox_id", "message_id", "variant_id", "uid", "object_id", "seen", "flagged", "answered", "draft",
    "modseq", "internal_date", "size", "sha256", "head_blob_id", "is_new", "decision",
)  # fmt: skip
"""What a place in a label has of the one in All Mail."""


def label_folders(session: ReadSession, all_mail_id: int) -> list[Folder]:
    """The chosen folders that are labels of All Mail."""
    labels = select(Folder).where(Folder.labels_of_id == all_mail_id, Folder.chosen).order_by(Folder.id)
    return list(session.execute(labels).scalars())


def set_labels(session: WriteSession, all_mail_id: int, labels: Mapping[int, frozenset[str]]) -> None:
    """Give messages of All Mail, by UID, a place in each of these labels and in no other."""
    folders = label_folders(session, all_mail_id) if labels else []
    if not folders:
        return
    wanted = wanted_places(session, all_mail_id, folders, labels)
    uids = sorted(labels)
    for start in range(0, len(uids), UIDS_AT_ONCE):
        chunk = uids[start : start + UIDS_AT_ONCE]
        columns = select(Place.folder_id, Place.uid, Place.id)
        rows = session.execute(
            columns.where(Place.folder_id.in_([folder.id for folder in folders]), Place.uid.in_(chunk))
        )
        have = {(row.folder_id, row.uid): row.id for row in rows}
        remove_places(session, [place_id for at, place_id in have.items() if at not in wanted])
        _copy_places(session, all_mail_id, [at for at in sorted(wanted - have.keys()) if at[1] in set(chunk)])


def wanted_places(
    session: ReadSession, all_mail_id: int, folders: Sequence[Folder], labels: Mapping[int, frozenset[str]]
) -> set[tuple[int, int]]:
    """Folder and UID of each place that messages of All Mail have by these labels."""
    wanted = {(folder_id, uid) for uid, names in labels.items() for folder_id in folders_of(names, folders)}
    validity = session.execute(select(Folder.uidvalidity).where(Folder.id == all_mail_id)).scalar_one()
    for folder in folders:  # What somebody moved out of a label here, and the server does not know yet.
        wanted -= {(folder.id, uid) for uid in hidden_uids(session, folder.id, validity)}
    return wanted


def _copy_places(session: WriteSession, all_mail_id: int, wanted: list[tuple[int, int]]) -> None:
    """New places as those of All Mail are; for what is not stored there (quarantined) there is none."""
    if not wanted:
        return
    uids = {uid for _, uid in wanted}
    columns = [getattr(Place, name) for name in COPIED]
    found = session.execute(select(*columns).where(Place.folder_id == all_mail_id, Place.uid.in_(uids)))
    sources = {row.uid: dict(row._mapping) for row in found}
    stored = [(folder_id, uid) for folder_id, uid in wanted if uid in sources]
    ids = reserve_ids(session, Place, len(stored))
    rows = [
        {"id": place_id, "folder_id": folder_id, **sources[uid]}
        for place_id, (folder_id, uid) in zip(ids, stored, strict=True)
    ]
    insert_rows(session, Place, rows)


def hand_over(session: WriteSession, folder_id: int, all_mail_id: int | None, state: FolderState) -> None:
    """Make a folder without places a label of All Mail, or a folder of its own again (None)."""
    for table in (FolderGap, Quarantine):
        session.execute(delete(table).where(table.folder_id == folder_id))
    values = {"labels_of_id": all_mail_id, "uidvalidity": None, "highestmodseq": None, "oldest_uid": None}
    statement = update(Folder).where(Folder.id == folder_id)
    session.execute(statement.values(**values, newest_uid=0, state=state))


def clear_places(session: WriteSession, folder_id: int, limit: int) -> int:
    """Forget up to `limit` places of a folder; their messages stay. Returns how many there were."""
    some = select(Place.id).where(Place.folder_id == folder_id).limit(limit)
    return remove_places(session, session.execute(some).scalars())


def empty_labels(session: WriteSession, all_mail_id: int, limit: int) -> int:
    """Forget up to `limit` places in labels of All Mail, to be filled again. Returns how many there were."""
    mine = select(Folder.id).where(Folder.labels_of_id == all_mail_id)
    session.execute(update(Folder).where(Folder.labels_of_id == all_mail_id).values(state=FolderState.INITIAL))
    some = select(Place.id).where(Place.folder_id.in_(mine)).limit(limit)
    return remove_places(session, session.execute(some).scalars())


def leave_labels(session: WriteSession, folder_id: int, uids: Collection[int]) -> None:
    """Messages leave All Mail, and with it their labels; nothing happens for any other folder."""
    mine = select(Folder.id).where(Folder.labels_of_id == folder_id)
    places: list[int] = []
    for start in range(0, len(chunk := sorted(uids)), UIDS_AT_ONCE):
        some = Place.uid.in_(chunk[start : start + UIDS_AT_ONCE])
        places += session.execute(select(Place.id).where(Place.folder_id.in_(mine), some)).scalars()
    remove_places(session, places)


def fill_again(session: WriteSession, folder_id: int) -> None:
    """Messages came back to All Mail under the UIDs that they had: the next pass asks for labels."""
    session.execute(update(Folder).where(Folder.labels_of_id == folder_id).values(state=FolderState.INITIAL))


def is_to_be_filled(session: ReadSession, all_mail_id: int) -> bool:
    """Whether a chosen label of All Mail may lack places."""
    lacking = select(Folder.id).where(Folder.labels_of_id == all_mail_id, Folder.chosen)
    return session.execute(lacking.where(Folder.state == FolderState.INITIAL).limit(1)).first() is not None


def to_be_filled(session: ReadSession, folder_ids: Collection[int]) -> set[int]:
    """Those of the folders that are All Mail to a chosen label that may lack places."""
    lacking = select(Folder.labels_of_id).where(Folder.labels_of_id.in_(folder_ids), Folder.chosen)
    found = session.execute(lacking.where(Folder.state == FolderState.INITIAL)).scalars()
    return {all_mail_id for all_mail_id in found if all_mail_id is not None}


def mark_filled(session: WriteSession, all_mail_id: int) -> None:
    """All messages of All Mail have their places in chosen labels."""
    mine = update(Folder).where(Folder.labels_of_id == all_mail_id, Folder.chosen)
    session.execute(mine.values(state=FolderState.LIVE))


def mark_lacking(session: WriteSession, folder_id: int) -> None:
    """A label that is not chosen falls behind: it is filled again once it is."""
    session.execute(update(Folder).where(Folder.id == folder_id).values(state=FolderState.INITIAL))
