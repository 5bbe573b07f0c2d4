"""Whose mail is whose: the mailboxes a viewer works in. Everything else in this package begins with this question."""

from sqlalchemy import ColumnElement, select, true

from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from crm.conversations.views.reach import OwnFolder, OwnMailbox, Reach
from storage.models import Folder, Mailbox, MailboxState
from storage.sessions import ReadSession


def reach_of(session: ReadSession, viewer: Viewer) -> Reach:
    """The mailboxes that `viewer` owns or is a member of; a shared one that names no members is everybody's."""
    mailboxes = session.execute(
        select(Mailbox)
        .where(_is_own(viewer), Mailbox.state != MailboxState.REMOVED)
        .order_by(Mailbox.shared, Mailbox.id)
    ).scalars()
    own = tuple(
        OwnMailbox(
            row.id,
            row.name or row.email.partition("@")[0],
            row.email,
            row.email_key,
            row.shared,
            row.state,
            row.signature,
            row.smtp_url is not None,
        )
        for row in mailboxes
    )
    folders = session.execute(
        select(Folder.id, Folder.mailbox_id, Folder.name, Folder.role)
        .where(Folder.mailbox_id.in_([mailbox.id for mailbox in own]))
        .order_by(Folder.id)
    )
    return Reach(own, tuple(OwnFolder(*row) for row in folders))


def _is_own(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.is_system else is_own_mailbox(viewer)
