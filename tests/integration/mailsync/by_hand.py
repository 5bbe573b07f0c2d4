"""The same mailbox by other hands than ours: another mail program, and the audit."""

import asyncio
import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from mailsync.auditing import FolderAudit, audit_mailbox


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
