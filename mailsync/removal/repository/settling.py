"""The two ends of a removal: credentials and mail that waits go first, the mailbox itself last."""

from datetime import datetime

from sqlalchemy import Select, delete, exists, select, update

from mailsync.actions.repository.queue import cancel_all
from mailsync.oauth.repository import forget_grant
from mailsync.traffic.repository import forget as forget_traffic
from storage.models import (
    Folder,
    FolderGap,
    LastCopy,
    Mailbox,
    MailboxAlias,
    MailboxRemoval,
    MailboxState,
    Outgoing,
    Place,
    SendState,
)
from storage.sessions import WriteSession

NOT_SENT = "It was not sent: its mailbox was removed."


def begin(session: WriteSession, removal: MailboxRemoval, now: datetime, *, places: int) -> None:
    """From here on no password is left, nothing is sent through it, and its server is told nothing more."""
    removal.began_at, removal.total = now, places
    row = session.get_one(Mailbox, removal.mailbox_id)
    row.password_encrypted, row.smtp_password_encrypted, row.smtp_url = "", None, None
    row.receives_intake = False
    waiting = Outgoing.mailbox_id == row.id, Outgoing.state.in_((SendState.PENDING, SendState.RETRY))
    values = {"state": SendState.SKIPPED, "reason": NOT_SENT}
    session.execute(update(Outgoing).where(*waiting).values(values).execution_options(synchronize_session=False))
    cancel_all(session, row.id)


def forget_access(session: WriteSession, removal: MailboxRemoval) -> None:
    """What a provider granted goes, once the provider was told of it."""
    session.get_one(Mailbox, removal.mailbox_id).oauth_provider = None
    forget_grant(session, removal.mailbox_id)


def end(session: WriteSession, removal: MailboxRemoval) -> None:
    """Forget folders and the mailbox itself; its row stays, nameless to everybody, where records keep mail of it."""
    mailbox_id = removal.mailbox_id
    session.execute(delete(FolderGap).where(FolderGap.folder_id.in_(_folders(mailbox_id))))
    held = exists().where(Place.folder_id == Folder.id)
    session.execute(delete(Folder).where(Folder.mailbox_id == mailbox_id, ~held))
    session.execute(delete(MailboxAlias).where(MailboxAlias.mailbox_id == mailbox_id))
    forget_traffic(session, mailbox_id)
    session.delete(removal)
    session.flush()
    row = session.get_one(Mailbox, mailbox_id)
    tables = (Place, LastCopy, Outgoing)
    if any(session.execute(select(exists().where(table.mailbox_id == mailbox_id))).scalar() for table in tables):
        row.state, row.state_reason, row.retry_at = MailboxState.REMOVED, "", None
        row.email_key, row.queue = f"removed:{mailbox_id}", []
    else:
        session.execute(delete(Mailbox).where(Mailbox.id == mailbox_id))


def _folders(mailbox_id: int) -> Select[int]:
    return select(Folder.id).where(Folder.mailbox_id == mailbox_id)
