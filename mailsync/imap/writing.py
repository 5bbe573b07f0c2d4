"""Changing the open folder: flags, copies, moves, deletions, and new messages in any folder.

Nothing here expunges what it was not told to: EXPUNGE without UIDPLUS would delete what other clients had marked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mailsync.imap.errors import NotOffered, ProtocolError, Unsendable
from mailsync.imap.fetch import read_fetched
from mailsync.imap.folders import FolderCommands
from mailsync.imap.replies import Reply
from mailsync.imap.uidset import LINE_BYTES, Uids, UidSet, as_uid_set

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FLAG_BREAKERS = frozenset('(){%*" []\x7f').union(map(chr, range(32)))


@dataclass(frozen=True, slots=True)
class AppendUid:
    """Where an appended message went (APPENDUID, RFC 4315)."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Copied:
    """Where copied or moved messages went (COPYUID, RFC 4315): old UID to new UID in the target folder."""

    uidvalidity: int
    uids: dict[int, int]


class WritingCommands(FolderCommands):
    """The commands that change messages; the folder must be open with `read_only=False`."""

    async def store_flags(
        self, uids: Uids, *, add: Iterable[str] = (), remove: Iterable[str] = (), unchanged_since: int | None = None
    ) -> UidSet:
        """Add and remove flags. Returns the UIDs left alone because they changed after `unchanged_since` (CONDSTORE)."""
        if unchanged_since is not None and not self.folder_has_modseq:
            raise NotOffered("CONDSTORE")
        modified = UidSet()
        changes = [(sign, words) for sign, words in (("+", _flag_list(add)), ("-", _flag_list(remove))) if words]
        for piece in as_uid_set(uids).split():
            since = unchanged_since
            for sign, words in changes:
                if left := piece.without(modified):
                    lost, since = await self._store_once(left, f"{sign}FLAGS.SILENT {words}", since)
                    modified = modified.union(lost)
        return modified

    async def store_labels(self, uids: Uids, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Give and take Gmail's labels (X-GM-EXT-1): names of folders, or system labels as `\\Inbox`."""
        self.demand("X-GM-EXT-1")
        changes = [
            (sign, [name if name.startswith("\\") else self._wire(name) for name in names])
            for sign, names in (("+", add), ("-", remove))
        ]
        for piece in as_uid_set(uids).split():
            for sign, labels in changes:
                if labels:
                    await self.run("STORE", piece.text, f"{sign}X-GM-LABELS ({' '.join(labels)})", prefix="UID")

    async def copy(self, uids: Uids, folder: str) -> Copied | None:
        """Copy messages; None when the server does not say where they went. Raises `NoSuchFolder`, `MailboxFull`."""
        return await self._transfer("COPY", uids, folder)

    async def move(self, uids: Uids, folder: str) -> Copied | None:
        """Move messages: MOVE, or else COPY and \\Deleted, expunged at once if UIDPLUS allows to name them."""
        if self.has("MOVE"):
            return await self._transfer("MOVE", uids, folder)
        wanted = as_uid_set(uids)
        copied = await self._transfer("COPY", wanted, folder)
        await self.store_flags(wanted, add=["\\Deleted"])
        if self.has("UIDPLUS"):
            await self.expunge(wanted)
        return copied

    async def expunge(self, uids: Uids) -> None:
        """Remove those of `uids` that are marked \\Deleted, and no others. Raises `NotOffered` without UIDPLUS."""
        self.demand("UIDPLUS")
        for piece in as_uid_set(uids).split():
            await self.run("EXPUNGE", piece.text, prefix="UID")

    async def append(
        self, folder: str, message: bytes, flags: Iterable[str] = (), date: datetime | None = None
    ) -> AppendUid | None:
        """Put a message (CRLF lines) into `folder`; `date` (aware) becomes its INTERNALDATE. None without UIDPLUS.

        Raises `NoSuchFolder`, `MailboxFull`.
        """
        arguments = [self._wire(folder)]
        if written := _flag_list(flags):
            arguments.append(written)
        if date is not None:
            arguments.append(write_date(date))
        reply = await self.run("APPEND", *arguments, f"{{{len(message)}}}", answers=(message + b"\r\n",))
        numbers = _numbers(reply, "APPENDUID", 2)
        return AppendUid(*map(int, numbers)) if numbers else None

    async def _store_once(self, uids: UidSet, change: str, since: int | None) -> tuple[UidSet, int | None]:
        """One STORE: the UIDs that it left alone, and the MODSEQ from which a second condition has to start."""
        condition = () if since is None else (f"(UNCHANGEDSINCE {since})",)
        return await self.ask(
            lambda reply: (_read_modified(reply), _newest_modseq(reply, since)),
            "STORE", uids.text, *condition, change,
            prefix="UID",
        )  # fmt: skip

    async def _transfer(self, command: str, uids: Uids, folder: str) -> Copied | None:
        target = self._wire(folder)
        copied: Copied | None = None
        for piece in as_uid_set(uids).split(max(LINE_BYTES - len(target.encode("utf-8", "replace")), 1000)):
            reply = await self.run(command, piece.text, target, prefix="UID")
            copied = _joined(copied, _read_copied(reply))
        return copied


def _flag_list(flags: Iterable[str]) -> str:
    """Flags as a list, or nothing. A keyword is an atom, so it can not hold blanks or brackets."""
    words = sorted(set(flags))
    for word in words:
        atom = word.removeprefix("\\")
        if not atom or not atom.isascii() or "\\" in atom or not _FLAG_BREAKERS.isdisjoint(atom):
            raise Unsendable
    return f"({' '.join(words)})" if words else ""


def _read_modified(reply: Reply) -> UidSet:
    uids = reply.code("MODIFIED")
    if not uids:
        return UidSet()
    try:
        return UidSet.parse(uids)
    except ValueError:
        raise ProtocolError("MODIFIED without UIDs") from None


def _newest_modseq(reply: Reply, since: int | None) -> int | None:
    """Our own change raised the MODSEQ; a second change under the same condition has to start from there."""
    if since is None:
        return None
    seen = (read_fetched(answer.parts).modseq for answer in reply.of(b"FETCH"))
    return max([since, *(modseq for modseq in seen if modseq is not None)])


def _numbers(reply: Reply, code: str, count: int) -> Sequence[str]:
    words = (reply.code(code) or "").split()
    return words if len(words) == count and words[0].isdigit() else ()


def _read_copied(reply: Reply) -> Copied | None:
    """COPYUID stands in the tagged OK of COPY, and in an untagged one of MOVE (RFC 6851 §4.3)."""
    words = _numbers(reply, "COPYUID", 3)
    if not words:
        return None
    try:
        old, new = _in_order(words[1]), _in_order(words[2])
        return Copied(int(words[0]), dict(zip(old, new, strict=True)))
    except ValueError:
        return None


def _in_order(text: str) -> list[int]:
    """A set whose order matters; no larger than a command of ours can have caused."""
    parsed = [UidSet.parse(part) for part in text.split(",")]
    if sum(map(len, parsed)) > 1_000_000:
        raise ValueError("more UIDs than were copied")
    return [uid for one in parsed for uid in one]


def _joined(first: Copied | None, second: Copied | None) -> Copied | None:
    if first is None or second is None:
        return first or second
    return Copied(second.uidvalidity, first.uids | second.uids)


def write_date(date: datetime) -> str:
    """An aware datetime as IMAP writes it, in UTC; English months whatever the locale."""
    utc = date.astimezone(UTC)
    return f'"{utc.day:02d}-{_MONTHS[utc.month - 1]}-{utc.year:04d} {utc:%H:%M:%S} +0000"'
