"""The ways that lead to one message: its places with their mailboxes, records, tasks and posts."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, union

from crm.access.rights.repository import stands_on_seen
from crm.access.viewer import Viewer
from storage.models import (
    Activity,
    IntakeAddress,
    IntakeDelivery,
    LastCopy,
    Mailbox,
    MailboxMember,
    Message,
    Place,
    Post,
    PostReader,
    ShareLevel,
    Task,
    Variant,
)
from storage.sessions import ReadSession
from storage.unindexed import unindexed


@dataclass(frozen=True, slots=True)
class Copy:
    """One place of a message: its bytes, and what its mailbox grants. `own`: the viewer owns it or works in it.

    `kept`: it was the last place, and the message lies nowhere any more.
    """

    message_id: int
    mailbox_id: int
    head_blob_id: int
    body_blob_id: int
    share_level: ShareLevel
    own: bool
    kept: bool


def is_own_mailbox(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer owns the mailbox or works in it; a shared one that names no members is everybody's."""
    member = exists().where(MailboxMember.mailbox_id == Mailbox.id, MailboxMember.user_id == viewer.user_id)
    anybody = exists().where(MailboxMember.mailbox_id == Mailbox.id)
    return or_(Mailbox.owner_id == viewer.user_id, member, and_(Mailbox.shared, ~anybody))


def copies(session: ReadSession, viewer: Viewer, message_ids: Collection[int]) -> list[Copy]:
    """Every place of the messages, those in mailboxes of the viewer's own first; of one that lies nowhere its last one."""
    found = _copies(session, viewer, Place, message_ids)
    unplaced = set(message_ids) - {copy.message_id for copy in found}
    return found + _copies(session, viewer, LastCopy, unplaced) if unplaced else found


def _copies(
    session: ReadSession, viewer: Viewer, where: type[Place] | type[LastCopy], message_ids: Collection[int]
) -> list[Copy]:
    own = is_own_mailbox(viewer)
    query = (
        select(
            Message.id,
            Mailbox.id,
            where.head_blob_id,
            func.coalesce(Variant.body_blob_id, Message.body_blob_id),
            Mailbox.share_level,
            own.label("own"),
        )
        .select_from(where)
        .join(Message, Message.id == where.message_id)
        .join(Mailbox, Mailbox.id == where.mailbox_id)
        .outerjoin(Variant, Variant.id == where.variant_id)
        .where(where.message_id.in_(message_ids))
        .order_by(own.desc(), Place.id if where is Place else LastCopy.message_id)
    )
    return [Copy(*row[:5], own=bool(row[5]), kept=where is LastCopy) for row in session.execute(query)]


def without_original(session: ReadSession, message_ids: Collection[int]) -> set[int]:
    """Those of the messages that lie nowhere, and did so before last copies were kept."""
    stored = [exists().where(table.message_id == Message.id) for table in (Place, LastCopy)]
    return set(session.execute(select(Message.id).where(Message.id.in_(message_ids), ~or_(*stored))).scalars())


def on_records(session: ReadSession, viewer: Viewer, message_ids: Collection[int]) -> set[int]:
    """Those of the messages that stand on a record the viewer can reach."""
    query = select(Activity.message_id).where(Activity.message_id.in_(message_ids), stands_on_seen(viewer, Activity.id))
    return {found for found in session.execute(query).scalars() if found is not None}


def by_work(session: ReadSession, viewer: Viewer, message_ids: Collection[int]) -> set[int]:
    """Those of the messages of which a task of the viewer's or a post to them was made, or that came to a secret address
    of theirs."""
    mine = or_(unindexed(Task.creator_id) == viewer.user_id, unindexed(Task.responsible_id) == viewer.user_id)
    tasks = select(Task.message_id).where(Task.message_id.in_(message_ids), mine, Task.deleted_at.is_(None))
    to_them = exists().where(PostReader.post_id == Post.id, PostReader.user_id == viewer.user_id)
    posted = or_(Post.everyone, Post.author_id == viewer.user_id, to_them)
    posts = select(Post.message_id).where(Post.message_id.in_(message_ids), posted, Post.deleted_at.is_(None))
    to_me = (
        select(IntakeDelivery.message_id)
        .join(IntakeAddress, IntakeAddress.id == IntakeDelivery.intake_address_id)
        .where(IntakeDelivery.message_id.in_(message_ids), IntakeAddress.user_id == viewer.user_id)
    )
    found = session.execute(union(tasks, posts, to_me)).scalars()
    return {message_id for message_id in found if message_id is not None}
