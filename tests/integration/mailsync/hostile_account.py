"""A mailbox whose server misbehaves at one command, and is honest otherwise: the scripted server, with mail in it.

An honest answer is made for every command; a *spell* of the test gets it, and sends what it likes instead. Once the
spell is taken away the server is well again, and the store has to equal it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select, update

from core.clock import utcnow
from core.config import Settings
from integration.imap.scripted_server import Peer, ScriptedServer
from integration.mailsync.conftest import OURS, Synced, letter
from loopback_mailbox import loopback_mailbox
from mailsync.auditing import audit_mailbox
from mailsync.connecting import add_mailbox
from mailsync.imap.server import ImapServer
from mailsync.imap.uidset import UidSet
from migrated import open_copy
from storage.models import Folder, FolderGap, Mailbox, Place
from storage.store import Store

PLAIN = "IMAP4rev1 IDLE UIDPLUS"
CONDSTORE = f"{PLAIN} ENABLE CONDSTORE"


@dataclass
class Mail:
    """One message of a folder."""

    raw: bytes
    flags: frozenset[str] = frozenset()
    date: datetime = datetime(2026, 10, 5, 9, tzinfo=UTC)
    modseq: int = 1
    claimed_size: int | None = None
    """What the server says its size is, where it lies."""


@dataclass
class Shelf:
    """One folder."""

    uidvalidity: int = 7
    uidnext: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)


class Call(NamedTuple):
    """A command that came, and what an honest server answers, its tagged line included."""

    peer: Peer
    tag: bytes
    rest: str
    answer: bytes

    async def honestly(self) -> None:
        await self.peer.send(self.answer)

    async def say(self, line: bytes) -> None:
        """Nothing but a tagged line: `NO [UNAVAILABLE] later`."""
        await self.peer.send(self.tag + b" " + line + b"\r\n")


Spell = Callable[[Call], Awaitable[None]]


class HostileAccount:
    """What is on the server. `spells` are by command name ("UID FETCH"); `commands` is what was asked, without tags."""

    def __init__(self, capabilities: str = PLAIN) -> None:
        self.shelves: dict[str, Shelf] = {"INBOX": Shelf()}
        self.spells: dict[str, Spell] = {}
        self.commands: list[str] = []
        self.modseq = 1
        self.has_condstore = "CONDSTORE" in capabilities
        self.server = ScriptedServer(
            {name: partial(self._answer, name) for name in (*HONEST, "IDLE")}, capabilities=capabilities
        )
        self._open: dict[Peer, str] = {}
        self._changed = asyncio.Event()

    def deliver(self, *subjects: str, folder: str = "INBOX") -> None:
        for subject in subjects:
            self.put(letter(subject), folder)

    def put(self, raw: bytes, folder: str = "INBOX", *, claimed_size: int | None = None) -> int:
        """Store a message; its UID."""
        shelf = self.shelves.setdefault(folder, Shelf())
        self.modseq += 1
        uid, shelf.uidnext = shelf.uidnext, shelf.uidnext + 1
        shelf.mails[uid] = Mail(raw, modseq=self.modseq, claimed_size=claimed_size)
        self._changed.set()
        self._changed = asyncio.Event()
        return uid

    async def _answer(self, name: str, peer: Peer, tag: bytes, rest: bytes) -> None:
        command = rest.decode()
        if name != "LOGIN":
            self.commands.append(command)
        answer = HONEST[name](self, peer, command) + tag + b" OK done\r\n" if name in HONEST else b""
        call = Call(peer, tag, command, answer)
        honest = self.idle if name == "IDLE" else Call.honestly
        await self.spells.get(name, honest)(call)

    async def idle(self, call: Call) -> None:
        """Tell of news until the client has enough."""
        peer = call.peer
        await peer.send(b"+ idling\r\n")
        ended = asyncio.ensure_future(peer.line())
        while not ended.done():
            news = asyncio.ensure_future(self._changed.wait())
            await asyncio.wait((ended, news), return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if not ended.done():
                await peer.send(b"* %d EXISTS\r\n" % len(self._shelf(peer).mails))
        ended.result()
        await call.say(b"OK idled")

    # --- honest answers

    def _shelf(self, peer: Peer) -> Shelf:
        return self.shelves[self._open[peer]]

    def _nothing(self, _: Peer, __: str) -> bytes:
        return b""

    def _list(self, _: Peer, __: str) -> bytes:
        return b"".join(b'* LIST () "/" "%b"\r\n' % name.encode() for name in self.shelves)

    def _status(self, _: Peer, rest: str) -> bytes:
        return self.told_by_status(rest.split('"')[1])

    def told_by_status(self, name: str) -> bytes:
        """What STATUS says of a folder at this moment."""
        shelf = self.shelves[name]
        modseq = f" HIGHESTMODSEQ {self._highest(shelf)}" if self.has_condstore else ""
        counts = f"MESSAGES {len(shelf.mails)} UIDNEXT {shelf.uidnext} UIDVALIDITY {shelf.uidvalidity}{modseq}"
        return f'* STATUS "{name}" ({counts})\r\n'.encode()

    def _select(self, peer: Peer, rest: str) -> bytes:
        self._open[peer] = rest.split('"')[1]
        shelf = self._shelf(peer)
        modseq = f"* OK [HIGHESTMODSEQ {self._highest(shelf)}] highest\r\n" if self.has_condstore else ""
        return (
            f"* FLAGS (\\Seen \\Deleted)\r\n* {len(shelf.mails)} EXISTS\r\n* 0 RECENT\r\n{modseq}"
            f"* OK [UIDVALIDITY {shelf.uidvalidity}] valid\r\n* OK [UIDNEXT {shelf.uidnext}] next\r\n"
        ).encode()

    def _highest(self, shelf: Shelf) -> int:
        return max((mail.modseq for mail in shelf.mails.values()), default=1)

    def _uid_search(self, peer: Peer, rest: str) -> bytes:
        asked = re.search(r"UID (\S+)", rest.removeprefix("UID SEARCH"))
        uids = self._shelf(peer).mails
        found = [uid for uid in uids if asked is None or uid in _uids(asked[1], uids)]
        return f"* SEARCH {' '.join(map(str, found))}".rstrip().encode() + b"\r\n"

    def _uid_fetch(self, peer: Peer, rest: str) -> bytes:
        asked = re.match(r"UID FETCH (\S+) \((.*?)\)(?: \(CHANGEDSINCE (\d+)\))?$", rest)
        assert asked is not None, rest
        mails = self._shelf(peer).mails
        return b"".join(
            b"* %d FETCH (%b)\r\n" % (number, b" ".join(_items(uid, mail, asked[2])))
            for number, (uid, mail) in enumerate(mails.items(), start=1)
            if uid in _uids(asked[1], mails) and mail.modseq > int(asked[3] or 0)
        )


HONEST: dict[str, Callable[[HostileAccount, Peer, str], bytes]] = {
    "LOGIN": HostileAccount._nothing,
    "NOOP": HostileAccount._nothing,
    "CLOSE": HostileAccount._nothing,
    "LIST": HostileAccount._list,
    "STATUS": HostileAccount._status,
    "SELECT": HostileAccount._select,
    "EXAMINE": HostileAccount._select,
    "UID SEARCH": HostileAccount._uid_search,
    "UID FETCH": HostileAccount._uid_fetch,
}


def _uids(text: str, inside: dict[int, Mail]) -> UidSet:
    """`n:*` names the last message even where n lies above it."""
    return UidSet.parse(text.replace("*", str(max(inside, default=1))))


def _items(uid: int, mail: Mail, asked: str) -> Iterator[bytes]:
    yield b"UID %d" % uid
    if "FLAGS" in asked:
        yield f"FLAGS ({' '.join(sorted(mail.flags))})".encode()
    if "MODSEQ" in asked:
        yield b"MODSEQ (%d)" % mail.modseq
    if "INTERNALDATE" in asked:
        yield f'INTERNALDATE "{mail.date:%d-%b-%Y %H:%M:%S} +0000"'.encode()
    if "RFC822.SIZE" in asked:
        yield b"RFC822.SIZE %d" % (len(mail.raw) if mail.claimed_size is None else mail.claimed_size)
    if "HEADER.FIELDS" in asked:
        found = re.search(rb"(?im)^Message-ID:.*\r\n", mail.raw)
        head = (found[0] if found else b"") + b"\r\n"
        yield b"BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%b" % (len(head), head)
    elif piece := re.search(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>", asked):
        first, length = int(piece[1]), int(piece[2])
        data = mail.raw[first : first + length]
        yield b"BODY[]<%d> {%d}\r\n%b" % (first, len(data), data)
    elif "BODY.PEEK[]" in asked:
        yield b"BODY[] {%d}\r\n%b" % (len(mail.raw), mail.raw)


@dataclass
class World:
    """The account on its server, and the mailbox that is connected to it."""

    account: HostileAccount
    synced: Synced

    async def look(self, **settings: object) -> int:
        """Passes until no history is left; how many messages were stored."""
        stored = 0
        while True:
            report = await self.synced.one_pass(**settings)
            stored += report.stored
            if not report.history_left:
                return stored

    async def is_in_step(self, rounds: int = 3, **settings: object) -> bool:
        """The server is well again, and waits are over: does the store hold what it holds, byte by byte, nothing else?"""
        self.account.spells.clear()
        for _ in range(rounds):
            self.end_waits()
            await self.look(**settings)
        audits = await audit_mailbox(self.synced.store, self.synced.settings, self.synced.mailbox(), repair=False)
        assert not [one for one in audits if one.differs]
        assert self.stored() == self.on_the_server()
        return True

    async def audit_and_look(self) -> None:
        """What happens each night."""
        await audit_mailbox(self.synced.store, self.synced.settings, self.synced.mailbox(), repair=True)
        await self.look()

    def end_waits(self) -> None:
        with self.synced.store.database.unit_of_work() as session:
            session.execute(update(Folder).values(retry_at=None))
            session.execute(update(FolderGap).values(retry_at=utcnow()))

    def stored(self) -> dict[str, dict[int, str]]:
        """By folder and UID, the digest of what is stored."""
        found: dict[str, dict[int, str]] = {}
        query = select(Folder.name, Place.uid, Place.sha256).join(Folder, Folder.id == Place.folder_id)
        query = query.where(Folder.mailbox_id == self.synced.mailbox_id)
        with self.synced.store.database.reading() as session:
            for name, uid, digest in session.execute(query):
                assert uid not in found.setdefault(name, {})
                found[name][uid] = digest
        return found

    def on_the_server(self) -> dict[str, dict[int, str]]:
        return {
            name: {uid: sha256(mail.raw).hexdigest() for uid, mail in shelf.mails.items()}
            for name, shelf in self.account.shelves.items()
            if shelf.mails
        }

    def gaps(self) -> dict[int, int]:
        """How often each UID that is owed was asked for."""
        with self.synced.store.database.reading() as session:
            return {gap.uid: gap.tries for gap in session.execute(select(FolderGap)).scalars()}


@asynccontextmanager
async def hostile_world(
    settings: Settings, account: HostileAccount, email: str = OURS, store: Store | None = None
) -> AsyncIterator[World]:
    """A mailbox on `account`'s server, not yet looked into, in `store` or in one of its own."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(account.server)
        if store is None:
            store = open_copy(settings)
            stack.callback(store.close)
        given = loopback_mailbox(email, account.server.port)
        mailbox_id = await asyncio.to_thread(add_mailbox, store, settings, given, test=False)
        yield World(account, Synced(None, email, store, settings, mailbox_id))


def impatiently(server_of: Callable[[Mailbox], ImapServer], seconds: float = 2.0) -> Callable[[Mailbox], ImapServer]:
    """Where a mailbox is, with a server that may be silent for so long only."""
    return lambda mailbox: replace(server_of(mailbox), command_timeout=seconds, connect_timeout=seconds)
