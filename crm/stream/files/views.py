"""What pages and programs are given about the files of a record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.cursors import Cursor
from crm.records.views import Named


class FileSource(StrEnum):
    """Where a file comes from: put on the record by hand, a mail, or a message of colleagues."""

    ADDED = "added"
    MAIL = "mail"
    POST = "post"


@dataclass(frozen=True, slots=True)
class FileOnRecord:
    """One file. `source_id` is of the file itself, of the mail or of the post; `place` is its place in the mail or post.

    `by` is a colleague, or who wrote the mail; `of` the subject of the mail or the title of the post.
    """

    source: FileSource
    source_id: int
    place: int
    filename: str
    content_type: str
    size: int
    at: datetime
    by: str
    of: str = ""
    entry_id: int = 0
    """The entry of the timeline that tells of it."""

    @property
    def path(self) -> str:
        """Where it is downloaded in the console."""
        if self.source is FileSource.MAIL:
            return f"/mail/messages/{self.source_id}/parts/{self.place}"
        return (
            f"/feed/{self.source_id}/files/{self.place}"
            if self.source is FileSource.POST
            else f"/files/{self.source_id}"
        )


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was found by its name, with the records on which it stands, as far as the viewer may know of them."""

    file: FileOnRecord
    records: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class FilesPage:
    """Some files, newest first; `next` where there may be more."""

    files: tuple[FileOnRecord, ...]
    next: Cursor | None
