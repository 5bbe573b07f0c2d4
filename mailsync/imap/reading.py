"""Reading the messages of the open folder: which there are, their flags and sizes, their bytes. Never sets \\Seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailsync.imap.errors import NotOffered, ProtocolError, Unsendable
from mailsync.imap.events import read_vanished
from mailsync.imap.fetch import Fetched, read_all
from mailsync.imap.replies import Reply
from mailsync.imap.session import Session
from mailsync.imap.tokens import Value, as_bytes, parse_values
from mailsync.imap.uidset import Uids, UidSet, as_uid_set

MOST_FOUND = 50_000_000
"""A search that claims to have found more is not believed: it would fill the memory."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a FETCH told: messages whose flags are now these, and UIDs that are gone (empty without QRESYNC)."""

    flags: tuple[Fetched, ...]
    vanished: UidSet


class ReadingCommands(Session):
    """The commands that look at messages; any number of UIDs may be asked for, long sets go in several commands."""

    async def uid_search(self, criteria: str = "ALL") -> list[int]:
        """UIDs that meet `criteria` (ASCII, in IMAP's own words; strings by `quote`), ascending.

        No CHARSET is sent, because Microsoft 365 refuses it. ESEARCH keeps the answer short where it is offered.
        """
        if not criteria.isascii():
            raise Unsendable
        if self.has("ESEARCH"):
            found = await self.ask(_read_extended, "SEARCH", f"RETURN (ALL) {criteria}", prefix="UID")
            if found is not None:
                return found
        return await self.ask(_read_search, "SEARCH", criteria, prefix="UID")

    async def existing(self, uids: Uids) -> list[int]:
        """Those of `uids` that the folder really holds, ascending; the answer to "is it gone, or was it only missing?"."""
        found: list[int] = []
        for piece in as_uid_set(uids).split():
            found += [uid for uid in await self.uid_search(f"UID {piece.text}") if uid in piece]
        return sorted(found)

    async def fetch(self, uids: Uids, items: str, *, modifiers: str = "") -> list[Fetched]:
        """Fetch `items` ("(UID FLAGS)") of `uids`; messages that are not there are simply absent from the result."""
        wanted = as_uid_set(uids)
        fetched: list[Fetched] = []
        for piece in wanted.split():
            fetched += (await self._fetch_once(piece, items, modifiers, wanted)).flags
        return fetched

    async def fetch_sizes(self, uids: Uids) -> dict[int, int]:
        """RFC822.SIZE by UID, so that large messages are known before they are asked for."""
        return {one.uid: one.size for one in await self.fetch(uids, "(UID RFC822.SIZE)") if one.size is not None}

    async def fetch_outlines(self, uids: Uids) -> list[Fetched]:
        """RFC822.SIZE, and the id that stands for the bytes where there is one."""
        object_id = " EMAILID" if self.has("OBJECTID") else " X-GM-MSGID" if self.has("X-GM-EXT-1") else ""
        return await self.fetch(uids, f"(UID RFC822.SIZE{object_id})")

    async def fetch_labels(self, uids: Uids) -> dict[int, frozenset[str]]:
        """Gmail's labels by UID; ask in All Mail, because in a label's own folder that label is left out."""
        found = await self.fetch(uids, "(UID X-GM-LABELS)")
        return {one.uid: one.gm_labels for one in found if one.gm_labels is not None}

    async def fetch_bodies(self, uids: Uids) -> list[Fetched]:
        """Whole messages with flags, date, size, MODSEQ and Gmail's ids where offered; only those whose body came."""
        fetched = await self.fetch(uids, f"({self._known_items()} BODY.PEEK[])")
        return [one for one in fetched if one.body is not None]

    async def fetch_summaries(self, uids: Uids) -> list[Fetched]:
        """The same without the body."""
        return await self.fetch(uids, f"({self._known_items()})")

    async def fetch_headers(self, uids: Uids) -> list[Fetched]:
        """The same with the header block as `body`."""
        fetched = await self.fetch(uids, f"({self._known_items()} BODY.PEEK[HEADER])")
        return [one for one in fetched if one.body is not None]

    async def fetch_message_ids(self, uids: Uids) -> list[Fetched]:
        """The same with only the Message-ID header as `body`, empty where there is none."""
        return await self.fetch(uids, f"({self._known_items()} BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")

    async def fetch_chunk(self, uid: int, offset: int, length: int) -> bytes | None:
        """`length` bytes of one message from `offset`; fewer or none at its end.

        None when the message is gone, or is told of without its bytes.
        """
        fetched = await self.fetch([uid], f"(UID BODY.PEEK[]<{offset}.{length}>)")
        return fetched[0].body if fetched else None

    async def fetch_flags(self, uids: Uids, *, changed_since: int | None = None) -> list[Fetched]:
        """Flags (and MODSEQ where there is one) of `uids`; with `changed_since` only of those changed after that MODSEQ."""
        if changed_since is None:
            modseq = " MODSEQ" if self.folder_has_modseq else ""
            return await self.fetch(uids, f"(UID FLAGS{modseq})")
        return list((await self.fetch_changes(changed_since, uids)).flags)

    async def fetch_changes(self, since: int, uids: Uids | None = None) -> Changes:
        """Flag changes after the MODSEQ `since`, among `uids` (all by default), and what vanished if QRESYNC is enabled."""
        if not self.folder_has_modseq:
            raise NotOffered("CONDSTORE")
        qresync = "QRESYNC" in self.enabled
        modifiers = f"(CHANGEDSINCE {since}{' VANISHED' if qresync else ''})"
        wanted = UidSet.since(1) if uids is None else as_uid_set(uids)
        flags: list[Fetched] = []
        vanished = UidSet()
        for piece in wanted.split():
            labels = " X-GM-LABELS" if self.has("X-GM-EXT-1") else ""
            some = await self._fetch_once(piece, f"(UID FLAGS MODSEQ{labels})", modifiers, wanted)
            flags += [one for one in some.flags if one.flags is not None]
            vanished = vanished.union(some.vanished)
        return Changes(tuple(flags), vanished)

    async def _fetch_once(self, uids: UidSet, items: str, modifiers: str, wanted: UidSet) -> Changes:
        arguments = (uids.text, items, modifiers) if modifiers else (uids.text, items)
        return await self.ask(lambda reply: _read_changes(reply, wanted), "FETCH", *arguments, prefix="UID")

    def _known_items(self) -> str:
        modseq = " MODSEQ" if self.folder_has_modseq else ""
        gmail = " X-GM-MSGID X-GM-THRID X-GM-LABELS" if self.has("X-GM-EXT-1") else ""
        object_id = " EMAILID" if self.has("OBJECTID") else ""
        return f"UID FLAGS INTERNALDATE RFC822.SIZE{modseq}{object_id}{gmail}"


def _read_changes(reply: Reply, wanted: UidSet) -> Changes:
    vanished = UidSet()
    for answer in reply.of(b"VANISHED"):
        vanished = vanished.union(read_vanished(answer.parts[0]))
    return Changes(tuple(read_all(reply.of(b"FETCH"), wanted)), vanished)


def _read_search(reply: Reply) -> list[int]:
    """Some servers answer in several lines; with a MODSEQ criterion `(MODSEQ n)` stands at the end."""
    found: set[int] = set()
    for answer in reply.of(b"SEARCH"):
        try:
            found.update(map(int, answer.parts[0].partition(b"(")[0].split()))
        except ValueError:
            raise ProtocolError("SEARCH without numbers") from None
    return sorted(found)


def _read_extended(reply: Reply) -> list[int] | None:
    """None when the server announces ESEARCH and then does not answer it; some answer in the old way."""
    answer = next(reply.of(b"ESEARCH"), None)
    if answer is not None:
        return list(_bounded(_esearch_set(iter(parse_values(answer.parts)))))
    return _read_search(reply) if any(reply.of(b"SEARCH")) else None


def _esearch_set(values: Iterator[Value]) -> UidSet:
    """`(TAG "A1") UID ALL 1:5,9`; without ALL nothing was found."""
    for value in values:
        if isinstance(value, bytes) and value.upper() == b"ALL":
            try:
                return UidSet.parse(as_bytes(next(values, None)).decode("ascii", "replace"))
            except ValueError:
                raise ProtocolError("ESEARCH without numbers") from None
    return UidSet()


def _bounded(found: UidSet) -> UidSet:
    if len(found) > MOST_FOUND:
        raise ProtocolError("a search found more than a folder can hold")
    return found
