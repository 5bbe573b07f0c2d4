"""Mailboxes as their people see them: how they fare, how much is loaded, how far behind they are."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.errors import NotFound
from crm.access.mail.repository import is_own_mailbox
from crm.access.viewer import Viewer
from crm.conversations.views.mailboxes import IN_TROUBLE, MailboxView
from storage.models import Folder, FolderGap, Mailbox, MailboxState, Place, Quarantine, User
from storage.sessions import ReadSession


def mailbox_view(session: ReadSession, viewer: Viewer, mailbox_id: int) -> MailboxView:
    """One of the mailboxes that the viewer may know of. Raises `NotFound`."""
    found = mailboxes(session, viewer, mailbox_id=mailbox_id)
    if not found:
        raise NotFound("There is no such mailbox.")
    return found[0]


def mailboxes(
    session: ReadSession, viewer: Viewer, *, mailbox_id: int | None = None, in_trouble: bool = False
) -> tuple[MailboxView, ...]:
    """The viewer's own mailboxes; for an administrator all of them. Only that one, if it is named, or only those that a person
    has to look at. Four statements; all mail of the mailboxes is counted."""
    query = select(Mailbox, User.name).outerjoin(User, User.id == Mailbox.owner_id).order_by(Mailbox.shared, Mailbox.id)
    if not viewer.may_administer:
        query = query.where(is_own_mailbox(viewer))
    query = query.where(Mailbox.state != MailboxState.REMOVED)
    if mailbox_id is not None:
        query = query.where(Mailbox.id == mailbox_id)
    if in_trouble:
        query = query.where(Mailbox.state.in_(IN_TROUBLE))
    found = list(session.execute(query))
    ids = [mailbox.id for mailbox, _ in found]
    size = case((Folder.chosen, Folder.server_messages), else_=0)
    there = _sums(session, Folder.mailbox_id, func.sum(size), ids)
    stored = _sums(session, Place.mailbox_id, func.count(), ids)
    broken = _sums(session, Quarantine.mailbox_id, func.count(), ids)
    gaps = _gaps(session, ids)
    return tuple(
        MailboxView(
            mailbox.id,
            mailbox.name or mailbox.email.partition("@")[0],
            mailbox.email,
            mailbox.shared,
            owner or "",
            mailbox.state,
            mailbox.state_reason,
            mailbox.retry_at,
            mailbox.last_new_at,
            mailbox.last_pass_at,
            mailbox.share_level,
            mailbox.imap_host,
            mailbox.smtp_url is not None,
            there.get(mailbox.id, 0),
            stored.get(mailbox.id, 0),
            gaps.get(mailbox.id, 0),
            broken.get(mailbox.id, 0),
            viewer.may_administer or (viewer.may_write and mailbox.owner_id == viewer.user_id),
            mailbox.oauth_provider,
        )
        for mailbox, owner in found
    )


def _gaps(session: ReadSession, ids: Sequence[int]) -> dict[int, int]:
    query = select(Folder.mailbox_id, func.count()).join(FolderGap, FolderGap.folder_id == Folder.id)
    counted = query.where(Folder.mailbox_id.in_(ids)).group_by(Folder.mailbox_id)
    return dict(session.execute(counted).all())


def _sums(
    session: ReadSession, column: InstrumentedAttribute[int], amount: ColumnElement[int], ids: Sequence[int]
) -> dict[int, int]:
    query = select(column, amount).where(column.in_(ids)).group_by(column)
    return {mailbox_id: int(number or 0) for mailbox_id, number in session.execute(query)}


def intake_domain(session: ReadSession) -> str | None:
    """The domain at which the mailbox for secret addresses receives; None when no mailbox does."""
    query = select(Mailbox.email).where(Mailbox.receives_intake).order_by(Mailbox.id).limit(1)
    email = session.execute(query).scalar()
    return email.rpartition("@")[2] if email else None


def mailbox_states(session: ReadSession) -> dict[str, int]:
    """How many mailboxes are in each state."""
    query = select(Mailbox.state, func.count()).where(Mailbox.state != MailboxState.REMOVED)
    rows = session.execute(query.group_by(Mailbox.state))
    return {state.value: number for state, number in rows}


def is_personal(session: ReadSession, viewer: Viewer, mailbox_id: int) -> bool:
    """Whether the mailbox is the viewer's alone."""
    query = select(Mailbox.id).where(
        Mailbox.id == mailbox_id, Mailbox.shared.is_(False), Mailbox.owner_id == viewer.user_id
    )
    return session.execute(query).scalar() is not None
