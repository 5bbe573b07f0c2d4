"""Whose mail is whose: the mailboxes a viewer works in. Everything else in this package begins with this question."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true

from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from crm.conversations.views.reach import OwnFolder, OwnMailbox, Reach
from storage.models import Folder, FolderRole, Mailbox, MailboxState
from storage.sessions import ReadSession


def reach_of(session: ReadSession, viewer: Viewer) -> Reach:
    """The mailboxes that `viewer` owns or is a member of; a shared one that names no members is everybody's."""
    works_in = and_(_is_own(viewer), Mailbox.state != MailboxState.REMOVED)
    mailboxes = session.execute(
        select(
            Mailbox.id,
            Mailbox.name,
            Mailbox.email,
            Mailbox.email_key,
            Mailbox.shared,
            Mailbox.state,
            Mailbox.signature,
            Mailbox.smtp_url.is_not(None),
        )
        .where(works_in)
        .order_by(Mailbox.shared, Mailbox.id)
    )
    return Reach(tuple(_mailbox(*row) for row in mailboxes))


def own_folders(
    session: ReadSession,
    reach: Reach,
    *,
    roles: Collection[FolderRole] | None = None,
    mailbox_ids: Collection[int] | None = None,
) -> tuple[OwnFolder, ...]:
    """The folders of these mailboxes, or of some of them; with these roles."""
    ids = [one for one in reach.mailbox_ids if mailbox_ids is None or one in mailbox_ids]
    statement = select(Folder.id, Folder.mailbox_id, Folder.name, Folder.role).where(Folder.mailbox_id.in_(ids))
    if roles is not None:
        statement = statement.where(Folder.role.in_(roles))
    return tuple(OwnFolder(*row) for row in session.execute(statement.order_by(Folder.id)))


def _mailbox(mailbox_id: int, name: str, email: str, *others: Any) -> OwnMailbox:
    return OwnMailbox(mailbox_id, name or email.partition("@")[0], email, *others)


def _is_own(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.is_system else is_own_mailbox(viewer)
