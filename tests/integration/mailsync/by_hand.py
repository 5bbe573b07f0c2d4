"""The same mailbox by other hands than ours: another mail program, its server's administrator, and the audit."""

import asyncio
import imaplib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from mailsync.auditing import FolderAudit, audit_mailbox
from mailsync.imap.connection import ImapConnection
from servers.process import own_for_server


@contextmanager
def by_hand(synced, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
    """Somebody else's mail program on the same mailbox."""
    client = imaplib.IMAP4(synced.server.host, synced.server.port)
    client.login(synced.user, synced.server.password)
    client.select(folder)
    yield client
    client.close()
    client.logout()


def audit(synced, *, repair: bool = False) -> FolderAudit:
    audits = asyncio.run(audit_mailbox(synced.store, synced.settings, synced.mailbox(), repair=repair))
    return next(one for one in audits if one.name == "INBOX")


def renumber(synced, folder: str = "INBOX") -> None:
    """The server loses its list of UIDs: the same mail comes back under another UIDVALIDITY."""
    maildir = synced.server.maildir(synced.user, folder)
    for file in (*maildir.glob("dovecot-uidlist*"), *maildir.glob("dovecot.index*")):
        file.unlink()


class Backup:
    """A copy of everything the server has of a mailbox, to be put back one day."""

    def __init__(self, synced) -> None:
        self._home = synced.server.homes / synced.user.lower()
        self._copy = Path(mkdtemp(dir=self._home.parent.parent)) / "copy"
        shutil.copytree(self._home, self._copy)

    def restore(self) -> None:
        shutil.rmtree(self._home)
        shutil.copytree(self._copy, self._home)
        own_for_server(self._home, *self._home.rglob("*"))


class Downloads:
    """How many whole messages our client asks for, in batches or in pieces."""

    def __init__(self, monkeypatch) -> None:
        self.uids: list[int] = []
        bodies, chunk = ImapConnection.fetch_bodies, ImapConnection.fetch_chunk

        async def fetch_bodies(connection, uids):
            found = await bodies(connection, uids)
            self.uids += [one.uid for one in found]
            return found

        async def fetch_chunk(connection, uid, offset, length):
            self.uids.append(uid)
            return await chunk(connection, uid, offset, length)

        monkeypatch.setattr(ImapConnection, "fetch_bodies", fetch_bodies)
        monkeypatch.setattr(ImapConnection, "fetch_chunk", fetch_chunk)
