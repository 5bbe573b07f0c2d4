"""Gmail's labels by name. System labels begin with a backslash, whatever the language of the account."""

from collections.abc import Iterable, Mapping, Sequence

from storage.models import Folder, FolderRole

SYSTEM_LABELS = {"\\inbox": FolderRole.INBOX, "\\sent": FolderRole.SENT, "\\draft": FolderRole.DRAFTS}
"""In lower case. The others (\\Important, \\Starred, \\Muted) are signs on a message and no place of it."""
OUTSIDE_ALL_MAIL = frozenset({FolderRole.ALL, FolderRole.JUNK, FolderRole.TRASH})


def is_label(folder: Folder) -> bool:
    """Whether a folder of a Gmail account shows a label of All Mail."""
    return folder.role not in OUTSIDE_ALL_MAIL


def label_of(folder: Folder) -> str:
    """The label that a folder shows."""
    return next(
        (f"\\{label[1:].capitalize()}" for label, role in SYSTEM_LABELS.items() if role is folder.role), folder.name
    )


def role_of(labels: Iterable[str]) -> FolderRole | None:
    """What a message is by its labels; None for mail that was archived. Mail from us to us has arrived as well as left."""
    roles = {SYSTEM_LABELS.get(label.lower()) for label in labels}
    return next((role for role in (FolderRole.DRAFTS, FolderRole.INBOX, FolderRole.SENT) if role in roles), None)


def folders_of(labels: Iterable[str], folders: Sequence[Folder]) -> set[int]:
    """Ids of the folders that show these labels; a label that is hidden from IMAP has none."""
    return {found for label in labels if (found := _ids(folders).get(_key(label))) is not None}


def _ids(folders: Sequence[Folder]) -> Mapping[str | FolderRole, int]:
    return {folder.role if folder.role in SYSTEM_LABELS.values() else folder.name: folder.id for folder in folders}


def _key(label: str) -> str | FolderRole:
    return SYSTEM_LABELS.get(label.lower(), label)
