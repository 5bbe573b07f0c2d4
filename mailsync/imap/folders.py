"""Folders: which there are, how they stand, opening one."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TypeVar

from aioimaplib.aioimaplib import SELECTED

from mailsync.imap.errors import (
    CommandRefused,
    NoSuchFolder,
    NotOffered,
    NotPermitted,
    ProtocolError,
    Unavailable,
    Unsendable,
)
from mailsync.imap.folder_status import FolderStatus, Said, identified, read_statuses, status_of, with_id
from mailsync.imap.protocol import HardenedProtocol
from mailsync.imap.quoting import quote, quote_folder, read_folder
from mailsync.imap.replies import Reply, Untagged
from mailsync.imap.selected import Known, Selected, read_selected
from mailsync.imap.server import ImapServer
from mailsync.imap.session import Session
from mailsync.imap.tokens import as_bytes, as_words, parse_values
from mailsync.imap.uidset import LINE_BYTES

T = TypeVar("T")

_SPECIAL_USES = {
    name.lower(): name for name in ("\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Important", "\\Junk", "\\Sent", "\\Trash")
}  # fmt: skip
_IDS = "(UIDVALIDITY MAILBOXID)"
"""Asked apart from the numbers: for both at once Cyrus 3.6 answers with bytes of memory that it has freed."""


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """One folder of the account. `special_use` is spelt as in RFC 6154 (`\\Sent`), None for most."""

    name: str
    delimiter: str | None
    flags: frozenset[str]
    special_use: str | None
    selectable: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """Every folder in the server's order, and how those stand that could be asked.

    `picture` is equal for two surveys that tell the same; None where it took more than one command to make them.
    """

    folders: list[ListedFolder]
    statuses: dict[str, FolderStatus]
    picture: bytes | None


class FolderCommands(Session):
    """The commands that are about folders as a whole."""

    def __init__(self, server: ImapServer, protocol: HardenedProtocol) -> None:
        super().__init__(server, protocol)
        self._spellings: dict[str, str] = {}
        self._writable: str | None = None
        """The folder that is open for writing."""
        self._opened = ""

    @property
    def open_folder(self) -> str | None:
        """The folder that is open now, if one is."""
        return self._opened if self._protocol.state == SELECTED else None

    async def list_folders(self) -> list[ListedFolder]:
        """Every folder, in the server's order."""
        arguments = ("RETURN (SPECIAL-USE)",) if self._tells_special_uses else ()
        return await self.ask(self._all_listed, "LIST", quote(""), quote("*"), *arguments)

    async def survey(self, left_out: Collection[str] = ()) -> Survey:
        """Every folder, and how each stands that is not in `left_out`, while none is open.

        One command where LIST-STATUS is offered (RFC 5819), two with OBJECTID; elsewhere one and one for each folder.
        """
        if not self.has("LIST-STATUS"):
            listed = await self.list_folders()
            wanted = (one.name for one in listed if one.selectable and one.name not in left_out)
            return Survey(listed, await self.statuses(wanted), None)
        listed, told, picture = await self.ask(self._surveyed, *self._survey_command())
        names = {one.name for one in listed if one.selectable} - set(left_out)
        found = {name: status for wire, status in told if (name := self._named(wire)) in names}
        return Survey(listed, await self._with_ids(found), picture)

    async def picture(self) -> bytes | None:
        """What `survey` would give as its picture, without its being read; None where a folder is open or one command
        does not tell."""
        if not self.has("LIST-STATUS") or self._protocol.state == SELECTED:
            return None
        return await self.ask(_picture, *self._survey_command())

    def _survey_command(self) -> tuple[str, ...]:
        special_use = "SPECIAL-USE " if self._tells_special_uses else ""
        return ("LIST", quote(""), quote("*"), f"RETURN ({special_use}STATUS {self._status_items()})")

    def _surveyed(self, reply: Reply) -> tuple[list[ListedFolder], list[tuple[bytes, FolderStatus]], bytes]:
        return self._all_listed(reply), read_statuses(status_of, reply), _picture(reply)

    @property
    def _tells_special_uses(self) -> bool:
        return self.has("LIST-EXTENDED") and self.has("SPECIAL-USE")

    async def status(self, folder: str) -> FolderStatus:
        """How `folder` stands; not to be asked of the folder that is open. Raises `NoSuchFolder`."""
        told = await self.ask(partial(read_statuses, status_of), "STATUS", self._wire(folder), self._status_items())
        return told[0][1]

    async def statuses(self, folders: Iterable[str]) -> dict[str, FolderStatus]:
        """How several folders stand: one command where LIST-STATUS is offered, two with OBJECTID; those that can not be
        asked are left out."""
        wanted = list(dict.fromkeys(folders))
        return await self._with_ids(await self._told(wanted, self._status_items(), status_of))

    async def _with_ids(self, found: dict[str, FolderStatus]) -> dict[str, FolderStatus]:
        if not self.has("OBJECTID") or not found:
            return found
        ids = await self._told(list(found), _IDS, identified)
        return {name: with_id(status, ids.get(name)) for name, status in found.items()}

    async def _told(self, folders: Sequence[str], items: str, read: Callable[[Said], T]) -> dict[str, T]:
        """What `read` makes of the `items` of each folder."""
        reading = partial(read_statuses, read)
        if self.has("LIST-STATUS"):
            found = await self.ask(reading, "LIST", quote(""), quote("*"), f"RETURN (STATUS {items})")
            return {name: said for wire, said in found if (name := self._named(wire)) in folders}
        told: dict[str, T] = {}
        for folder in folders:
            with suppress(NoSuchFolder, NotPermitted, CommandRefused, Unavailable):
                told[folder] = (await self.ask(reading, "STATUS", self._wire(folder), items))[0][1]
        return told

    async def select(
        self, folder: str, *, read_only: bool = True, condstore: bool = True, known: Known | None = None
    ) -> Selected:
        """Open `folder`; with `read_only` nothing there can change, not even \\Recent.

        `condstore` asks for MODSEQs where the server has them and ENABLE could not do it; `known` (QRESYNC must be
        enabled) asks what changed and vanished since. Raises `NoSuchFolder`; then no folder is open.
        """
        self.folder_has_modseq = False
        selected = await self.ask(
            lambda reply: read_selected(reply, read_only=read_only),
            "EXAMINE" if read_only else "SELECT",
            self._wire(folder),
            *self._select_parameters(condstore=condstore, known=known),
        )
        self.folder_has_modseq = selected.highestmodseq is not None
        self._writable, self._opened = None if read_only else folder, folder
        return selected

    async def leave_folder(self) -> None:
        """Have no folder open. While one is, its STATUS may stand still: Dovecot's tells nothing new, ever.

        Nothing is removed: CLOSE would take what is marked \\Deleted from a folder that is open for writing, so such a
        one is opened again for reading first.
        """
        if self._protocol.state != SELECTED:
            return
        if self._writable is not None:
            await self.select(self._writable)
        self.folder_has_modseq = False
        with suppress(CommandRefused, NotPermitted):  # Some servers refuse it for a folder that is open for reading.
            await self.run("CLOSE")

    async def create(self, folder: str) -> None:
        """Make a folder. Raises `FolderExists`."""
        await self.run("CREATE", self._wire(folder))

    def _select_parameters(self, *, condstore: bool, known: Known | None) -> tuple[str, ...]:
        if known is None:
            return ("(CONDSTORE)",) if condstore and self.has("CONDSTORE") and not self.enabled else ()
        if "QRESYNC" not in self.enabled:
            raise NotOffered("QRESYNC")
        short = known.uids is not None and len(known.uids.text) < LINE_BYTES
        uids = f" {known.uids.text}" if known.uids and short else ""
        return (f"(QRESYNC ({known.uidvalidity} {known.modseq}{uids}))",)

    def _status_items(self) -> str:
        modseq = " HIGHESTMODSEQ" if self.has("CONDSTORE") or self.has("QRESYNC") else ""
        return f"(MESSAGES UIDNEXT UIDVALIDITY UNSEEN{modseq})"

    def _all_listed(self, reply: Reply) -> list[ListedFolder]:
        return [self._listed(answer) for answer in reply.of(b"LIST")]

    def _listed(self, answer: Untagged) -> ListedFolder:
        values = parse_values(answer.parts)
        if len(values) < 3:
            raise ProtocolError("LIST without a name")
        flags = as_words(values[0])
        lowered = {flag.lower() for flag in flags}
        delimiter = values[1].decode("utf-8", "replace") if isinstance(values[1], bytes) else None
        return ListedFolder(
            name=self._named(as_bytes(values[2])),
            delimiter=delimiter,
            flags=flags,
            special_use=next((_SPECIAL_USES[flag] for flag in sorted(lowered) if flag in _SPECIAL_USES), None),
            selectable=not lowered & {"\\noselect", "\\nonexistent"},
        )

    def _named(self, wire: bytes) -> str:
        """The folder's name for people; a spelling that can not be made from it again is remembered."""
        name = read_folder(wire)
        with suppress(Unsendable):
            spelt = quote(wire.decode("utf-8", "surrogateescape"))
            if quote_folder(name) != spelt:
                self._spellings[name] = spelt
        return name

    def _wire(self, name: str) -> str:
        return self._spellings.get(name) or quote_folder(name)


def _picture(reply: Reply) -> bytes:
    """A digest of all that a survey tells, in its order."""
    digest = blake2b(digest_size=16)
    for name, _, parts in reply.untagged:
        if name in (b"LIST", b"STATUS"):
            digest.update(b"\n".join((name, *parts, b"")))
    return digest.digest()
