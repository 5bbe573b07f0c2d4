"""Folders that the server will not let us look into, told apart from a server that does not work at all.

One folder with broken permissions or a broken index must not keep the others from being read: it is noted with the
reason, and left alone for a while. Where every folder is refused it is the mailbox's trouble, and nothing is noted.
"""

from dataclasses import dataclass, field
from functools import partial

from core.logging import get_logger
from mailsync.folders import repository
from mailsync.imap.errors import AuthenticationFailed, ConnectionLost, ImapError, Throttled
from mailsync.sync_context import SyncContext
from storage.models import Folder

NOT_THE_FOLDERS = (AuthenticationFailed, ConnectionLost, Throttled)
"""Errors that say nothing about the folder in hand."""

log = get_logger(__name__)


@dataclass(slots=True)
class Refusals:
    """What a pass was refused so far."""

    context: SyncContext
    errors: list[tuple[Folder, ImapError]] = field(default_factory=list)
    let_in: int = 0

    async def welcome(self, folder: Folder) -> None:
        """The server let us look into `folder`."""
        self.let_in += 1
        if folder.refusals:
            await self.context.write(lambda session: repository.clear_refusal(session, folder.id))

    async def add(self, folder: Folder, error: ImapError) -> None:
        """Remember the refusal. Raises `error` again where it is not about the folder, or ended the connection."""
        if isinstance(error, NOT_THE_FOLDERS):
            raise error
        log.warning(
            "folder.refused", mailbox_id=self.context.mailbox_id, folder_id=folder.id, error=type(error).__name__
        )
        self.errors.append((folder, error))
        if not self.context.connection.usable:
            await self._note()  # The next connection must not end at the same folder.
            raise error

    async def settle(self) -> None:
        """At the end of a pass: note what was refused. Raises the last refusal where nothing else was met."""
        if self.errors and not self.let_in:
            raise self.errors[-1][1]
        await self._note()

    async def _note(self) -> None:
        for folder, error in self.errors:
            await self.context.write(partial(repository.note_refusal, folder_id=folder.id, reason=str(error)))
        self.errors.clear()
