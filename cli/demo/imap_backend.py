"""pymap as the demo needs it: its in-memory backend with what is missing or wrong there mended.

What pymap 0.36 lacks, and what is done about it here:
- What arrives between two IDLE waits, or before IDLE and after the last command, is announced only with the next
  message: it waits for an event before it compares. `DemoFolder` compares first.
- No SPECIAL-USE (RFC 6154): `DemoSession` adds the attributes to LIST, and the capability is announced.
- The greeting resolves the machine's own name, which blocks the event loop where DNS is slow: `DemoConfig` does not ask.
- Its password hash costs a good part of a second for each login, in a thread pool that nobody closes: the demo's
  passwords stand in the repository anyway, so they are compared in clear.
- A message of headers without an ended empty line behind them loses its last byte: the mail server completes it.
- ENVELOPE of a message with an unreadable Date ends the connection: such a Date counts as absent there.
- Keywords (`$Forwarded`) are accepted and forgotten: they are declared as permanent flags.
- Connections outlive their listening socket: the mail server closes them.
Not mended, and not needed by the demo: no TLS, CONDSTORE, QRESYNC, NOTIFY, ESEARCH or LIST-EXTENDED; flags that
another session changes are announced, but UIDVALIDITY is new at each start.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.concurrent import Event
from pymap.config import BackendCapability
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag, Wildcard
from pymap.parsing.specials.objectid import ObjectId
from pymap.selected import SelectedMailbox
from typing_extensions import override


class DemoConfig(Config):
    """pymap's settings without DNS, and with the capabilities that this module adds."""

    @property
    @override
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])

    @property
    @override
    def greeting(self) -> bytes:
        return b"Mailsync demo"


class DemoFolder(MailboxData):
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


class DemoFolders(MailboxSet):
    """The folders of one account, and what each of them is for."""

    def __init__(self, special_use: Mapping[str, str]) -> None:
        super().__init__()
        self.special_use = special_use
        self._inbox = DemoFolder(self._content_cache, self._thread_cache)

    @override
    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._set:
            raise ValueError(name)
        self._set[name] = folder = DemoFolder(self._content_cache, self._thread_cache)
        return folder.mailbox_id


class DemoSession(Session):
    """A session whose LIST says which folder is Sent, Drafts, Junk, Trash or Archive."""

    def __init__(self, owner: str, config: Config, folders: "DemoFolders", filters: FilterSet) -> None:
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


class DemoIdentity(Identity):
    """An account: opens `DemoSession`s over the folders that the server has prepared."""

    @override
    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        folders, filters = self.config.set_cache[self.name]
        if isinstance(folders, DemoFolders):
            yield DemoSession(self.name, self.config, folders, filters)


class DemoLogin(Login):
    """Signs in with the mailbox's own password, and only as itself."""

    @override
    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        checked = await super().authorize(authenticated, authzid)
        return DemoIdentity(checked.name, self, None, checked.roles)
