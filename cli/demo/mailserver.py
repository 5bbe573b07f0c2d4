"""The IMAP server of the demo: pymap, in memory, on a loopback port, holding the sample company's mail.

What pymap 0.36 lacks, and what is done about it here:
- What arrives between two IDLE waits, or before IDLE and after the last command, is announced only with the next
  message: it waits for an event before it compares. `_Folder` compares first.
- No SPECIAL-USE (RFC 6154): `_Session` adds the attributes to LIST, and the capability is announced.
- The greeting resolves the machine's own name, which blocks the event loop where DNS is slow: `_Config` does not ask.
- Its password hash costs a good part of a second for each login, in a thread pool that nobody closes: the demo's
  passwords stand in the repository anyway, so they are compared in clear.
- A message of headers without an ended empty line behind them loses its last byte: `_ended` completes it.
- ENVELOPE of a message with an unreadable Date ends the connection: such a Date counts as absent there.
- Keywords (`$Forwarded`) are accepted and forgotten: they are declared as permanent flags.
- Connections outlive their listening socket: `DemoMailServer` closes them.
Not mended, and not needed by the demo: no TLS, CONDSTORE, QRESYNC, NOTIFY, ESEARCH or LIST-EXTENDED; flags that
another session changes are announced, but UIDVALIDITY is new at each start.
"""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.concurrent import Event, Subsystem
from pymap.config import BackendCapability
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag, Wildcard
from pymap.parsing.specials.objectid import ObjectId
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext
from typing_extensions import override

from cli.demo.company.model import Mailbox, SampleMessage
from core.clock import utcnow
from core.errors import NotFound
from core.logging import get_logger

LOOPBACK = "127.0.0.1"
_log = get_logger(__name__)


class DemoMailServer:
    """An IMAP server with the given mailboxes and messages; the login is a mailbox's address and password.

    Use it as an async context manager; inside, `host` and `port` say where it listens, and `append` and `deliver`
    bring new mail that IDLE announces. It lives in the event loop that entered it; both may be called from any loop.
    """

    host = LOOPBACK

    def __init__(self, messages: Iterable[SampleMessage], mailboxes: Sequence[Mailbox], *, intake: str = "") -> None:
        self.port = 0
        self._messages = messages
        self._mailboxes = {mailbox.key: mailbox for mailbox in mailboxes}
        self._intake = intake
        self._config = _Config(
            Namespace(proxy_protocol=None, passlib_cfg=None),
            demo_data=False,
            demo_user="",
            demo_password="",
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            host=LOOPBACK,
            port=0,
            tls_enabled=False,
            invalid_user_sleep=0.0,
        )
        self._login = _Login(self._config)
        self._imap = IMAPServer(self._login, self._config)
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        self._config.apply_context()
        self._loop = asyncio.get_running_loop()
        for mailbox in self._mailboxes.values():
            await self._open_account(mailbox)
        for message in self._messages:
            await self._store(message.mailbox, message.folder, message.raw, message.flags, message.internal_date)
        self._server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._connections.values():
            writer.close()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def append(
        self, mailbox: str, folder: str, raw: bytes, *, flags: Sequence[str] = (), at: datetime | None = None
    ) -> None:
        """Put a message into a folder of the mailbox with this key; whoever idles there is told at once.

        Raises `NotFound` when there is no such mailbox or folder.
        """
        storing = self._store(mailbox, folder, raw, flags, at or utcnow())
        if asyncio.get_running_loop() is self._loop:
            await storing
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(storing, self._loop))

    def mailbox_of(self, address: str) -> str | None:
        """The key of the mailbox that takes mail to `address`, plus-addresses too, or None if it is not one of ours.

        Addresses of our domain that no mailbox has go to the intake mailbox, if there is one.
        """
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        domains = {mailbox.email.rpartition("@")[2] for mailbox in self._mailboxes.values()}
        owners = (mailbox.key for mailbox in self._mailboxes.values() if mailbox.email == plain)
        return next(owners, self._intake if domain in domains and self._intake else None)

    async def deliver(self, address: str, raw: bytes) -> None:
        """Bring a message to the INBOX behind `address`. Raises `NotFound` when no mailbox takes it."""
        mailbox = self.mailbox_of(address)
        if mailbox is None:
            raise NotFound("The demo has no mailbox for this address.")
        await self.append(mailbox, "INBOX", raw)

    async def _open_account(self, mailbox: Mailbox) -> None:
        self._login.users_dict[mailbox.email] = UserMetadata(self._config, mailbox.email, password=mailbox.password)
        folders = _Folders({folder.name: folder.special_use for folder in mailbox.folders})
        for folder in mailbox.folders:
            if folder.name != "INBOX":
                await folders.add_mailbox(folder.name)
        self._config.set_cache[mailbox.email] = (folders, FilterSet())

    async def _store(self, mailbox: str, folder: str, raw: bytes, flags: Sequence[str], at: datetime) -> None:
        try:
            folders, _ = self._config.set_cache[self._mailboxes[mailbox].email]
            target = await folders.get_mailbox(folder)
        except KeyError:
            raise NotFound("The demo's mail server has no such folder.") from None
        message = AppendMessage(_ended(raw), at, frozenset(Flag(flag.encode("ascii")) for flag in flags))
        await target.append(message, recent=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._imap(reader, writer, SocketInfo.get(writer, None)))
        self._connections[task] = writer
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._connections[task]
        if not task.cancelled() and (error := task.exception()):
            _log.warning("demo.imap_connection_broke", error=type(error).__name__)


def _ended(raw: bytes) -> bytes:
    """`raw`, with the line ends after its headers that pymap needs when nothing follows them."""
    return raw if b"\n\r\n" in raw or b"\n\n" in raw else raw.rstrip(b"\r\n") + b"\r\n\r\n"


class _Config(Config):
    """pymap's settings without DNS, and with the capabilities that this module adds."""

    @property
    @override
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])

    @property
    @override
    def greeting(self) -> bytes:
        return b"Mailsync demo"


class _Folder(MailboxData):
    """A folder that keeps keywords, survives a wild Date, and whose IDLE tells what it knows before it waits."""

    @property
    @override
    def permanent_flags(self) -> frozenset[Flag]:
        return super().permanent_flags | {Wildcard}

    @override
    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        message = await super().append(append_msg, recent=recent)
        if message._content is not None:
            headers = message._content.header.parsed
            if headers.date is not None and headers.date.datetime is None:
                headers._parsed[b"date"] = []
        return message

    @override
    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        known = selected.mod_sequence
        behind = known is not None and known < self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if behind else wait_on)


class _Folders(MailboxSet):
    """The folders of one account, and what each of them is for."""

    def __init__(self, special_use: Mapping[str, str]) -> None:
        super().__init__()
        self.special_use = special_use
        self._inbox = _Folder(self._content_cache, self._thread_cache)

    @override
    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._set:
            raise ValueError(name)
        self._set[name] = folder = _Folder(self._content_cache, self._thread_cache)
        return folder.mailbox_id


class _Session(Session):
    """A session whose LIST says which folder is Sent, Drafts, Junk, Trash or Archive."""

    def __init__(self, owner: str, config: Config, folders: "_Folders", filters: FilterSet) -> None:
        super().__init__(owner, config, folders, filters)
        self._special_use = folders.special_use

    @override
    async def list_mailboxes(
        self, ref_name: str, filter_: str, subscribed: bool = False, selected: SelectedMailbox | None = None
    ) -> tuple[Iterable[tuple[str, str | None, Sequence[bytes]]], SelectedMailbox | None]:
        found, updates = await super().list_mailboxes(ref_name, filter_, subscribed, selected)
        return [(name, sep, [*attributes, *self._use(name)]) for name, sep, attributes in found], updates

    def _use(self, name: str) -> list[bytes]:
        use = self._special_use.get(name, "")
        return [use.removeprefix("\\").encode("ascii")] if use else []


class _Identity(Identity):
    """An account: opens `_Session`s over the folders that the server has prepared."""

    @override
    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        folders, filters = self.config.set_cache[self.name]
        if isinstance(folders, _Folders):
            yield _Session(self.name, self.config, folders, filters)


class _Login(Login):
    """Signs in with the mailbox's own password, and only as itself."""

    @override
    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        checked = await super().authorize(authenticated, authzid)
        return _Identity(checked.name, self, None, checked.roles)
