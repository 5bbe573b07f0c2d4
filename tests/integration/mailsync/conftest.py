"""A mailbox on a real Dovecot, connected to a store, and passes over it on demand."""

import asyncio
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from core.config import Settings, load_settings
from integration.mailsync.gmail_server import GmailAccount, serving
from loopback_mailbox import loopback_mailbox
from mailsync import repository
from mailsync.account import open_connection
from mailsync.connecting import add_mailbox
from mailsync.imap.session import Session
from mailsync.mailbox_sync import MailboxSync, PassReport
from migrated import open_copy
from servers.dovecot import Dovecot
from storage.models import Folder, Mailbox, Message, Place
from storage.store import Store

OURS = "sales@ourhouse.example"


def letter(
    subject: str, *, sender: str = "ann@client.example", message_id: str | None = None, text: str = "Hello"
) -> bytes:
    """A small mail to us."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, OURS, subject
    mail["Date"] = "Mon, 05 Oct 2026 09:00:00 +0000"
    mail["Message-ID"] = message_id or f"<{subject.replace(' ', '.')}@client.example>"
    mail.set_content(text)
    return mail.as_bytes()


@dataclass
class Synced:
    """One connected mailbox and the server it is on."""

    server: Dovecot
    user: str
    store: Store
    settings: Settings
    mailbox_id: int
    commands: list[str] = field(default_factory=list)

    def deliver(self, *subjects: str, folder: str = "INBOX", flags: str = "", at: float | None = None) -> None:
        for subject in subjects:
            self.server.deliver(self.user, letter(subject), folder, flags=flags, at=at)

    def pass_once(self, **settings: object) -> PassReport:
        return asyncio.run(self.one_pass(**settings))

    def bring_up(self, **settings: object) -> int:
        """Passes until no history is left; how many messages were stored."""
        stored = 0
        while True:
            report = self.pass_once(**settings)
            stored += report.stored
            if not report.history_left:
                return stored

    async def one_pass(self, **changes: object) -> PassReport:
        settings = self.settings.model_copy(update=changes)
        connection = await open_connection(self.store, settings, self.mailbox())
        try:
            sync = MailboxSync(self.store, settings, connection, self.mailbox(), lambda _: None, lambda _: None)
            return await sync.one_pass()
        finally:
            await connection.close()

    def mailbox(self) -> Mailbox:
        with self.store.database.reading() as session:
            return repository.mailbox(session, self.mailbox_id)

    def folder(self, name: str = "INBOX") -> Folder:
        with self.store.database.reading() as session:
            return session.execute(select(Folder).where(Folder.name == name)).scalar_one()

    def subjects(self, folder: str | None = None) -> list[str]:
        """Subjects of what is stored, one for each place, in order of UID."""
        statement = select(Message.subject).join(Place, Place.message_id == Message.id).join(Folder).order_by(Place.uid)
        if folder:
            statement = statement.where(Folder.name == folder)
        with self.store.database.reading() as session:
            return list(session.execute(statement).scalars())

    def place(self, subject: str) -> Place:
        statement = select(Place).join(Message, Place.message_id == Message.id).where(Message.subject == subject)
        with self.store.database.reading() as session:
            return session.execute(statement).scalar_one()

    def place_in(self, subject: str, folder: str) -> Place:
        """The place of a message that has several."""
        statement = (
            select(Place).join(Message, Place.message_id == Message.id).join(Folder, Place.folder_id == Folder.id)
        )
        with self.store.database.reading() as session:
            return session.execute(statement.where(Message.subject == subject, Folder.name == folder)).scalar_one()


@pytest.fixture(params=["dovecot", "plain_dovecot"])
def synced(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Synced]:
    """A mailbox on a server with every extension, and on one with none."""
    yield from connected(request.getfixturevalue(request.param), tmp_path)


@pytest.fixture
def modern(dovecot: Dovecot, tmp_path: Path) -> Iterator[Synced]:
    """A mailbox on a server with every extension."""
    yield from connected(dovecot, tmp_path)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the IMAP commands that are sent from now on, as they are."""
    names: list[str] = []
    run = Session.run

    async def noted(session: Session, name: str, *arguments: str, **options: object) -> object:
        names.append(name)
        return await run(session, name, *arguments, **options)

    monkeypatch.setattr(Session, "run", noted)
    return names


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Synced]:
    """A mailbox on a server that lets one connection in, and no second."""
    with Dovecot(settings="mail_max_userip_connections = 1") as server:
        yield from connected(server, tmp_path)


@pytest.fixture
def account() -> GmailAccount:
    return GmailAccount()


@pytest.fixture
def gmail(account: GmailAccount, tmp_path: Path) -> Iterator[Synced]:
    """A mailbox at Gmail, not yet looked into."""
    yield from gmail_with(account, load_settings(data_dir=tmp_path, allow_private_hosts=True))


def gmail_with(account: GmailAccount, settings: Settings) -> Iterator[Synced]:
    """The same on any database."""
    store = open_copy(settings)
    with serving(account) as port:
        given = loopback_mailbox(OURS, port, username="anna@gmail.com")
        synced = Synced(None, "anna", store, settings, add_mailbox(store, settings, given))
        account.lines.clear()
        yield synced
    store.close()


@pytest.fixture(params=["dovecot", "plain_dovecot"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Synced]]:
    """As many mailboxes as a test of many stories needs, one after the other."""
    yield from several(request.getfixturevalue(request.param), tmp_path)


def several(server: Dovecot, folder: Path) -> Iterator[Callable[[], Synced]]:
    """A maker of mailboxes; each ends when the next one is made."""
    with ExitStack() as open_ones:

        def connect() -> Synced:
            open_ones.pop_all().close()
            made = connected(server, folder / server.new_user())
            open_ones.callback(made.close)
            return next(made)

        yield connect


def connected(server: Dovecot, folder: Path) -> Generator[Synced, None, None]:
    """A mailbox of a new user, and a store for it."""
    yield from connected_to(server, load_settings(data_dir=folder, allow_private_hosts=True))


def connected_to(server: Dovecot, settings: Settings) -> Iterator[Synced]:
    """The same on any database."""
    user = server.new_user()
    store = open_copy(settings)
    given = loopback_mailbox(OURS, server.port, username=user)
    try:
        yield Synced(server, user, store, settings, add_mailbox(store, settings, given))
    finally:
        store.close()


Deliver = Callable[..., None]
