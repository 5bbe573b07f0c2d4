"""The rows behind what people choose: folders, aliases, members."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, insert, select, union_all, update

from core.addresses import domain_of
from crm.access.viewer import Viewer
from storage.models import Folder, Mailbox, MailboxAlias, MailboxMember, MailboxState, User
from storage.sessions import ReadSession, WriteSession


def folder_names(session: ReadSession, mailbox_id: int) -> dict[int, str]:
    """Names by id of the folders of a mailbox."""
    return dict(session.execute(select(Folder.id, Folder.name).where(Folder.mailbox_id == mailbox_id)).all())


def choose(session: WriteSession, mailbox_id: int, folder_ids: Collection[int]) -> None:
    """Follow these folders of the mailbox, and no other."""
    statement = update(Folder).where(Folder.mailbox_id == mailbox_id).values(chosen=Folder.id.in_(folder_ids))
    session.execute(statement.execution_options(synchronize_session=False))


def aliases(session: ReadSession, mailbox_id: int) -> list[str]:
    """Other addresses of a mailbox, as they were given."""
    query = select(MailboxAlias.address).where(MailboxAlias.mailbox_id == mailbox_id).order_by(MailboxAlias.id)
    return list(session.execute(query).scalars())


def taken_keys(session: ReadSession, mailbox_id: int, keys: Collection[str]) -> set[str]:
    """Those of the address keys that are another mailbox's, by name or as an alias."""
    other = union_all(
        select(Mailbox.email_key).where(Mailbox.id != mailbox_id, Mailbox.email_key.in_(keys)),
        select(MailboxAlias.key).where(MailboxAlias.mailbox_id != mailbox_id, MailboxAlias.key.in_(keys)),
    )
    return set(session.execute(other).scalars())


def colleagues_keys(session: ReadSession, viewer: Viewer, keys: Collection[str]) -> set[str]:
    """Those of the address keys that are a colleague's, also a former one's, and not the viewer's."""
    query = select(User.email_key).where(User.email_key.in_(keys), User.id != viewer.user_id)
    return set(session.execute(query).scalars())


def own_domains(session: ReadSession) -> set[str]:
    """Domains at which somebody here, or a mailbox that is connected, has an address."""
    mailboxes = select(Mailbox.email_key).where(Mailbox.state != MailboxState.REMOVED)
    keys = session.execute(union_all(select(User.email_key), mailboxes)).scalars()
    return {domain_of(key) for key in keys}


def replace_aliases(session: WriteSession, mailbox_id: int, addresses: Mapping[str, str]) -> None:
    """Let the mailbox have these other addresses (by key), and no more."""
    session.execute(delete(MailboxAlias).where(MailboxAlias.mailbox_id == mailbox_id))
    rows = [{"mailbox_id": mailbox_id, "address": address, "key": key} for key, address in addresses.items()]
    if rows:
        session.execute(insert(MailboxAlias), rows)


def members(session: ReadSession, mailbox_id: int) -> list[int]:
    """The people who work in a shared mailbox; none: everybody does."""
    query = select(MailboxMember.user_id).where(MailboxMember.mailbox_id == mailbox_id).order_by(MailboxMember.id)
    return list(session.execute(query).scalars())


def replace_members(session: WriteSession, mailbox_id: int, user_ids: Sequence[int]) -> None:
    """Let these people work in the mailbox, and nobody else."""
    session.execute(delete(MailboxMember).where(MailboxMember.mailbox_id == mailbox_id))
    if user_ids:
        session.execute(insert(MailboxMember), [{"mailbox_id": mailbox_id, "user_id": each} for each in user_ids])


def working_people(session: ReadSession, user_ids: Collection[int]) -> set[int]:
    """Those of the ids that belong to colleagues who may sign in."""
    return set(session.execute(select(User.id).where(User.id.in_(user_ids), User.active)).scalars())
