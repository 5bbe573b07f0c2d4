"""The IMAP server of the demo: pymap, in memory, on a loopback port, holding the sample company's mail.

What pymap lacks, and how that is made good, stands in `imap_backend.py`.
"""

import asyncio
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict.filter import FilterSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from cli.demo.company.model import Mailbox, SampleMessage
from cli.demo.imap_backend import DemoConfig, DemoFolders, DemoLogin
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
        self._config = DemoConfig(
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
        self._login = DemoLogin(self._config)
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
        folders = DemoFolders({folder.name: folder.special_use for folder in mailbox.folders})
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
